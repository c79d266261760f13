/** Faults at the creation of pods: quotas, ranges, policies, webhooks, accounts. No pod exists to look at. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addService, templateOf } from '../background.ts';
import { entity, type Fault, type Truth } from '../fault.ts';
import { MINUTE, SECOND, type App, type Json, type World } from '../world.ts';
import { crash } from './programs.ts';

/** Pods of an app that are missing since `sinceMs`, and what the API server says each time one is asked for. */
function refuse(world: World, app: App, sinceMs: number, why: (pod: string) => string): void {
  const kept = app.runs.slice(0, Math.max(0, app.replicas - 1));
  app.runs = world.chance(0.5) ? kept : [];
  const pod = `${app.name}-${app.hash}-${world.suffix(5)}`;
  const message = why(pod);
  app.refused = { message, sinceMs };
  const component = app.kind === 'Deployment' ? 'replicaset-controller' : 'statefulset-controller';
  world.event(world.makerRef(app), {
    reason: 'FailedCreate',
    component,
    message: `Error creating: ${message}`,
    count: world.between(9, 17),
    firstMs: Math.min(sinceMs, 50 * MINUTE) - SECOND,
    lastMs: world.between(20, 400) * SECOND,
  });
}

export const quotaExhausted: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const { namespace } = app;
  world.remove('ResourceQuota', namespace, 'team');
  world.add('v1', 'ResourceQuota', 'compute', namespace, {
    spec: { hard: { 'requests.cpu': '1' } },
    status: { hard: { 'requests.cpu': '1' }, used: { 'requests.cpu': '950m' } },
  });
  const sinceMs = site.onset();
  for (const one of [app, ...site.neighbours(app, world.between(0, 1))])
    refuse(
      world,
      one,
      sinceMs,
      (pod) =>
        `pods "${pod}" is forbidden: exceeded quota: compute, requested: requests.cpu=100m, used: requests.cpu=950m, limited: requests.cpu=1`,
    );
  return [
    {
      entities: [`ResourceQuota ${namespace}/compute`],
      classes: ['namespace-quota-exhausted', 'namespace-quota-blocks-rollout'],
    },
  ];
};

export const limitRange: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  world.add('v1', 'LimitRange', 'bounds', app.namespace, {
    spec: { limits: [{ type: 'Container', max: { memory: '200Mi' } }] },
  });
  refuse(
    world,
    app,
    site.onset(),
    (pod) => `pods "${pod}" is forbidden: maximum memory usage per Container is 200Mi, but limit is 256Mi`,
  );
  return [
    {
      entities: [`LimitRange ${app.namespace}/*`, entity(app)],
      classes: ['limit-range-violated', 'limit-range-conflict'],
    },
  ];
};

export const podSecurity: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const labels = world.find('Namespace', undefined, app.namespace).metadata['labels'] as Json;
  labels['pod-security.kubernetes.io/enforce'] = 'restricted';
  refuse(
    world,
    app,
    site.onset(),
    (pod) =>
      `pods "${pod}" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "app" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "app" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "app" must set securityContext.runAsNonRoot=true)`,
  );
  return [{ entities: [`Namespace ${app.namespace}`, entity(app)], classes: ['pod-security-violated'] }];
};

export const serviceAccountMissing: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  app.template.spec['serviceAccountName'] = 'runner';
  refuse(
    world,
    app,
    site.onset(),
    (pod) =>
      `pods "${pod}" is forbidden: error looking up service account ${app.namespace}/runner: serviceaccount "runner" not found`,
  );
  return [
    {
      entities: [`ServiceAccount ${app.namespace}/runner`, entity(app)],
      classes: ['service-account-missing', 'workload-service-account-missing'],
    },
  ];
};

export const priorityClassMissing: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  app.template.spec['priorityClassName'] = 'gold';
  refuse(world, app, site.onset(), (pod) => `pods "${pod}" is forbidden: no PriorityClass with name gold was found`);
  return [{ entities: ['PriorityClass gold', entity(app)], classes: ['priority-class-missing'] }];
};

/** A public CA certificate, as manifests carry it. */
const CA = readFileSync(join(import.meta.dirname, '../../../examples/generate/assets/ca.pem')).toString('base64');

function addWebhook(world: World, name: string, service: { namespace: string; name: string }): void {
  world.add('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', name, undefined, {
    webhooks: [
      {
        name: `${name}.acme.example`,
        failurePolicy: 'Fail',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        timeoutSeconds: 10,
        clientConfig: { caBundle: CA, service: { ...service, path: '/validate', port: 443 } },
        rules: [
          { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'], scope: 'Namespaced' },
        ],
      },
    ],
  });
}

export const webhookDenies: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const { policy } = policyApp(world);
  addWebhook(world, 'policy', { namespace: policy.namespace, name: policy.name });
  refuse(
    world,
    app,
    site.onset(),
    () =>
      'admission webhook "policy.acme.example" denied the request: images must come from registry.acme.example/approved',
  );
  return [{ entities: ['ValidatingWebhookConfiguration policy*', entity(app)], classes: ['webhook-denies'] }];
};

function policyApp(world: World): { policy: App } {
  const namespace = 'policy-system';
  world.add('v1', 'Namespace', namespace, undefined, {
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  });
  world.add('v1', 'ServiceAccount', 'default', namespace);
  world.add('v1', 'ConfigMap', 'settings', namespace, { data: { mode: 'enforce' } });
  const template = templateOf(world, 'policy', namespace);
  template.container['ports'] = [{ containerPort: 8443, name: 'https', protocol: 'TCP' }];
  const policy = world.app({
    kind: 'Deployment',
    namespace,
    name: 'policy',
    replicas: 2,
    template,
    port: 8443,
  });
  addService(world, policy);
  return { policy };
}

const callFailed = (why: string) => () =>
  `Internal error occurred: failed calling webhook "policy.acme.example": failed to call webhook: Post "https://policy.policy-system.svc:443/validate?timeout=10s": ${why}`;

/** A webhook whose own pods crash: nothing can be created in any namespace. */
export const webhookDown: Fault = (site) => {
  const { world } = site;
  const { policy } = policyApp(world);
  addWebhook(world, 'policy', { namespace: policy.namespace, name: policy.name });
  crash(site, policy, { exitCode: 1 });
  const why = world.pick([
    'no endpoints available for service "policy"',
    'dial tcp 172.20.7.7:443: connect: connection refused',
  ]);
  for (const app of [site.app(), site.app()]) refuse(world, app, 13 * MINUTE, callFailed(why));
  return [{ entities: [entity(policy)], classes: ['program-fails'] }];
};

/** A webhook left over from what was uninstalled. */
export const webhookLeftOver: Fault = (site) => {
  const { world } = site;
  addWebhook(world, 'policy', { namespace: 'policy-system', name: 'policy' });
  for (const app of [site.app(), site.app()])
    refuse(world, app, site.onset(), callFailed('service "policy" not found'));
  return [
    {
      entities: ['ValidatingWebhookConfiguration policy*', 'Service policy-system/policy'],
      classes: [
        'webhook-unreachable',
        'webhook-backend-unavailable',
        'webhook-service-missing',
        'webhook-backend-missing',
      ],
    },
  ];
};

/** A webhook whose serving certificate has run out, though its pods are ready. */
export const webhookCertificateExpired: Fault = (site) => {
  const { world } = site;
  const { policy } = policyApp(world);
  addWebhook(world, 'policy', { namespace: policy.namespace, name: policy.name });
  const why = world.pick([
    'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-03-18T14:01:11Z is after 2026-03-18T13:00:00Z',
    'x509: certificate has expired or is not yet valid: current time 2026-03-18T14:01:11Z is after 2026-03-18T13:00:00Z',
  ]);
  for (const app of [site.app(), site.app()]) refuse(world, app, site.onset(), callFailed(why));
  return [
    {
      entities: ['ValidatingWebhookConfiguration policy*', 'Service policy-system/policy', entity(policy)],
      classes: [
        'webhook-unreachable',
        'webhook-certificate-expired',
        'webhook-certificate-untrusted',
        'webhook-certificate-invalid',
        'webhook-failing',
      ],
    },
  ];
};

/** Quota that keeps pods from being made for which no node would have a place anyway. */
export const quotaHidesPlacement: Fault = (site) => {
  const truths = quotaExhausted(site);
  const namespace = truths[0]?.entities[0]?.split(' ')[1]?.split('/')[0];
  const app = site.world.apps.find((one) => one.namespace === namespace && one.refused !== undefined);
  if (app === undefined) return truths;
  app.template.spec['nodeSelector'] = { 'acme.example/disk': 'nvme' };
  const hidden: Truth = { entities: [entity(app)], classes: ['node-affinity-unmatched'], isHidden: true };
  return [...truths, hidden];
};
