/** DaemonSets. */
import { ABSENT, type ConformanceCase, type Json } from '../conformance-case.ts';
import {
  IMAGE,
  NEXT_IMAGE,
  ofImage,
  ofPodImage,
  pods,
  requests,
  SOON,
  template,
  told,
  TWO_NODES,
  workload,
} from './objects.ts';

const PAGE = 'https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/';
const UPDATE_PAGE = 'https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/';
const web = requests('apps/v1/daemonsets');
const all = requests('v1/pods');
const revisions = requests('apps/v1/controllerrevisions');

const daemonSet = (spec: Json = {}): Json => workload('DaemonSet', spec);
const onNode = (name: string): Json => ({ spec: { nodeName: name } });
const node = (name: string, body: Json) => ({ verb: 'patch', resource: 'v1/nodes', name, body }) as const;
const ready = (count: number) =>
  web.get({ status: { desiredNumberScheduled: count, numberReady: count, updatedNumberScheduled: count } });
const tolerates = (key: string, effect: string): Json => ({
  key: `node.kubernetes.io/${key}`,
  operator: 'Exists',
  effect,
});

export const DAEMON_SET_CASES: readonly ConformanceCase[] = [
  {
    name: 'a DaemonSet has a pod on each node, which its affinity binds there',
    source: `${PAGE}#how-daemon-pods-are-scheduled`,
    nodes: [{ name: 'node-a' }],
    given: [daemonSet()],
    steps: [
      pods(1, {
        metadata: {
          name: /^web-[a-z0-9]{5}$/,
          generateName: 'web-',
          labels: { app: 'web', 'controller-revision-hash': /^[a-z0-9]+$/, 'pod-template-generation': '1' },
          ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'web', controller: true }],
        },
        spec: {
          nodeName: 'node-a',
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-a'] }] }],
              },
            },
          },
        },
      }),
      told('DaemonSet', 'SuccessfulCreate', /^Created pod: web-[a-z0-9]{5}$/),
    ],
  },
  {
    name: 'daemon pods bear what happens to nodes',
    source: `${PAGE}#taints-and-tolerations`,
    nodes: [{ name: 'node-a' }],
    given: [daemonSet()],
    steps: [
      pods(1, {
        spec: {
          tolerations: [
            tolerates('not-ready', 'NoExecute'),
            tolerates('unreachable', 'NoExecute'),
            tolerates('disk-pressure', 'NoSchedule'),
            tolerates('memory-pressure', 'NoSchedule'),
            tolerates('pid-pressure', 'NoSchedule'),
            tolerates('unschedulable', 'NoSchedule'),
          ],
        },
      }),
    ],
  },
  {
    name: 'the numbers of a DaemonSet count nodes',
    source: 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/daemon-set-v1/#DaemonSetStatus',
    nodes: TWO_NODES,
    given: [daemonSet()],
    steps: [
      web.get({
        status: {
          currentNumberScheduled: 2,
          desiredNumberScheduled: 2,
          numberAvailable: 2,
          numberMisscheduled: 0,
          numberReady: 2,
          numberUnavailable: ABSENT,
          observedGeneration: 1,
          updatedNumberScheduled: 2,
        },
      }),
    ],
  },
  {
    name: 'a DaemonSet leaves out nodes whose taints it does not bear',
    source: `${PAGE}#taints-and-tolerations`,
    nodes: [{ name: 'node-a' }, { name: 'node-b', taints: [{ key: 'dedicated', value: 'x', effect: 'NoSchedule' }] }],
    given: [daemonSet()],
    steps: [ready(1), pods(1, onNode('node-a'))],
  },
  {
    name: 'a DaemonSet runs on cordoned nodes',
    source: `${PAGE}#taints-and-tolerations`,
    nodes: [{ name: 'node-a' }],
    steps: [
      node('node-a', { spec: { unschedulable: true } }),
      { verb: 'create', resource: 'apps/v1/daemonsets', namespace: 'shop', body: daemonSet() },
      ready(1),
    ],
  },
  {
    name: 'a pod stays on a node that takes no more of them, and counts as misplaced',
    source: `${PAGE}#taints-and-tolerations`,
    nodes: TWO_NODES,
    given: [daemonSet()],
    steps: [
      ready(2),
      node('node-b', { spec: { taints: [{ key: 'dedicated', value: 'x', effect: 'NoSchedule' }] } }),
      web.get({ status: { desiredNumberScheduled: 1, numberMisscheduled: 1, currentNumberScheduled: 1 } }),
      { ...all.list({ count: 2 }, 0), staysMs: 10_000 },
    ],
  },
  {
    name: 'a DaemonSet follows the labels of nodes',
    source: `${PAGE}#running-pods-on-select-nodes`,
    nodes: [{ name: 'node-a', labels: { disk: 'ssd' } }, { name: 'node-b' }],
    given: [daemonSet({ template: template(IMAGE, { nodeSelector: { disk: 'ssd' } }) })],
    steps: [
      pods(1, onNode('node-a')),
      node('node-b', { metadata: { labels: { disk: 'ssd' } } }),
      all.list({ count: 2, some: [onNode('node-b')] }),
      node('node-a', { metadata: { labels: { disk: null } } }),
      pods(1, onNode('node-b')),
    ],
  },
  {
    name: 'a changed template replaces one daemon pod at a time',
    source: `${UPDATE_PAGE}#performing-a-rolling-update`,
    nodes: TWO_NODES,
    behaviours: { [NEXT_IMAGE]: { failsProbes: ['readiness'] } },
    given: [daemonSet()],
    steps: [
      ready(2),
      web.change({
        spec: {
          template: {
            spec: {
              containers: [
                {
                  name: 'web',
                  image: NEXT_IMAGE,
                  readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 1 },
                },
              ],
            },
          },
        },
      }),
      web.get({ status: { updatedNumberScheduled: 1, numberAvailable: 1, numberUnavailable: 1 } }),
      { ...web.get({ status: { updatedNumberScheduled: 1 } }, 0), staysMs: 20_000 },
      web.change(ofImage(IMAGE)),
    ],
  },
  {
    name: 'versions of a DaemonSet are kept under their hash',
    source: 'https://kubernetes.io/docs/tasks/manage-daemon/rollback-daemon-set/#understanding-daemonset-revisions',
    nodes: TWO_NODES,
    given: [daemonSet()],
    steps: [
      ready(2),
      web.change(ofImage(NEXT_IMAGE)),
      pods(2, ofPodImage(NEXT_IMAGE)),
      revisions.list({
        count: 2,
        some: [
          { revision: 1, metadata: { name: /^web-/, labels: { app: 'web', 'controller-revision-hash': /./ } } },
          { revision: 2 },
        ],
      }),
      web.change(ofImage(IMAGE)),
      revisions.list({ count: 2, some: [{ revision: 2 }, { revision: 3 }] }),
    ],
  },
  {
    name: 'with OnDelete daemon pods are updated when somebody deletes them',
    source: `${UPDATE_PAGE}#daemonset-update-strategy`,
    nodes: [{ name: 'node-a' }],
    given: [daemonSet({ updateStrategy: { type: 'OnDelete' } })],
    steps: [
      ready(1),
      all.all({}, 'before'),
      web.change(ofImage(NEXT_IMAGE)),
      {
        ...web.get({ status: { updatedNumberScheduled: ABSENT, numberReady: 1, observedGeneration: 2 } }),
        staysMs: 20_000,
      },
      { verb: 'delete', resource: 'v1/pods', namespace: 'shop', name: '${before.items.0.metadata.name}' },
      pods(1, ofPodImage(NEXT_IMAGE), SOON),
    ],
  },
  {
    name: 'a failed daemon pod is replaced',
    source: 'pkg/controller/daemon/daemon_controller.go',
    nodes: [{ name: 'node-a' }],
    given: [daemonSet()],
    steps: [
      ready(1),
      all.all({}, 'before'),
      {
        verb: 'patch',
        resource: 'v1/pods',
        namespace: 'shop',
        name: '${before.items.0.metadata.name}',
        subresource: 'status',
        body: { status: { phase: 'Failed' } },
      },
      told(
        'DaemonSet',
        'FailedDaemonPod',
        /^Found failed daemon pod shop\/web-[a-z0-9]{5} on node node-a, will try to kill it$/,
        'Warning',
      ),
      all.list({ count: 1, none: [{ metadata: { uid: '${before.items.0.metadata.uid}' } }] }),
    ],
  },
];
