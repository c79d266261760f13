/** Failures of what extends the cluster, each looked at by every rule: exactly these findings, at these severities, and no other. */
import { expect, it } from 'vitest';
import {
  ago,
  brief,
  condition,
  deployment,
  event,
  findingsIn,
  node,
  object,
  pod,
  replicaSet,
  service,
} from './scene.suite.ts';

type Fields = Readonly<Record<string, unknown>>;

const cluster = { namespace: undefined };
const web = [node(), deployment(1, 1), replicaSet('web-1', 1, 1), pod('web-1-a'), service('web')];
const configuration = (webhook: Fields) =>
  object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'guard', {
    metadata: cluster,
    webhooks: [
      {
        name: 'guard.acme.io',
        clientConfig: { service: { name: 'guard', namespace: 'shop' } },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        ...webhook,
      },
    ],
  });
const failedCall = (why: string) =>
  event(
    replicaSet('web-1', 1, 1),
    'FailedCreate',
    `Error creating: Internal error occurred: failed calling webhook "guard.acme.io": failed to call webhook: Post "https://guard.shop.svc:443/": ${why}`,
    3,
    { count: 20, firstTimestamp: ago(40) },
  );

it.each<[string, readonly unknown[], readonly string[]]>([
  ['a webhook for pods whose Service is gone', [configuration({})], ['critical webhook-backend-unavailable guard']],
  ['the same, skipped', [configuration({ failurePolicy: 'Ignore' })], ['low webhook-backend-unavailable guard']],
  [
    'a webhook outside that cannot be reached: the refusals of pods that are there all the same',
    [configuration({ clientConfig: { url: 'https://guard.example.com' } }), failedCall('context deadline exceeded')],
    ['high webhook-failing guard'],
  ],
  [
    'an API that nothing serves any more',
    [
      object('apiregistration.k8s.io/v1', 'APIService', 'v1.acme.io', {
        metadata: cluster,
        spec: { service: { name: 'acme', namespace: 'acme' } },
        status: { conditions: [condition('Available', 'False', 60, { reason: 'ServiceNotFound' })] },
      }),
    ],
    ['high api-service-unavailable v1.acme.io'],
  ],
  [
    'a namespace that waits for a finalizer',
    [
      object('v1', 'Namespace', 'old', {
        metadata: { ...cluster, deletionTimestamp: ago(60) },
        spec: { finalizers: ['kubernetes'] },
        status: {
          phase: 'Terminating',
          conditions: [
            condition('NamespaceFinalizersRemaining', 'True', 60, {
              message: 'Some content in the namespace has finalizers remaining: acme.io/x in 1 resource instances',
            }),
          ],
        },
      }),
    ],
    ['medium namespace-stuck-terminating old'],
  ],
  [
    'a custom resource that failed',
    [
      object('acme.io/v1', 'Widget', 'one', {
        status: { conditions: [condition('Ready', 'False', 60, { reason: 'X' })] },
      }),
    ],
    ['medium custom-resource-not-ready one'],
  ],
  [
    'a ConfigMap that nothing refers to',
    [object('v1', 'ConfigMap', 'left', { data: { a: 'b' } })],
    ['info config-map-unused left'],
  ],
])('%s', (_, objects, expected) => {
  expect(brief(findingsIn([...web, ...objects]))).toEqual(expected);
});

it('a deprecated version, on a release that is old', () => {
  const old = object('policy/v1beta1', 'PodDisruptionBudget', 'web', {
    spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'web' } } },
    status: { disruptionsAllowed: 1, currentHealthy: 1, desiredHealthy: 0, expectedPods: 1 },
  });
  expect(brief(findingsIn([...web, old], { serverVersion: 'v1.24.9' }))).toEqual([
    'medium api-deprecated-in-use web',
    'info cluster-version-old API server',
  ]);
});
