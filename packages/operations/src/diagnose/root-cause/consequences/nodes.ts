/** What follows from findings about nodes. */
import { refOf, type ClusterSnapshot, type Pod } from '@aia/cluster';
import type { Finding } from '../../finding.ts';
import { text, texts, type FindingIndex } from '../finding-index.ts';
import { namesNodeState } from '../scheduling-words.ts';
import { POD_FAILURES, WORKLOAD_SYMPTOMS, type ConsequenceRule } from './consequence-rule.ts';

/** What becomes of pods whose node is lost. */
const LOST_WITH_NODE = [
  'pod-stuck-terminating',
  'container-not-ready',
  'pod-evicted',
  'pod-sandbox-failed',
  'pod-start-stalled',
  'container-terminated-with-error',
] as const;

export const NODE_CONSEQUENCES: readonly ConsequenceRule[] = [
  {
    from: ['node-not-ready', 'node-network-unavailable'],
    relation: 'pods on a lost node stop reporting and are replaced or stuck',
    effects: (finding, findings, snapshot) => findings.onNode(finding.resource.name, snapshot, ...LOST_WITH_NODE),
  },
  {
    from: ['node-not-ready', 'node-network-unavailable'],
    relation: 'pods on a lost node count as not ready, although their containers were fine when last heard of',
    effects: ({ resource: { name } }, findings, snapshot) => workloadsOn(name, findings, snapshot),
  },
  {
    from: ['node-not-ready', 'node-network-unavailable'],
    relation: 'what stands behind the Service is on the lost node',
    effects: ({ resource: { name } }, findings, snapshot) =>
      findings
        .ofCode('service-without-endpoints')
        .filter((service) => !isToldByWorkload(service, findings) && isOnlyOn(name, service, snapshot)),
  },
  {
    from: ['node-not-ready', 'node-network-unavailable', 'node-pressure'],
    relation: 'the state of nodes keeps new pods off them',
    effects: (finding, findings, snapshot) => (isFirst(finding, findings) ? keptOff(finding, findings, snapshot) : []),
  },
  {
    from: ['node-not-ready'],
    relation: 'a load balancer needs a ready node to send traffic to',
    effects: (finding, findings) =>
      isFirst(finding, findings)
        ? findings.ofCode('load-balancer-pending').filter((other) => text(other, 'cause') === 'not-ready')
        : [],
  },
  {
    from: ['node-cordoned'],
    relation: 'a cordoned node takes nothing that is evicted from another',
    effects: (finding, findings, snapshot) =>
      isFirst(finding, findings) && snapshot.list('Node').every(({ spec }) => spec?.unschedulable === true)
        ? findings.ofCode('drain-impossible')
        : [],
  },
  {
    from: ['node-pressure'],
    relation: 'a node short of a resource evicts pods',
    effects: (finding, findings) =>
      findings.ofCode('pod-evicted', 'pod-rejected').filter((other) => text(other, 'node') === finding.resource.name),
  },
];

const unreadyByNode = new WeakMap<ClusterSnapshot, ReadonlyMap<string, readonly Pod[]>>();

/** Workloads that are short of pods because of those on this node, where no finding about a pod stands between. */
function workloadsOn(node: string, findings: FindingIndex, snapshot: ClusterSnapshot): readonly Finding[] {
  const known = unreadyByNode.get(snapshot) ?? Map.groupBy(snapshot.list('Pod').filter(isUnready), nodeOf);
  unreadyByNode.set(snapshot, known);
  const workloads = new Map((known.get(node) ?? []).map((pod) => [snapshot.rootOwnerOf(pod), pod]));
  return [...workloads.keys()].flatMap((workload) => {
    const isToldByPod = findings.ofWorkload(refOf(workload)).some(({ code }) => FAILURES.has(code));
    return isToldByPod ? [] : findings.about(refOf(workload), ...WORKLOAD_SYMPTOMS);
  });
}

const FAILURES: ReadonlySet<string> = new Set(POD_FAILURES);

/** The control plane says so where the kubelet is silent. */
function isUnready({ status, metadata }: Pod): boolean {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return metadata.deletionTimestamp === undefined && status?.phase === 'Running' && ready?.status !== 'True';
}

function nodeOf({ spec }: Pod): string {
  return spec?.nodeName ?? '';
}

/** Whether the workload behind a Service has been short of pods for long enough to be a step between. */
function isToldByWorkload(service: Finding, findings: FindingIndex): boolean {
  return texts(service, 'workloads').some((key) => findings.aboutKey(key, ...WORKLOAD_SYMPTOMS).length > 0);
}

/** Whether a Service has pods on this node, those on their way out included, and nowhere else. */
function isOnlyOn(node: string, { resource: { namespace, name } }: Finding, snapshot: ClusterSnapshot): boolean {
  const { selector = {} } = snapshot.get('Service', namespace, name)?.spec ?? {};
  const pods = Object.keys(selector).length === 0 ? [] : snapshot.withLabels('Pod', namespace, selector);
  return pods.length > 0 && pods.every(({ spec }) => spec?.nodeName === node);
}

/** What all nodes in one state bring about together hangs under the first of them. */
function isFirst(finding: Finding, findings: FindingIndex): boolean {
  return findings.ofCode(finding.code)[0] === finding;
}

function keptOff(finding: Finding, findings: FindingIndex, snapshot: ClusterSnapshot): readonly Finding[] {
  const states = statesOf(finding);
  return findings
    .ofCode('pod-unschedulable')
    .filter((other) => !texts(other, 'classes').includes('capacity') && namesNodeState(other, states, snapshot));
}

function statesOf(finding: Finding): readonly string[] {
  if (finding.code === 'node-not-ready') return ['not-ready', 'unreachable'];
  return finding.code === 'node-pressure'
    ? ['memory-pressure', 'disk-pressure', 'pid-pressure']
    : ['network-unavailable'];
}
