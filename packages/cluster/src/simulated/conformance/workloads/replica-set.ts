/** ReplicaSets and ReplicationControllers. */
import { ABSENT, type ConformanceCase, type Json } from '../conformance-case.ts';
import { BROKEN, BROKEN_IMAGE, IMAGE, pod, pods, requests, template, told, TWO_NODES, workload } from './objects.ts';

const PAGE = 'https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/';
const web = requests('apps/v1/replicasets');
const all = requests('v1/pods');
const one = (name: string) => requests('v1/pods', name);
const controller = requests('v1/replicationcontrollers');

const replicaSet = (spec: Json = {}): Json => workload('ReplicaSet', { replicas: 2, ...spec });
const OWNED = {
  metadata: { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', controller: true }] },
};
const COST = 'controller.kubernetes.io/pod-deletion-cost';

export const REPLICA_SET_CASES: readonly ConformanceCase[] = [
  {
    name: 'a ReplicaSet makes pods under generated names and tells of each',
    source: PAGE,
    nodes: TWO_NODES,
    given: [replicaSet()],
    steps: [
      pods(2, {
        metadata: { name: /^web-[a-z0-9]{5}$/, generateName: 'web-', labels: { app: 'web' }, ...OWNED.metadata },
      }),
      told('ReplicaSet', 'SuccessfulCreate', /^Created pod: web-[a-z0-9]{5}$/),
      web.get({
        status: {
          replicas: 2,
          fullyLabeledReplicas: 2,
          readyReplicas: 2,
          availableReplicas: 2,
          observedGeneration: 1,
          conditions: ABSENT,
        },
      }),
    ],
  },
  {
    name: 'a ReplicaSet takes in pods that it selects and makes only what is missing',
    source: `${PAGE}#non-template-pod-acquisitions`,
    nodes: TWO_NODES,
    given: [pod('mine'), replicaSet()],
    steps: [one('mine').get(OWNED), pods(2, OWNED)],
  },
  {
    name: 'a pod beyond the wanted number is deleted as soon as it is taken in',
    source: `${PAGE}#non-template-pod-acquisitions`,
    nodes: TWO_NODES,
    given: [replicaSet()],
    steps: [
      web.get({ status: { readyReplicas: 2 } }),
      { verb: 'create', resource: 'v1/pods', namespace: 'shop', body: pod('more') },
      one('more').gone(),
      all.list({ count: 2 }),
      told('ReplicaSet', 'SuccessfulDelete', 'Deleted pod: more'),
    ],
  },
  {
    name: 'a pod whose labels change is let go and replaced',
    source: `${PAGE}#isolating-pods-from-a-replicaset`,
    nodes: TWO_NODES,
    given: [pod('mine'), replicaSet({ replicas: 1 })],
    steps: [
      one('mine').get(OWNED),
      one('mine').change({ metadata: { labels: { app: 'debug' } } }),
      one('mine').get({ metadata: { ownerReferences: ABSENT } }),
      all.list({ count: 2, some: [{ metadata: { name: /^web-/, ...OWNED.metadata } }] }),
    ],
  },
  {
    name: 'pods of a lower deletion cost go first',
    source: `${PAGE}#pod-deletion-cost`,
    nodes: TWO_NODES,
    given: [
      pod('dear', IMAGE, { annotations: { [COST]: '100' } }),
      pod('cheap', IMAGE, { annotations: { [COST]: '-5' } }),
      pod('plain'),
      replicaSet({ replicas: 3 }),
    ],
    steps: [
      web.get({ status: { readyReplicas: 3, availableReplicas: 3 } }),
      web.change({ spec: { replicas: 2 } }),
      one('cheap').gone(),
      web.change({ spec: { replicas: 1 } }),
      one('plain').gone(),
      all.list({ names: ['dear'] }),
    ],
  },
  {
    name: 'pods that are not ready go first',
    source: `${PAGE}#scaling-a-replicaset`,
    nodes: TWO_NODES,
    behaviours: BROKEN,
    given: [pod('sick', BROKEN_IMAGE), replicaSet({ replicas: 3 })],
    steps: [
      web.get({ status: { replicas: 3, readyReplicas: 2 } }),
      web.change({ spec: { replicas: 2 } }),
      one('sick').gone(),
      web.get({ status: { replicas: 2, readyReplicas: 2 } }),
    ],
  },
  {
    name: 'a deleted pod is replaced',
    source: `${PAGE}#how-a-replicaset-works`,
    nodes: TWO_NODES,
    given: [pod('mine'), replicaSet({ replicas: 1 })],
    steps: [
      web.get({ status: { readyReplicas: 1 } }),
      one('mine').remove(),
      one('mine').gone(),
      pods(1, { metadata: { name: /^web-[a-z0-9]{5}$/ } }),
    ],
  },
  {
    name: 'pods that end are not counted and stay',
    source: `${PAGE}#how-a-replicaset-works`,
    nodes: TWO_NODES,
    given: [replicaSet({ replicas: 1 })],
    steps: [
      web.get({ status: { readyReplicas: 1 } }),
      all.all({}, 'before'),
      {
        verb: 'patch',
        resource: 'v1/pods',
        namespace: 'shop',
        name: '${before.items.0.metadata.name}',
        subresource: 'status',
        body: { status: { phase: 'Failed' } },
      },
      all.list({ count: 2, some: [{ status: { phase: 'Failed' } }] }),
      web.get({ status: { replicas: 1 } }),
    ],
  },
  {
    name: 'a ReplicaSet deleted without its pods leaves them to nobody',
    source: `${PAGE}#deleting-just-a-replicaset`,
    nodes: TWO_NODES,
    given: [replicaSet({ replicas: 1 })],
    steps: [
      web.get({ status: { readyReplicas: 1 } }),
      web.remove({ propagationPolicy: 'Orphan' }),
      web.gone(),
      pods(1, { metadata: { ownerReferences: ABSENT } }),
    ],
  },
  {
    name: 'pods that are being deleted are counted apart',
    source: 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/replica-set-v1/#ReplicaSetStatus',
    nodes: TWO_NODES,
    behaviours: { [IMAGE]: { stopMs: Infinity } },
    given: [replicaSet({ replicas: 1, template: template(IMAGE, { terminationGracePeriodSeconds: 20 }) })],
    steps: [
      web.get({ status: { readyReplicas: 1, terminatingReplicas: 0 } }),
      web.change({ spec: { replicas: 0 } }),
      web.get({ status: { replicas: 0, terminatingReplicas: 1, readyReplicas: ABSENT } }, 5000),
      web.get({ status: { replicas: 0, terminatingReplicas: 0 } }),
    ],
  },
  {
    name: 'a ReplicationController makes pods by labels alone',
    source: 'https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller/',
    nodes: TWO_NODES,
    given: [
      {
        apiVersion: 'v1',
        kind: 'ReplicationController',
        metadata: { name: 'web', namespace: 'shop' },
        spec: { replicas: 2, selector: { app: 'web' }, template: template() },
      },
    ],
    steps: [
      controller.get({ status: { replicas: 2, readyReplicas: 2, availableReplicas: 2, terminatingReplicas: ABSENT } }),
      pods(2, { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'ReplicationController', name: 'web' }] } }),
      told('ReplicationController', 'SuccessfulCreate', /^Created pod: web-[a-z0-9]{5}$/),
    ],
  },
];
