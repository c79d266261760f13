/** Sizes, failures and ReplicaSets of Deployments. */
import { ABSENT, type ConformanceCase } from '../conformance-case.ts';
import { deployment, rolledOut, rolling, setOf, sets, web } from './deployment-objects.ts';
import { BROKEN, BROKEN_IMAGE, IMAGE, NEXT_IMAGE, ofImage, SOON, told, TWO_NODES } from './objects.ts';

const PAGE = 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/';
export const DEPLOYMENT_CASES: readonly ConformanceCase[] = [
  {
    name: 'scaling in the middle of a rollout is shared out in proportion',
    source: `${PAGE}#proportional-scaling`,
    nodes: TWO_NODES,
    behaviours: BROKEN,
    given: [deployment({ replicas: 10, ...rolling({ maxSurge: 3, maxUnavailable: 2 }) })],
    steps: [
      rolledOut({ availableReplicas: 10 }),
      web.change(ofImage(BROKEN_IMAGE)),
      sets.list({ some: [setOf(IMAGE, 8), setOf(BROKEN_IMAGE, 5)] }),
      web.change({ spec: { replicas: 15 } }),
      sets.list({ some: [setOf(IMAGE, 11), setOf(BROKEN_IMAGE, 7)] }),
    ],
  },
  {
    name: 'why pods cannot be made is passed on to the Deployment',
    source: `${PAGE}#failed-deployment`,
    nodes: TWO_NODES,
    given: [
      {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'few', namespace: 'shop' },
        spec: { hard: { pods: '2' } },
        status: { hard: { pods: '2' }, used: { pods: '0' } },
      },
      deployment(),
    ],
    steps: [
      web.get({
        status: {
          conditions: [
            { type: 'Available', status: 'False' },
            {
              type: 'ReplicaFailure',
              status: 'True',
              reason: 'FailedCreate',
              message:
                /^pods "web-[a-z0-9]+-[a-z0-9]{5}" is forbidden: exceeded quota: few, requested: pods=1, used: pods=2, limited: pods=2$/,
            },
            { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated' },
          ],
        },
      }),
      sets.list({
        some: [{ status: { replicas: 2, conditions: [{ type: 'ReplicaFailure', reason: 'FailedCreate' }] } }],
      }),
      told('ReplicaSet', 'FailedCreate', /^Error creating: pods "web-.*" is forbidden: exceeded quota: few/, 'Warning'),
    ],
  },
  {
    name: 'a Deployment of no pods is available',
    source: `${PAGE}#scaling-a-deployment`,
    nodes: TWO_NODES,
    given: [deployment({ replicas: 0 })],
    steps: [
      web.get({
        status: {
          observedGeneration: 1,
          replicas: ABSENT,
          conditions: [
            { type: 'Available', status: 'True' },
            { type: 'Progressing', reason: 'NewReplicaSetAvailable' },
          ],
        },
      }),
    ],
  },
  {
    name: 'pods count as available when they have been ready for long enough',
    source: `${PAGE}#min-ready-seconds`,
    nodes: TWO_NODES,
    given: [deployment({ replicas: 1, minReadySeconds: 30 })],
    steps: [
      web.get({ status: { readyReplicas: 1, availableReplicas: ABSENT, unavailableReplicas: 1 } }),
      { passMs: 20_000 },
      web.get({ status: { readyReplicas: 1, availableReplicas: ABSENT } }, 0),
      web.get({ status: { availableReplicas: 1 } }),
    ],
  },
  {
    name: 'the cause of a change goes along to the ReplicaSet, what was applied last does not',
    source: `${PAGE}#checking-rollout-history-of-a-deployment`,
    nodes: TWO_NODES,
    given: [
      deployment(
        { replicas: 1 },
        {
          annotations: {
            'kubernetes.io/change-cause': 'first',
            'kubectl.kubernetes.io/last-applied-configuration': '{}',
          },
        },
      ),
    ],
    steps: [
      sets.list({
        some: [
          {
            metadata: {
              annotations: {
                'kubernetes.io/change-cause': 'first',
                'kubectl.kubernetes.io/last-applied-configuration': ABSENT,
              },
            },
          },
        ],
      }),
    ],
  },
  {
    name: 'a Deployment takes in a ReplicaSet that an orphaning deletion left behind',
    source: 'https://kubernetes.io/docs/concepts/architecture/garbage-collection/#orphaned-dependents',
    nodes: TWO_NODES,
    given: [deployment({ replicas: 1 })],
    steps: [
      rolledOut(),
      sets.all({}, 'before'),
      web.remove({ propagationPolicy: 'Orphan' }),
      web.gone(),
      {
        verb: 'create',
        resource: 'apps/v1/deployments',
        namespace: 'shop',
        body: deployment({ replicas: 1 }),
        keep: 'again',
      },
      sets.list({
        count: 1,
        some: [
          {
            metadata: {
              uid: '${before.items.0.metadata.uid}',
              ownerReferences: [{ uid: '${again.metadata.uid}', controller: true }],
            },
          },
        ],
      }),
    ],
  },
  {
    name: 'old pods that are not available go before others',
    source: `${PAGE}#rollover-aka-multiple-updates-in-flight`,
    nodes: TWO_NODES,
    behaviours: BROKEN,
    given: [deployment()],
    steps: [
      rolledOut({ availableReplicas: 3 }),
      web.change(ofImage(BROKEN_IMAGE)),
      sets.list({ some: [setOf(BROKEN_IMAGE, 1)] }),
      web.change(ofImage(NEXT_IMAGE)),
      sets.list({ some: [setOf(IMAGE, 0), setOf(BROKEN_IMAGE, 0), setOf(NEXT_IMAGE, 3)] }, SOON),
    ],
  },
];
