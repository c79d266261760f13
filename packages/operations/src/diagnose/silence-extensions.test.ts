/** Never cry wolf about what extends the cluster: healthy scenes, each looked at by every rule, none of which may find anything. */
import { describe, expect, it } from 'vitest';
import {
  ago,
  brief,
  condition,
  DAY,
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
const configuration = (webhook: Fields, metadata: Fields = {}) =>
  object('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', 'web', {
    metadata: { ...cluster, ...metadata },
    webhooks: [
      {
        name: 'web.acme.io',
        clientConfig: { service: { name: 'web', namespace: 'shop', port: 80 } },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        ...webhook,
      },
    ],
  });
const call = 'failed calling webhook "web.acme.io": failed to call webhook: Post "https://web.shop.svc:80/": EOF';
const api = (name: string, status: Fields, spec: Fields = {}) =>
  object('apiregistration.k8s.io/v1', 'APIService', name, { metadata: cluster, spec, status });
const widget = (status: Fields, more: Fields = {}) => object('acme.io/v1', 'Widget', 'one', { ...more, status });
const namespace = (name: string, fields: Fields) => object('v1', 'Namespace', name, { metadata: cluster, ...fields });

describe.each<[string, readonly (readonly [string, readonly unknown[]])[]]>([
  [
    'webhooks',
    [
      ['a webhook whose pods are ready', [configuration({})]],
      ['a webhook outside the cluster', [configuration({ clientConfig: { url: 'https://hooks.example.com/' } })]],
      [
        'one failed call while it was restarted',
        [configuration({}), event(replicaSet('web-1', 1, 1), 'FailedCreate', call, 20, { count: 1 })],
      ],
      ['a configuration that holds no webhook', [configuration({ clientConfig: {} })]],
      [
        'a configuration that is a minute old',
        [
          configuration(
            { clientConfig: { service: { name: 'soon', namespace: 'shop' } } },
            { creationTimestamp: ago(1) },
          ),
        ],
      ],
      [
        'a configuration that is being deleted',
        [
          configuration(
            { clientConfig: { service: { name: 'gone', namespace: 'shop' } } },
            { deletionTimestamp: ago(1) },
          ),
        ],
      ],
    ],
  ],
  [
    'aggregated APIs',
    [
      [
        'one that is served by the API server',
        [api('v1.apps', { conditions: [condition('Available', 'True', DAY, { reason: 'Local' })] })],
      ],
      [
        'one that is available',
        [
          api(
            'v1.acme.io',
            { conditions: [condition('Available', 'True', DAY, { reason: 'Passed' })] },
            { service: { name: 'web', namespace: 'shop' } },
          ),
        ],
      ],
      ['one that has just been registered', [api('v1.acme.io', { conditions: [condition('Available', 'False', 2)] })]],
    ],
  ],
  [
    'namespaces',
    [
      [
        'one that is being deleted, for a moment',
        [namespace('old', { metadata: { ...cluster, deletionTimestamp: ago(3) }, status: { phase: 'Terminating' } })],
      ],
      ['one that is empty', [namespace('new', { status: { phase: 'Active' } })]],
    ],
  ],
  [
    'custom resources',
    [
      ['one that is ready', [widget({ conditions: [condition('Ready', 'True'), condition('Stalled', 'False')] })]],
      ['one that nobody has looked at', [widget({})]],
      [
        'one whose controller knows no more',
        [widget({ conditions: [condition('Ready', 'Unknown', 300, { reason: 'Progressing' })] })],
      ],
      ['one that has just been changed', [widget({ conditions: [condition('Ready', 'False', 3)] })]],
      [
        'one that is scaled to zero',
        [widget({ conditions: [condition('Available', 'False', DAY)] }, { spec: { replicas: 0 } })],
      ],
      [
        'an operator of OpenShift as it should be',
        [
          object('config.openshift.io/v1', 'ClusterOperator', 'dns', {
            metadata: cluster,
            status: {
              conditions: [
                condition('Available', 'True'),
                condition('Degraded', 'False'),
                condition('Progressing', 'False'),
                condition('Upgradeable', 'False'),
              ],
            },
          }),
        ],
      ],
      [
        'an autoscaler of KEDA that is idle',
        [
          object('keda.sh/v1alpha1', 'ScaledObject', 'web', {
            spec: { scaleTargetRef: { name: 'web' } },
            status: {
              conditions: [
                condition('Ready', 'True'),
                condition('Active', 'False'),
                condition('Fallback', 'False'),
                condition('Paused', 'False'),
              ],
            },
          }),
        ],
      ],
      [
        'a node claim of Karpenter that has drifted',
        [
          object('karpenter.sh/v1', 'NodeClaim', 'a', {
            metadata: cluster,
            status: {
              conditions: [
                condition('Ready', 'True'),
                condition('Drifted', 'True'),
                condition('Consolidatable', 'True'),
              ],
            },
          }),
        ],
      ],
      [
        'a recommender that has little to go by',
        [
          object('autoscaling.k8s.io/v1', 'VerticalPodAutoscaler', 'web', {
            status: { conditions: [condition('RecommendationProvided', 'True'), condition('LowConfidence', 'True')] },
          }),
        ],
      ],
      [
        'a release of Helm that Flux has tested',
        [
          object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'web', {
            status: {
              conditions: [condition('Ready', 'True'), condition('Released', 'True'), condition('TestSuccess', 'True')],
            },
          }),
        ],
      ],
      [
        'a definition that is served',
        [
          object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'widgets.acme.io', {
            metadata: cluster,
            status: { conditions: [condition('NamesAccepted', 'True'), condition('Established', 'True')] },
          }),
        ],
      ],
    ],
  ],
  [
    'configuration',
    [
      [
        'what a controller owns',
        [
          object('v1', 'ConfigMap', 'made', {
            metadata: { ownerReferences: [{ apiVersion: 'acme.io/v1', kind: 'Widget', name: 'w', uid: 'u' }] },
            data: { a: 'b' },
          }),
        ],
      ],
      [
        'what a sidecar finds by its label',
        [object('v1', 'ConfigMap', 'board', { metadata: { labels: { grafana_dashboard: '1' } }, data: { a: 'b' } })],
      ],
      [
        'a release of Helm',
        [
          object('v1', 'Secret', 'sh.helm.release.v1.web.v1', {
            type: 'helm.sh/release.v1',
            metadata: { labels: { owner: 'helm' } },
          }),
        ],
      ],
      [
        'what was made an hour ago',
        [object('v1', 'ConfigMap', 'new', { metadata: { creationTimestamp: ago(60) }, data: { a: 'b' } })],
      ],
      [
        'what a custom resource names',
        [object('v1', 'ConfigMap', 'named', { data: { a: 'b' } }), widget({}, { spec: { source: 'named' } })],
      ],
    ],
  ],
])('%s', (_, scenes) => {
  it.each(scenes)('%s', (__, objects) => {
    expect(brief(findingsIn([...web, ...objects]))).toEqual([]);
  });
});

it('an API version that stays, on a release that is looked after', () => {
  expect(brief(findingsIn(web, { serverVersion: 'v1.33.4' }))).toEqual([]);
});
