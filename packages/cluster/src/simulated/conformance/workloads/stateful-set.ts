/** StatefulSets. */
import { ABSENT, type ConformanceCase, type Json } from '../conformance-case.ts';
import {
  BROKEN,
  BROKEN_IMAGE,
  IMAGE,
  NEXT_IMAGE,
  ofImage,
  ofPodImage,
  requests,
  SOON,
  template,
  told,
  TWO_NODES,
  workload,
} from './objects.ts';

const PAGE = 'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/';
const web = requests('apps/v1/statefulsets');
const all = requests('v1/pods');
const claims = requests('v1/persistentvolumeclaims');
const revisions = requests('apps/v1/controllerrevisions');
const one = (ordinal: number) => requests('v1/pods', `web-${ordinal}`);

const statefulSet = (spec: Json = {}): Json => workload('StatefulSet', { replicas: 2, serviceName: 'web', ...spec });
/** The storage is a volume of the class `none`, which nobody binds; the pod waits for it and its claim is there. */
const CLAIM = {
  metadata: { name: 'data' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    storageClassName: 'none',
    resources: { requests: { storage: '1Gi' } },
  },
};
const allReady = (replicas: number) =>
  web.get({ status: { replicas, readyReplicas: replicas, updatedReplicas: replicas } });
const rolling = (rollingUpdate: Json): Json => ({ updateStrategy: { type: 'RollingUpdate', rollingUpdate } });

export const STATEFUL_SET_CASES: readonly ConformanceCase[] = [
  {
    name: 'pods of a StatefulSet have ordinal names, labels, host names and a version',
    source: `${PAGE}#pod-identity`,
    nodes: TWO_NODES,
    given: [statefulSet({ replicas: 1 })],
    steps: [
      one(0).get({
        metadata: {
          generateName: 'web-',
          labels: {
            app: 'web',
            'statefulset.kubernetes.io/pod-name': 'web-0',
            'apps.kubernetes.io/pod-index': '0',
            'controller-revision-hash': /^web-[a-z0-9]+$/,
          },
          ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', controller: true }],
        },
        spec: { hostname: 'web-0', subdomain: 'web' },
      }),
      told('StatefulSet', 'SuccessfulCreate', 'create Pod web-0 in StatefulSet web successful'),
    ],
  },
  {
    name: 'a StatefulSet waits with the next pod until the one before it is ready',
    source: `${PAGE}#deployment-and-scaling-guarantees`,
    nodes: TWO_NODES,
    behaviours: BROKEN,
    given: [statefulSet({ template: template(BROKEN_IMAGE) })],
    steps: [
      one(0).get({ status: { phase: 'Pending' } }),
      { ...all.list({ names: ['web-0'] }), staysMs: 30_000 },
      web.get({ status: { replicas: 1, readyReplicas: ABSENT, availableReplicas: 0, currentReplicas: 1 } }),
    ],
  },
  {
    name: 'a parallel StatefulSet makes all pods at once',
    source: `${PAGE}#parallel-pod-management`,
    nodes: TWO_NODES,
    behaviours: BROKEN,
    given: [statefulSet({ podManagementPolicy: 'Parallel', replicas: 3, template: template(BROKEN_IMAGE) })],
    steps: [all.list({ names: ['web-0', 'web-1', 'web-2'] })],
  },
  {
    name: 'ordinals begin where they are told to',
    source: `${PAGE}#start-ordinal`,
    nodes: TWO_NODES,
    given: [statefulSet({ ordinals: { start: 5 } })],
    steps: [allReady(2), all.list({ names: ['web-5', 'web-6'] })],
  },
  {
    name: 'the status of a finished StatefulSet names one version',
    source: 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/stateful-set-v1/#StatefulSetStatus',
    nodes: TWO_NODES,
    given: [statefulSet()],
    steps: [
      allReady(2),
      revisions.all({}, 'versions'),
      web.get({
        status: {
          observedGeneration: 1,
          availableReplicas: 2,
          currentReplicas: 2,
          currentRevision: '${versions.items.0.metadata.name}',
          updateRevision: '${versions.items.0.metadata.name}',
          collisionCount: 0,
        },
      }),
      revisions.list({
        body: {
          items: [
            {
              revision: 1,
              metadata: {
                labels: { app: 'web', 'controller.kubernetes.io/hash': /^[a-z0-9]+$/ },
                ownerReferences: [{ kind: 'StatefulSet', name: 'web', controller: true }],
              },
              data: { spec: { template: { $patch: 'replace', spec: ofPodImage(IMAGE)['spec'] } } },
            },
          ],
        },
      }),
    ],
  },
  {
    name: 'scaling down takes the highest ordinals, one after the other',
    source: `${PAGE}#deployment-and-scaling-guarantees`,
    nodes: TWO_NODES,
    behaviours: { [IMAGE]: { stopMs: 5000 } },
    given: [statefulSet({ replicas: 3 })],
    steps: [
      allReady(3),
      web.change({ spec: { replicas: 1 } }),
      one(2).get({ metadata: { deletionTimestamp: /Z$/ } }),
      one(1).get({ metadata: { deletionTimestamp: ABSENT } }, 0),
      one(2).gone(),
      one(1).gone(),
      told('StatefulSet', 'SuccessfulDelete', 'delete Pod web-2 in StatefulSet web successful'),
      told('StatefulSet', 'SuccessfulDelete', 'delete Pod web-1 in StatefulSet web successful'),
    ],
  },
  {
    name: 'each pod gets a claim of each template, and the claim outlives it',
    source: `${PAGE}#stable-storage`,
    nodes: TWO_NODES,
    given: [statefulSet({ replicas: 1, volumeClaimTemplates: [CLAIM] })],
    steps: [
      one(0).get({ spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-web-0' } }, {}] } }),
      claims.list({
        body: { items: [{ metadata: { name: 'data-web-0', labels: { app: 'web' }, ownerReferences: ABSENT } }] },
      }),
      told('StatefulSet', 'SuccessfulCreate', 'create Claim data-web-0 Pod web-0 in StatefulSet web success'),
      web.change({ spec: { replicas: 0 } }),
      one(0).gone(),
      { ...claims.list({ names: ['data-web-0'] }), staysMs: 10_000 },
    ],
  },
  {
    name: 'claims go with pods that are scaled away where the retention policy says so',
    source: `${PAGE}#persistentvolumeclaim-retention`,
    nodes: TWO_NODES,
    given: [
      statefulSet({
        replicas: 1,
        volumeClaimTemplates: [CLAIM],
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Delete' },
      }),
    ],
    steps: [
      claims.list({ names: ['data-web-0'] }),
      one(0).get({ metadata: { name: 'web-0' } }),
      web.change({ spec: { replicas: 0 } }),
      one(0).gone(),
      claims.list({ count: 0 }),
    ],
  },
  {
    name: 'claims go with the StatefulSet where the retention policy says so',
    source: `${PAGE}#persistentvolumeclaim-retention`,
    nodes: TWO_NODES,
    given: [
      statefulSet({
        replicas: 1,
        volumeClaimTemplates: [CLAIM],
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' },
      }),
    ],
    steps: [
      claims.list({ body: { items: [{ metadata: { ownerReferences: [{ kind: 'StatefulSet', name: 'web' }] } }] } }),
      web.remove(),
      claims.list({ count: 0 }),
    ],
  },
  {
    name: 'an update replaces pods from the highest ordinal and then moves the current version',
    source: `${PAGE}#rolling-updates`,
    nodes: TWO_NODES,
    given: [statefulSet()],
    steps: [
      allReady(2),
      web.keep('before'),
      web.change(ofImage(NEXT_IMAGE)),
      one(1).get(ofPodImage(NEXT_IMAGE)),
      one(0).get(ofPodImage(IMAGE), 0),
      web.get({ status: { currentRevision: '${before.status.currentRevision}', updatedReplicas: 1 } }),
      one(0).get(ofPodImage(NEXT_IMAGE)),
      allReady(2),
      web.keep('after'),
      web.get({ status: { currentRevision: '${after.status.updateRevision}', currentReplicas: 2 } }),
    ],
  },
  {
    name: 'an update leaves pods below its partition as they are',
    source: `${PAGE}#partitions`,
    nodes: TWO_NODES,
    given: [statefulSet({ replicas: 3, ...rolling({ partition: 2 }) })],
    steps: [
      allReady(3),
      web.change(ofImage(NEXT_IMAGE)),
      one(2).get({ ...ofPodImage(NEXT_IMAGE), status: { phase: 'Running' } }),
      web.get({ status: { readyReplicas: 3, updatedReplicas: 1, currentReplicas: 2 } }),
    ],
  },
  {
    name: 'pods below the partition come back as they were',
    source: `${PAGE}#partitions`,
    nodes: TWO_NODES,
    given: [statefulSet({ ...rolling({ partition: 1 }) })],
    steps: [
      allReady(2),
      web.change(ofImage(NEXT_IMAGE)),
      one(1).get({ ...ofPodImage(NEXT_IMAGE), status: { phase: 'Running' } }),
      one(0).keep('before'),
      web.get({ status: { readyReplicas: 2 } }),
      one(0).remove(),
      all.list({ none: [{ metadata: { uid: '${before.metadata.uid}' } }], count: 2 }),
      one(0).get(ofPodImage(IMAGE)),
    ],
  },
  {
    name: 'with OnDelete pods are updated when somebody deletes them',
    source: `${PAGE}#update-strategies`,
    nodes: TWO_NODES,
    given: [statefulSet({ updateStrategy: { type: 'OnDelete' } })],
    steps: [
      allReady(2),
      web.change(ofImage(NEXT_IMAGE)),
      web.get({ status: { observedGeneration: 2, updatedReplicas: ABSENT, currentReplicas: 2 } }),
      { ...one(1).get(ofPodImage(IMAGE), 0), staysMs: 20_000 },
      one(0).remove(),
      one(0).get(ofPodImage(NEXT_IMAGE), SOON),
      one(1).get(ofPodImage(IMAGE), 0),
    ],
  },
  {
    name: 'a broken version holds a StatefulSet up even after it was taken back',
    source: `${PAGE}#forced-rollback`,
    nodes: TWO_NODES,
    behaviours: BROKEN,
    given: [statefulSet()],
    steps: [
      allReady(2),
      web.change(ofImage(BROKEN_IMAGE)),
      one(1).get(ofPodImage(BROKEN_IMAGE)),
      web.change(ofImage(IMAGE)),
      { ...one(1).get(ofPodImage(BROKEN_IMAGE), 0), staysMs: 30_000 },
      one(1).remove(),
      one(1).get({ ...ofPodImage(IMAGE), status: { phase: 'Running' } }),
      allReady(2),
    ],
  },
];
