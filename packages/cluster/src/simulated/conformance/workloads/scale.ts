/** The scale of workloads. */
import { ABSENT, type ConformanceCase, type Json, type RequestStep } from '../conformance-case.ts';
import { requests, TWO_NODES, workload } from './objects.ts';

const SOURCE =
  'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/#get-read-scale-of-the-specified-deployment';
const web = requests('apps/v1/deployments');
const scale = (resource: string, verb: RequestStep['verb'], more: Partial<RequestStep> = {}): RequestStep => ({
  verb,
  resource,
  namespace: 'shop',
  name: 'web',
  subresource: 'scale',
  ...more,
});
const DEPLOYMENTS = 'apps/v1/deployments';
const given = (kind: string, spec: Json = {}) => [workload(kind, { replicas: 2, ...spec })];

export const SCALE_CASES: readonly ConformanceCase[] = [
  {
    name: 'the scale of a Deployment tells wanted and present pods, and how to find them',
    source: SOURCE,
    nodes: TWO_NODES,
    given: given('Deployment', {
      selector: {
        matchLabels: { app: 'web' },
        matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['b', 'a'] }],
      },
    }),
    steps: [
      // Nothing is written to it after that.
      web.get({ status: { availableReplicas: 2, conditions: [{}, { reason: 'NewReplicaSetAvailable' }] } }),
      web.keep('deployment'),
      scale(DEPLOYMENTS, 'get', {
        expect: {
          body: {
            kind: 'Scale',
            apiVersion: 'autoscaling/v1',
            metadata: {
              name: 'web',
              namespace: 'shop',
              uid: '${deployment.metadata.uid}',
              resourceVersion: '${deployment.metadata.resourceVersion}',
              creationTimestamp: '${deployment.metadata.creationTimestamp}',
              labels: ABSENT,
            },
            spec: { replicas: 2 },
            status: { replicas: 2, selector: 'app=web,tier notin (a,b)' },
          },
        },
      }),
    ],
  },
  ...['Deployment', 'ReplicaSet', 'StatefulSet'].map((kind): ConformanceCase => {
    const resource = `apps/v1/${kind.toLowerCase()}s`;
    return {
      name: `a ${kind} is scaled through its scale, which makes a new generation`,
      source: SOURCE,
      given: given(kind, kind === 'StatefulSet' ? { serviceName: 'web' } : {}),
      steps: [
        scale(resource, 'patch', { body: { spec: { replicas: 4 } }, expect: { body: { spec: { replicas: 4 } } } }),
        requests(resource).get({ metadata: { generation: 2 }, spec: { replicas: 4 } }),
        scale(resource, 'patch', { body: { spec: { replicas: 4 } } }),
        requests(resource).get({ metadata: { generation: 2 } }, 0),
      ],
    };
  }),
  {
    name: 'a scale of nothing has no number',
    source: SOURCE,
    given: given('Deployment', { replicas: 0 }),
    steps: [scale(DEPLOYMENTS, 'get', { expect: { body: { spec: { replicas: ABSENT } } } })],
  },
  {
    name: 'a scale cannot be negative',
    source: 'pkg/registry/apps/deployment/storage/storage.go',
    given: given('Deployment'),
    steps: [
      scale(DEPLOYMENTS, 'patch', {
        body: { spec: { replicas: -1 } },
        expect: {
          code: 422,
          reason: 'Invalid',
          message:
            'Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
        },
      }),
    ],
  },
  {
    name: 'a scale that was read before another change is refused',
    source: SOURCE,
    given: given('Deployment', { paused: true, replicas: 0 }),
    steps: [
      scale(DEPLOYMENTS, 'get', { keep: 'old' }),
      web.change({ spec: { minReadySeconds: 5 } }),
      scale(DEPLOYMENTS, 'update', {
        onto: 'old',
        body: { spec: { replicas: 1 } },
        expect: {
          code: 409,
          reason: 'Conflict',
          message:
            'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes to the latest version and try again',
        },
      }),
    ],
  },
];
