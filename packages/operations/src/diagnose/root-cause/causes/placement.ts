/** Causes for unschedulable pods that more capacity of the same kind would not help. */
import { refText, type ClusterSnapshot, type Pod, type SchedulingWorld } from '@aia/cluster';
import type { Counterfactual, Weighing } from '@aia/contract';
import { fitting, withMoreNodes, type MoreNodes } from '../../nodes/capacity.ts';
import type { Finding } from '../../finding.ts';
import type { SchedulingClass } from '../../messages/message.ts';
import { nodeKinds } from '../../nodes/node-kinds.ts';
import type { RemediationClass } from '../../rule.ts';
import { unboundClaims } from '../../storage/claim-users.ts';
import { exclusiveHolder } from '../../storage/volume-holders.ts';
import { text, texts, type FindingIndex } from '../finding-index.ts';
import { effectsOn, partsOf, STRENGTH, type CauseContext, type Hypothesis } from '../hypothesis.ts';
import { isIncidental, namesNodeState, NODE_STATES, saidOf, schedulingOf, taintReasons } from '../scheduling-words.ts';
import { behindTaint } from './behind-taint.ts';
import { fitText } from './capacity/outcome.ts';
import { isHeldByNodeState } from './held-by-node-state.ts';
import { waitingPods, type Waiting } from './waiting-pods.ts';
import { workloadRef } from './workload-ref.ts';

interface PlacementCause {
  readonly class: string;
  readonly title: string;
  readonly why: string;
  readonly remediation: readonly [RemediationClass, string];
  /** What exactly, of one of the pods; completes the statement in brackets. */
  readonly detail?: (one: Waiting, snapshot: ClusterSnapshot) => string;
  /** The pod without what holds it back, and how to say so. */
  readonly lift?: readonly [string, (pod: Pod, finding: Finding, snapshot: ClusterSnapshot) => Pod];
  /** Set for a time and by hand, where the others are there by design. */
  readonly isPassing?: boolean;
  /** Whether a further node could take the pods as they are. */
  readonly nodeHelps?: boolean;
}

const CAUSES: Readonly<Record<string, PlacementCause>> = {
  taint: {
    class: 'untolerated-taint',
    title: 'Nodes carry a taint that the pods do not tolerate',
    why: 'the remaining nodes are tainted and the pods lack the toleration',
    remediation: ['change-placement', 'Add the toleration, or remove the taint once its reason is gone.'],
    detail: ({ finding }, snapshot) =>
      taintsOf(finding, snapshot)
        .map(({ key, value }) => (value === '' ? key : `${key}=${value}`))
        .join(', '),
    lift: [
      'with the taint tolerated',
      (pod, finding, snapshot) =>
        withSpec(pod, { tolerations: [...(pod.spec?.tolerations ?? []), ...tolerationsFor(finding, snapshot)] }),
    ],
  },
  affinity: {
    class: 'node-affinity-unmatched',
    title: 'No node matches the node selector or affinity',
    why: 'no node carries the labels that the pods ask for',
    remediation: ['change-placement', 'Correct the selector, or label or add nodes that match.'],
    detail: ({ pod }) => selectorOf(pod),
    lift: [
      'without the node selector and affinity',
      (pod) => withSpec(pod, { nodeSelector: {}, affinity: { ...pod.spec?.affinity, nodeAffinity: {} } }),
    ],
  },
  'inter-pod': {
    class: 'pod-affinity-unmatched',
    title: 'Pod affinity or anti-affinity leaves no node',
    why: 'the rules about other pods exclude every node',
    remediation: ['change-placement', 'Relax the rule to preferred, or add nodes.'],
    lift: [
      'without the required rules about other pods',
      (pod) => withSpec(pod, { affinity: { nodeAffinity: pod.spec?.affinity?.nodeAffinity ?? {} } }),
    ],
    nodeHelps: true,
  },
  spread: {
    class: 'spread-unsatisfiable',
    title: 'Topology spread constraints leave no node',
    why: 'placing the pods would exceed the allowed skew',
    remediation: ['change-placement', 'Allow a larger skew or ScheduleAnyway, or add capacity in the short zone.'],
    lift: ['with the spread constraints as a preference', (pod) => withSpec(pod, { topologySpreadConstraints: [] })],
    nodeHelps: true,
  },
  'host-port': {
    class: 'host-port-taken',
    title: 'The host port is taken on every node',
    why: 'each node can give a host port only once',
    remediation: ['change-placement', 'Drop hostPort, or run no more pods than nodes.'],
    detail: ({ pod }) => `port ${hostPortsOf(pod).join(', ')}`,
    lift: ['without the host port', withoutHostPorts],
    nodeHelps: true,
  },
  unschedulable: {
    class: 'nodes-cordoned',
    title: 'The nodes that would fit are cordoned',
    why: 'cordoned nodes take no new pods',
    remediation: ['repair-node', 'Uncordon the nodes when their maintenance is over.'],
    lift: [
      'with the nodes uncordoned',
      (pod) =>
        withSpec(pod, {
          tolerations: [
            ...(pod.spec?.tolerations ?? []),
            { key: 'node.kubernetes.io/unschedulable', operator: 'Exists' },
          ],
        }),
    ],
    isPassing: true,
    nodeHelps: true,
  },
  'volume-zone': {
    class: 'volume-zone-conflict',
    title: "The pods' volumes are in another zone than the free nodes",
    why: 'a zonal volume can only be used in its own zone',
    remediation: ['add-capacity', "Add a node in the volume's zone, or move the volume."],
    detail: ({ pod }, snapshot) => volumeZones(pod, snapshot),
    nodeHelps: true,
  },
  'volume-limit': {
    class: 'volume-limit-reached',
    title: 'The nodes have no volume slot left',
    why: 'each node can attach only so many volumes',
    remediation: ['add-capacity', 'Add nodes, or spread the pods with volumes.'],
    nodeHelps: true,
  },
  volume: {
    class: 'volume-unavailable',
    title: 'No usable volume for the pods',
    why: 'no volume that they can use is available',
    remediation: ['repair-storage', 'Provide a matching volume.'],
  },
  'node-name': {
    class: 'node-name-unmatched',
    title: 'The named node does not exist',
    why: 'the pods ask for one node by name',
    remediation: ['change-placement', 'Drop nodeName.'],
  },
  gated: {
    class: 'scheduling-gated',
    title: 'Scheduling gates hold the pods back',
    why: 'whoever set the gates has not removed them',
    remediation: ['investigate', 'Ask the controller that owns the gate.'],
  },
};

/** Reasons in the order in which they are read; capacity and claims are other families. */
const ORDER = Object.keys(CAUSES) as readonly SchedulingClass[];
/** States of nodes that have findings of their own. */
const NODE_FINDINGS = ['node-not-ready', 'node-pressure', 'node-network-unavailable'] as const;

export function* explainByPlacement(context: CauseContext): Iterable<Hypothesis> {
  const { findings } = context;
  const { snapshot } = context.examination;
  const unschedulable = waitingPods(findings.ofCode('pod-unschedulable', 'pod-scheduling-gated'), snapshot);
  const nodeless = unschedulable.filter(({ finding }) => schedulingOf(finding)?.prefilter?.class === 'node');
  if (nodeless.length > 0) yield noNodes(nodeless);
  const isKnown = findings.ofCode(...NODE_FINDINGS).length > 0;
  const proposed = unschedulable.flatMap((one) =>
    (isKnown && isHeldByNodeState(one, context.examination.world) ? [] : classesOf(one, isKnown, snapshot))
      .filter((reason) => reason !== 'volume-zone' || !seenApart(findings, reason, one).some(hasNodes))
      .map((reason) => ({ one, reason })),
  );
  const groups = Map.groupBy(proposed, ({ one, reason }) => `${reason} ${text(one.finding, 'workload')}`);
  for (const group of groups.values()) {
    const [first] = group;
    const cause = CAUSES[first?.reason ?? ''];
    if (first !== undefined && cause !== undefined)
      yield hypothesisOf(
        cause,
        first.reason,
        group.map(({ one }) => one),
        context,
      );
  }
}

/** Reasons that may be why; incidental ones only where there is nothing else. Nodes with findings speak for themselves. */
function classesOf(
  { finding, pod }: Waiting,
  nodesAreKnown: boolean,
  snapshot: ClusterSnapshot,
): readonly SchedulingClass[] {
  if (finding.code === 'pod-scheduling-gated') return ['gated'];
  const present = ORDER.filter((reason) => saidOf(finding, reason, snapshot).length > 0);
  const telling = present.filter((reason) => saidOf(finding, reason, snapshot).some((one) => !isIncidental(one)));
  // What keeps a claim unbound, or taken, are families of their own.
  if (telling.length > 0)
    return telling.filter(
      (reason) =>
        reason !== 'volume' ||
        (unboundClaims(pod, snapshot).length === 0 && exclusiveHolder(snapshot, finding.resource) === undefined),
    );
  if (
    texts(finding, 'classes').includes('capacity') ||
    (nodesAreKnown && namesNodeState(finding, NODE_STATES, snapshot))
  )
    return [];
  return present;
}

function hypothesisOf(
  cause: PlacementCause,
  reason: SchedulingClass,
  group: readonly Waiting[],
  context: CauseContext,
): Hypothesis {
  const { examination } = context;
  const [first] = group as [Waiting];
  const workload = workloadRef(first.finding);
  const mixed = group.some(({ finding }) => texts(finding, 'classes').includes('capacity'));
  const detail = cause.detail?.(first, examination.snapshot) ?? '';
  const seen = [...new Set(group.flatMap((one) => seenApart(context.findings, reason, one)))];
  const isSure = reason === 'volume-zone' && seen.length > 0;
  const held = behindTaint(reason, group, examination.world);
  return {
    class: cause.class,
    resource: workload,
    title: `${cause.title} (${refText(workload)})`,
    statement: `${group.length} pod${group.length === 1 ? '' : 's'} of ${refText(workload)} cannot be scheduled: ${cause.why}${detail === '' ? '' : ` (${detail})`}.`,
    effects: [
      ...partsOf(seen, 'it is the same obstacle, seen on its own'),
      ...effectsOn(
        group.map(({ finding }) => finding),
        cause.why,
      ),
    ],
    evidence: [...seen.slice(0, 1), ...group.map(({ finding }) => finding)]
      .flatMap(({ evidence }) => evidence)
      .slice(0, 6),
    weighings: isSure
      ? [NOWHERE]
      : [
          ...(!mixed && isLifted(cause, group, examination.world)
            ? LIFTABLE
            : [(mixed ? undefined : held) ?? prevalence(first.finding, reason, examination.snapshot)]),
          // Tainted and unmatched nodes are named in passing whenever the matching ones are merely full.
          ...(mixed ? [held ?? amongFull(cause, group, examination.world)] : []),
        ],
    remediation: { class: cause.remediation[0], text: cause.remediation[1] },
    counterfactuals: () => outcomesOf(cause, group, examination.world),
  };
}

const NOWHERE: Weighing = { observation: 'no node of the cluster can use the volume', ratio: STRENGTH.stated };

/** Findings that say of volumes or nodes what the scheduler says of the pod. */
function seenApart(findings: FindingIndex, reason: SchedulingClass, { finding }: Waiting): readonly Finding[] {
  if (reason === 'volume-limit')
    return findings.ofCode('node-volume-limit').filter(({ severity }) => severity !== 'low');
  if (reason !== 'volume-zone' && reason !== 'unschedulable') return [];
  const { namespace, name } = finding.resource;
  const cordons = reason === 'unschedulable' ? findings.ofCode('node-cordoned') : [];
  const volumes = findings
    .ofCode('volume-zone-conflict')
    .filter(
      (one) => texts(one, 'pods').includes(`${namespace}/${name}`) && (reason === 'volume-zone' || hasNodes(one)),
    );
  return [...cordons, ...volumes];
}

/** The volume lies where there are nodes, which are out of service. */
function hasNodes(finding: Finding): boolean {
  return text(finding, 'cause') === 'nodes-out';
}

/** A rule that somebody can lift at once and that would place every pod is no passing remark of the scheduler. */
function amongFull(cause: PlacementCause, group: readonly Waiting[], world: SchedulingWorld): Weighing {
  return isLifted(cause, group, world)
    ? { observation: 'the other nodes are full, and without this all pods would fit', ratio: STRENGTH.hint }
    : { observation: 'other nodes would do but are full', ratio: STRENGTH.contradicted };
}

/** However many nodes give another reason: that holds on them by design, and this by somebody's hand and for a while. */
const LIFTABLE: readonly Weighing[] = [
  { observation: 'without this all pods would fit', ratio: STRENGTH.stated },
  { observation: 'it is a passing state', ratio: STRENGTH.hint },
];

function isLifted(cause: PlacementCause, group: readonly Waiting[], world: SchedulingWorld): boolean {
  const lift = cause.isPassing === true ? cause.lift?.[1] : undefined;
  const lifted = lift === undefined ? [] : group.map(({ pod, finding }) => lift(pod, finding, world.snapshot));
  return lifted.length > 0 && fitting(world, lifted) === group.length;
}

/** What the scheduler asks of nodes that match the pod's selector and affinity, and of no others. */
const ASKED_LATER = [
  'host-port',
  'volume-limit',
  'volume-zone',
  'volume',
  'spread',
  'inter-pod',
] as const satisfies readonly SchedulingClass[];

/** The more of the nodes that could matter give a reason, the more it is why. */
function prevalence(finding: Finding, reason: SchedulingClass, snapshot: ClusterSnapshot): Weighing {
  const count = (of: SchedulingClass): number =>
    saidOf(finding, of, snapshot).reduce((sum, one) => sum + (isIncidental(one) ? 0 : one.count), 0);
  const later = ASKED_LATER.some((one) => count(one) > 0);
  if (later && reason === 'affinity')
    return { observation: 'some nodes match, and are refused for another reason', ratio: STRENGTH.unlikely };
  const most = Math.max(...ORDER.filter((one) => !later || one !== 'affinity').map(count));
  const own = count(reason);
  return own >= most
    ? { observation: 'the scheduler gives this reason', ratio: STRENGTH.stated }
    : {
        observation: `the scheduler gives this reason for ${own} of the nodes, and another for ${most}`,
        ratio: STRENGTH.typical,
      };
}

/** By the scheduling filters: with the rule lifted, and with further nodes where those help. */
function outcomesOf(
  cause: PlacementCause,
  group: readonly Waiting[],
  world: SchedulingWorld,
): readonly Counterfactual[] {
  const pods = group.map(({ pod }) => pod);
  const lifted: Counterfactual[] = [];
  if (cause.lift !== undefined && world.nodes.length > 0) {
    const [change, lift] = cause.lift;
    const without = group.map(({ pod, finding }) => lift(pod, finding, world.snapshot));
    lifted.push(outcome(change, fitting(world, without), pods.length));
  }
  if (cause.nodeHelps !== true) return lifted;
  const steps = withMoreNodes(world, pods, nodeKinds(world)).flatMap((growth) => growth.slice(-1));
  const [best] = steps.sort((a, b) => b.fits - a.fits || a.nodes - b.nodes);
  return best === undefined ? lifted : [...lifted, moreNodesOutcome(best)];
}

function moreNodesOutcome({ kind, nodes, fits, pods }: MoreNodes): Counterfactual {
  const where = kind.zone === '' ? '' : ` in ${kind.zone}`;
  return outcome(`with ${nodes} more ${kind.machineType} ${nodes === 1 ? 'node' : 'nodes'}${where}`, fits, pods);
}

function outcome(change: string, resolved: number, affected: number): Counterfactual {
  return { change, outcome: fitText(resolved, affected), resolved, affected };
}

function noNodes(group: readonly Waiting[]): Hypothesis {
  return {
    class: 'no-nodes',
    resource: { group: '', kind: 'Node', namespace: '', name: '(all)' },
    title: 'The cluster has no node that pods could be placed on',
    statement: `${group.length === 1 ? 'One pod waits' : `${group.length} pods wait`}, and the scheduler knows of no node at all.`,
    effects: effectsOn(
      group.map(({ finding }) => finding),
      'without a node nothing can be placed',
    ),
    evidence: group.flatMap(({ finding }) => finding.evidence.slice(0, 2)).slice(0, 6),
    weighings: [{ observation: 'the scheduler says that no nodes are available', ratio: STRENGTH.stated }],
    remediation: { class: 'add-capacity', text: 'Add a node pool, or bring its nodes back.' },
  };
}

type PodSpec = NonNullable<Pod['spec']>;

function withSpec(pod: Pod, changes: Partial<PodSpec>): Pod {
  return { ...pod, spec: { ...(pod.spec ?? { containers: [] }), ...changes } };
}

function taintsOf(finding: Finding, snapshot: ClusterSnapshot) {
  return taintReasons(finding, snapshot).flatMap((reason) =>
    reason.taint === undefined || isIncidental(reason) ? [] : [reason.taint],
  );
}

/** For the taints that the scheduler names; for all where it names none, as from 1.36 on. */
function tolerationsFor(finding: Finding, snapshot: ClusterSnapshot): NonNullable<PodSpec['tolerations']> {
  const keys = [...new Set(taintsOf(finding, snapshot).map(({ key }) => key))];
  return keys.length === 0 ? [{ operator: 'Exists' }] : keys.map((key) => ({ key, operator: 'Exists' }));
}

function selectorOf({ spec }: Pod): string {
  const labels = Object.entries(spec?.nodeSelector ?? {}).map(([key, value]) => `${key}=${value}`);
  const affinity =
    spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution === undefined ? [] : ['node affinity'];
  return [...labels.sort(), ...affinity].join(', ');
}

function hostPortsOf({ spec }: Pod): readonly number[] {
  return (spec?.containers ?? []).flatMap(({ ports = [] }) => ports.flatMap(({ hostPort }) => hostPort ?? []));
}

function withoutHostPorts(pod: Pod): Pod {
  const free = (pod.spec?.containers ?? []).map((container) => ({ ...container, ports: [] }));
  return withSpec(pod, { containers: free, hostNetwork: false });
}

/** Zones of the pod's bound volumes, as their node affinity says. */
function volumeZones({ metadata, spec }: Pod, snapshot: ClusterSnapshot): string {
  const claims = (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
  const names = claims.flatMap(
    (claim) => snapshot.get('PersistentVolumeClaim', metadata.namespace ?? '', claim)?.spec?.volumeName ?? [],
  );
  const terms = names.flatMap(
    (name) => snapshot.get('PersistentVolume', '', name)?.spec?.nodeAffinity?.required?.nodeSelectorTerms ?? [],
  );
  const zones = terms.flatMap(({ matchExpressions = [] }) =>
    matchExpressions.filter(({ key }) => key.includes('zone')).flatMap(({ values = [] }) => values),
  );
  return [...new Set(zones)].sort().join(', ');
}
