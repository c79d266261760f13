/** Faults between programs and those who call them, and of controllers. */
import { addJobObject, addService, templateOf } from '../background.ts';
import { condition, entity, type Fault } from '../fault.ts';
import { ago, DAY, MINUTE, SECOND, type Json } from '../world.ts';
import { crash } from './programs.ts';

/** A Service whose selector was changed so that it selects nothing. */
export const selectorMismatch: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const service = world.find('Service', app.namespace, app.name)['spec'] as Json;
  service['selector'] = { app: `${app.name}-v2` };
  return [
    {
      entities: [`Service ${app.namespace}/${app.name}`],
      classes: [
        'service-without-endpoints',
        'service-selector-unmatched',
        'service-selects-nothing',
        'service-selector-mismatch',
      ],
    },
  ];
};

/** An Ingress that names a Service which is not there. */
export const ingressBackendMissing: Fault = (site) => {
  const { world } = site;
  const { namespace } = site.app();
  world.add('networking.k8s.io/v1', 'Ingress', 'admin', namespace, {
    spec: {
      ingressClassName: 'nginx',
      rules: [
        {
          host: 'admin.acme.example',
          http: {
            paths: [
              { path: '/', pathType: 'Prefix', backend: { service: { name: 'admin-console', port: { number: 80 } } } },
            ],
          },
        },
      ],
    },
    status: { loadBalancer: { ingress: [{ hostname: 'a1b2.elb.amazonaws.com' }] } },
  });
  return [
    {
      entities: [`Ingress ${namespace}/admin`, `Service ${namespace}/admin-console`],
      classes: ['ingress-backend-unavailable', 'ingress-service-missing', 'ingress-backend-missing', 'service-missing'],
    },
  ];
};

/** A program behind an Ingress that crashes: its Service is empty, the Ingress answers 502 or 503. */
export const ingressCascade: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  world.add('networking.k8s.io/v1', 'Ingress', `${app.name}-edge`, app.namespace, {
    spec: {
      ingressClassName: 'nginx',
      rules: [
        {
          host: 'edge.acme.example',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: app.name, port: { number: 80 } } } }],
          },
        },
      ],
    },
    status: { loadBalancer: { ingress: [{ hostname: 'a1b2.elb.amazonaws.com' }] } },
  });
  crash(site, app, { exitCode: 1, message: 'panic: runtime error: invalid memory address or nil pointer dereference' });
  return [{ entities: [entity(app)], classes: ['program-fails'] }];
};

/** metrics-server crashes: its API is not available, and autoscalers are blind. */
export const metricsServerDown: Fault = (site) => {
  const { world } = site;
  const metrics = site.system('metrics-server');
  crash(site, metrics, { exitCode: 1 });
  const api = world.find('APIService', undefined, 'v1beta1.metrics.k8s.io');
  api['status'] = {
    conditions: [
      {
        type: 'Available',
        status: 'False',
        reason: 'MissingEndpoints',
        message: 'endpoints for service/metrics-server in "kube-system" have no addresses with port name "https"',
        lastTransitionTime: ago(13 * MINUTE),
      },
    ],
  };
  const why =
    'failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server is currently unable to handle the request (get pods.metrics.k8s.io)';
  for (const scaler of world.objects.filter(({ kind }) => kind === 'HorizontalPodAutoscaler')) {
    const status = scaler['status'] as { conditions: Json[]; currentMetrics?: unknown };
    status.conditions = status.conditions.map((one) =>
      one['type'] === 'ScalingActive'
        ? condition(
            'ScalingActive',
            'False',
            'FailedGetResourceMetric',
            `the HPA was unable to compute the replica count: ${why}`,
            12 * MINUTE,
          )
        : one,
    );
    delete status.currentMetrics;
    const { name, namespace, uid } = scaler.metadata as { name: string; namespace: string; uid: string };
    world.event(
      { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name, namespace, uid },
      {
        reason: 'FailedGetResourceMetric',
        component: 'horizontal-pod-autoscaler',
        message: why,
        count: 48,
        firstMs: 12 * MINUTE,
        lastMs: 10 * SECOND,
      },
    );
  }
  return [{ entities: [entity(metrics)], classes: ['program-fails'] }];
};

export const jobFails: Fault = (site) => {
  const { world } = site;
  const { namespace } = site.app();
  const template = templateOf(world, 'import', namespace);
  const app = world.app({ kind: 'Job', namespace, name: 'import', replicas: 0, template });
  const sinceMs = site.onset();
  for (let i = 0; i < 4; i++)
    world.run(
      app,
      { is: 'failed', end: { exitCode: 2, reason: 'Error', livedMs: 4000 }, sinceMs: sinceMs + (4 - i) * MINUTE },
      sinceMs + (4 - i) * MINUTE + 6 * SECOND,
    );
  const failed = (type: string) => ({
    type,
    status: 'True',
    reason: 'BackoffLimitExceeded',
    message: 'Job has reached the specified backoff limit',
    lastTransitionTime: ago(sinceMs),
    lastProbeTime: ago(sinceMs),
  });
  addJobObject(world, app, {
    failed: 4,
    ready: 0,
    startTime: ago(sinceMs + 5 * MINUTE),
    conditions: [...(world.minor >= 31 ? [failed('FailureTarget')] : []), failed('Failed')],
  });
  world.event(world.appRef(app), {
    reason: 'BackoffLimitExceeded',
    component: 'job-controller',
    message: 'Job has reached the specified backoff limit',
    firstMs: sinceMs,
  });
  return [
    {
      entities: [`Job ${namespace}/import`],
      classes: ['job-failed', 'program-fails', 'container-terminated-with-error', 'pod-failed'],
    },
  ];
};

/** A certificate that cert-manager cannot renew, since its issuer is not there. */
export const certificateNotIssued: Fault = (site) => {
  const { world } = site;
  const { namespace } = site.app();
  const sinceMs = site.onset();
  const certificate = world.add(
    'cert-manager.io/v1',
    'Certificate',
    'web-tls',
    namespace,
    {
      spec: {
        secretName: 'web-tls',
        dnsNames: ['web.acme.example'],
        issuerRef: { name: 'letsencrypt', kind: 'ClusterIssuer', group: 'cert-manager.io' },
      },
      status: {
        conditions: [
          {
            type: 'Ready',
            status: 'False',
            reason: 'DoesNotExist',
            message: 'Issuing certificate as Secret does not exist',
            lastTransitionTime: ago(sinceMs),
            observedGeneration: 1,
          },
          {
            type: 'Issuing',
            status: 'True',
            reason: 'DoesNotExist',
            message: 'Issuing certificate as Secret does not exist',
            lastTransitionTime: ago(sinceMs),
            observedGeneration: 1,
          },
        ],
      },
    },
    sinceMs,
  );
  world.event(certificate, {
    type: 'Normal',
    reason: 'Issuing',
    component: 'cert-manager-certificates-trigger',
    message: 'Issuing certificate as Secret does not exist',
    firstMs: sinceMs,
  });
  world.add('cert-manager.io/v1', 'ClusterIssuer', 'other', undefined, {
    spec: { selfSigned: {} },
    status: {
      conditions: [
        { type: 'Ready', status: 'True', reason: 'IsReady', message: '', lastTransitionTime: ago(40 * DAY) },
      ],
    },
  });
  return [
    {
      entities: [`Certificate ${namespace}/web-tls`, 'ClusterIssuer letsencrypt'],
      classes: ['certificate-not-ready', 'certificate-not-issued', 'issuer-missing', 'certificate-issuer-missing'],
    },
  ];
};

/** A cloud that gives no further load balancer. */
export const loadBalancerRefused: Fault = (site) => {
  const { world } = site;
  const app = site.app();
  const sinceMs = site.onset();
  const service = addService(world, app, 'LoadBalancer', `${app.name}-public`);
  const object = world.find('Service', app.namespace, `${app.name}-public`);
  object.metadata['creationTimestamp'] = ago(sinceMs);
  const why =
    'Error syncing load balancer: failed to ensure load balancer: could not find any suitable subnets for creating the ELB';
  world.event(service, {
    reason: 'SyncLoadBalancerFailed',
    component: 'service-controller',
    message: why,
    count: 8,
    firstMs: sinceMs - SECOND,
    lastMs: 2 * MINUTE,
  });
  return [{ entities: [`Service ${app.namespace}/${app.name}-public`], classes: ['load-balancer-*'] }];
};
