/** Webhooks and aggregated APIs: what is down behind them is the cause, and all that they hold up hangs under it. */
import { describe, expect, it } from 'vitest';
import { ago, condition, crashing, HOUR, running, waiting } from './pod-states.suite.ts';
import { causeOf, causesOf, Scene, type Diagnosis } from './scene.suite.ts';

type Json = Record<string, unknown>;

const CALL = (why: string) =>
  `Internal error occurred: failed calling webhook "pods.guard.io": failed to call webhook: Post "https://guard.guard.svc:443/check?timeout=10s": ${why}`;
const PODS = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };

/** A cluster with a webhook for all pods, served by Service `guard/guard`. */
class Guarded extends Scene {
  readonly host: string;
  constructor() {
    super();
    this.namespace('guard');
    this.host = this.nodes(1)[0] ?? '';
    this.service('guard', { namespace: 'guard', spec: { ports: [{ port: 443 }] } });
  }

  webhook(kind: 'Mutating' | 'Validating', more: Json = {}): void {
    this.add(
      'admissionregistration.k8s.io/v1',
      `${kind}WebhookConfiguration`,
      `guard-${kind.toLowerCase()}`,
      undefined,
      {
        webhooks: [
          {
            name: 'pods.guard.io',
            failurePolicy: 'Fail',
            clientConfig: { service: { name: 'guard', namespace: 'guard' } },
            rules: [PODS],
            ...more,
          },
        ],
      },
    );
  }

  /** A workload whose pods the webhook's silence keeps from being made. */
  refused(name: string, why: string, namespace = 'shop'): void {
    this.deployment(name, {
      namespace,
      replicas: 2,
      pods: [],
      conditions: [condition('ReplicaFailure', 'True', 'FailedCreate', CALL(why), HOUR)],
    });
  }
}

const NO_ENDPOINTS = 'no endpoints available for service "guard"';
const codesOf = ({ findings }: Diagnosis) => [...new Set(findings.map(({ code }) => code))].sort();

describe('webhooks', () => {
  it('a webhook whose pods crash: their crash is the one cause of refusals in every namespace', () => {
    const scene = new Guarded();
    scene.namespace('bank');
    scene.webhook('Validating');
    scene.webhook('Mutating');
    scene.deployment('guard', { namespace: 'guard', pods: [crashing(scene.host, { reason: 'Error', exitCode: 1 })] });
    scene.refused('web', NO_ENDPOINTS);
    scene.refused('ledger', NO_ENDPOINTS, 'bank');
    const diagnosis = scene.assess();
    expect(diagnosis.rootCauses).toHaveLength(1);
    const [cause] = diagnosis.rootCauses;
    expect(cause?.resource).toMatchObject({ kind: 'Deployment', name: 'guard' });
    expect(cause?.severity).toBe('critical');
    expect(cause?.impact.workloads).toEqual([
      'Deployment bank/ledger',
      'Deployment guard/guard',
      'Deployment shop/web',
    ]);
    expect(diagnosis.findings.every(({ explainedBy }) => explainedBy === cause?.id)).toBe(true);
  });

  it('a webhook that was removed and left its configuration behind', () => {
    const scene = new Guarded();
    scene.webhook('Validating', { clientConfig: { service: { name: 'removed', namespace: 'guard' } } });
    scene.refused('web', 'service "removed" not found');
    const diagnosis = scene.assess();
    expect(causesOf(diagnosis)).toEqual([
      'webhook-backend-unavailable ValidatingWebhookConfiguration guard-validating 0',
    ]);
    expect(diagnosis.rootCauses[0]?.impact.workloads).toEqual(['Deployment shop/web']);
  });

  it('two configurations that one missing Service serves: one cause', () => {
    const scene = new Guarded();
    scene.webhook('Validating', { clientConfig: { service: { name: 'removed', namespace: 'guard' } } });
    scene.webhook('Mutating', { clientConfig: { service: { name: 'removed', namespace: 'guard' } } });
    expect(causesOf(scene.assess())).toEqual(['webhook-backend-unavailable Service guard/removed 0']);
  });

  it('a webhook that refuses its own pods holds itself down', () => {
    const scene = new Guarded();
    scene.deployment('other', { namespace: 'guard', pods: [running(scene.host)] });
    scene.webhook('Validating');
    scene.refused('guard', NO_ENDPOINTS, 'guard');
    scene.refused('web', NO_ENDPOINTS);
    const diagnosis = scene.assess();
    expect(causesOf(diagnosis)).toEqual(['webhook-blocks-itself ValidatingWebhookConfiguration guard-validating 0']);
    const cause = causeOf(diagnosis, 'webhook-blocks-itself');
    expect(cause.impact.workloads).toEqual(['Deployment guard/guard', 'Deployment shop/web']);
    expect(cause.remediation.text).toContain('failurePolicy');
    expect(diagnosis.findings.every(({ explainedBy }) => explainedBy === cause.id)).toBe(true);
  });

  it('a webhook whose backend is fine and whose call times out', () => {
    const scene = new Guarded();
    scene.webhook('Mutating');
    scene.deployment('guard', { namespace: 'guard', pods: [running(scene.host)] });
    scene.refused('web', 'context deadline exceeded');
    const set = scene.objects.find(({ kind, metadata }) => kind === 'ReplicaSet' && metadata.name.startsWith('web'));
    scene.add('v1', 'Event', 'web.1', 'shop', {
      involvedObject: {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        name: set?.metadata.name ?? 'web',
        namespace: 'shop',
      },
      type: 'Warning',
      reason: 'FailedCreate',
      message: `Error creating: ${CALL('context deadline exceeded')}`,
      count: 14,
      firstTimestamp: ago(HOUR),
      lastTimestamp: ago(2 * 60_000),
    });
    const diagnosis = scene.assess();
    expect(causesOf(diagnosis)).toEqual(['webhook-failing MutatingWebhookConfiguration guard-mutating 0']);
    expect(codesOf(diagnosis)).toContain('replica-creation-failed');
  });

  it('a webhook that may be skipped is no root cause', () => {
    const scene = new Guarded();
    scene.deployment('other', { namespace: 'guard', pods: [running(scene.host)] });
    scene.webhook('Mutating', { failurePolicy: 'Ignore' });
    const diagnosis = scene.assess();
    expect(codesOf(diagnosis)).toEqual(['service-selects-nothing', 'webhook-backend-unavailable']);
    expect(diagnosis.rootCauses).toEqual([]);
  });
});

describe('aggregated APIs', () => {
  const stuck = (scene: Scene) =>
    scene.add('v1', 'Namespace', 'old', undefined, {
      metadata: { deletionTimestamp: ago(3 * HOUR) },
      spec: { finalizers: ['kubernetes'] },
      status: {
        phase: 'Terminating',
        conditions: [
          condition(
            'NamespaceDeletionDiscoveryFailure',
            'True',
            'DiscoveryFailed',
            'Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: custom.metrics.k8s.io/v1beta1: stale GroupVersion discovery: custom.metrics.k8s.io/v1beta1',
            HOUR,
          ),
        ],
      },
    });
  const api = (scene: Scene) =>
    scene.add('apiregistration.k8s.io/v1', 'APIService', 'v1beta1.custom.metrics.k8s.io', undefined, {
      spec: { group: 'custom.metrics.k8s.io', version: 'v1beta1', service: { name: 'guard', namespace: 'guard' } },
      status: { conditions: [condition('Available', 'False', 'MissingEndpoints', 'no endpoints', HOUR)] },
    });

  it('an adapter that crashes holds a namespace that is to be deleted elsewhere', () => {
    const scene = new Guarded();
    scene.deployment('guard', { namespace: 'guard', pods: [crashing(scene.host, { reason: 'Error', exitCode: 1 })] });
    api(scene);
    stuck(scene);
    const diagnosis = scene.assess();
    expect(diagnosis.rootCauses).toHaveLength(1);
    expect(diagnosis.rootCauses[0]?.resource).toMatchObject({ kind: 'Deployment', name: 'guard' });
    expect(codesOf(diagnosis)).toContain('namespace-stuck-terminating');
    expect(diagnosis.rootCauses[0]?.explains.join()).toContain('namespace-stuck-terminating');
  });

  it('an API that was left behind is the cause itself', () => {
    const scene = new Guarded();
    api(scene);
    stuck(scene);
    expect(causesOf(scene.assess())).toEqual(['api-service-unavailable APIService v1beta1.custom.metrics.k8s.io 0']);
  });
});

describe('custom resources', () => {
  const notReady = (reason: string, message: string) => ({
    status: { conditions: [condition('Ready', 'False', reason, message, HOUR)] },
  });

  it('an ExternalSecret that is not in step is why the Secret is missing and the pods do not start', () => {
    const scene = new Guarded();
    scene.deployment('api', {
      container: { env: [{ name: 'P', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }] },
      pods: [waiting(scene.host, 'CreateContainerConfigError', 'secret "db" not found')],
    });
    scene.add('external-secrets.io/v1', 'ExternalSecret', 'db-sync', 'shop', {
      spec: { target: { name: 'db' } },
      ...notReady('SecretSyncedError', 'could not get secret data from provider'),
    });
    const diagnosis = scene.assess();
    expect(causesOf(diagnosis)).toEqual(['custom-resource-not-ready ExternalSecret shop/db-sync 1']);
    expect(diagnosis.rootCauses[0]?.severity).toBe('high');
  });

  it('a store that is not ready is why its ExternalSecrets are not', () => {
    const scene = new Guarded();
    scene.add(
      'external-secrets.io/v1',
      'SecretStore',
      'vault',
      'shop',
      notReady('InvalidProviderConfig', 'unable to log in'),
    );
    scene.add(
      'external-secrets.io/v1',
      'ExternalSecret',
      'db',
      'shop',
      notReady('SecretSyncedError', 'SecretStore "vault" is not ready'),
    );
    expect(causesOf(scene.assess())).toEqual(['custom-resource-not-ready SecretStore shop/vault 0']);
  });

  it('an Application of Argo CD that is degraded because its pods crash', () => {
    const scene = new Guarded();
    scene.deployment('api', {
      labels: { 'app.kubernetes.io/instance': 'api' },
      pods: [crashing(scene.host, { reason: 'Error', exitCode: 1 })],
    });
    scene.add('argoproj.io/v1alpha1', 'Application', 'api', 'argocd', { status: { health: { status: 'Degraded' } } });
    const diagnosis = scene.assess();
    expect(diagnosis.rootCauses).toHaveLength(1);
    expect(diagnosis.rootCauses[0]?.resource).toMatchObject({ kind: 'Deployment', name: 'api' });
  });

  it('a release of Flux that waits for another', () => {
    const scene = new Guarded();
    const add = (name: string, reason: string, message: string) =>
      scene.add('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', name, 'flux-system', notReady(reason, message));
    add('infra', 'BuildFailed', 'kustomization.yaml: no such file');
    add('apps', 'DependencyNotReady', "dependency 'flux-system/infra' is not ready");
    expect(causesOf(scene.assess())).toEqual(['custom-resource-not-ready Kustomization flux-system/infra 0']);
  });
});
