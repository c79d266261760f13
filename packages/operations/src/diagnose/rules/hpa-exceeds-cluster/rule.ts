/** An autoscaler whose maximum does not fit into the cluster. */
import { formatCpu, podRequests, refOf, type Pod, type Resources } from '@aia/cluster';
import { autoscalerName, autoscalers, targetKey, type AutoscalerCase } from '../../workloads/autoscalers.ts';
import { memoryText } from '../../pods/container-memory.ts';
import type { Examination } from '../../examination.ts';
import { knownFacts, type FindingDraft } from '../../finding.ts';
import { mayGrow } from '../../nodes/growth.ts';
import type { Rule } from '../../rule.ts';

/** Facts: maximum, resources (that do not suffice), nodes (that its pods may run on), workload (key of the target). */
export const rule: Rule = {
  code: 'hpa-exceeds-cluster',
  title: 'Maximum of autoscaler does not fit into the cluster',
  severity: 'low',
  explanation:
    'At maxReplicas the pods of the target would request more CPU or memory than all nodes that they may run on have together, even if these ' +
    'were empty, so part of them would stay Pending under the very load that the autoscaler is for. One further finding says so of all ' +
    'autoscalers together. The rule stays silent where nodes were not read, where the cluster can grow (an autoscaler with groups below ' +
    'their maximum, Autopilot, Karpenter), and for pods that request nothing.',
  remediation: {
    class: 'add-capacity',
    text: 'Lower maxReplicas to what fits, add nodes or let the pool grow.',
  },
  aliases: { popeye: ['602', '603', '604', '605'] },
  needs: ['nodes'],
  *check(examination) {
    const { world } = examination;
    if (world.nodes.length === 0 || mayGrow(examination.snapshot)) return;
    const needs = autoscalers(examination).flatMap((one) => needOf(examination, one) ?? []);
    const tooLarge = needs.filter(isTooLarge);
    for (const need of tooLarge) yield ofOne(need);
    const fitting = needs.filter((need) => !isTooLarge(need));
    if (fitting.length > 1) yield* ofAll(examination, fitting);
  },
};

/** What an autoscaler's target asks for at its maximum, and what the nodes it may run on have. */
interface Need {
  readonly one: AutoscalerCase;
  readonly maximum: number;
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly room: Room;
}

interface Room {
  readonly nodes: number;
  readonly cpuMillis: number;
  readonly memoryBytes: number;
}

function needOf(examination: Examination, one: AutoscalerCase): Need | undefined {
  const { hpa, target } = one;
  const template = target.state === 'found' ? target.object.spec?.template : undefined;
  const maximum = hpa.spec?.maxReplicas ?? 0;
  if (template?.spec === undefined || maximum <= 0) return undefined;
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: '(one more)', namespace: hpa.metadata.namespace ?? '' },
    spec: template.spec,
  };
  const { cpuMillis, memoryBytes } = podRequests(pod);
  if (cpuMillis + memoryBytes === 0) return undefined;
  const room = roomFor(examination, pod);
  return { one, maximum, cpuMillis: cpuMillis * maximum, memoryBytes: memoryBytes * maximum, room };
}

const rooms = new WeakMap<Examination, Map<string, Room>>();

/** What all nodes have together that the pod's selectors and tolerations allow; equal ones are asked once. */
function roomFor(examination: Examination, pod: Pod): Room {
  const known = rooms.get(examination) ?? new Map<string, Room>();
  rooms.set(examination, known);
  const { nodeSelector, tolerations, affinity } = pod.spec ?? {};
  const key = JSON.stringify([nodeSelector, tolerations, affinity?.nodeAffinity]);
  const room = known.get(key) ?? sumOf(examination, barePod(pod));
  known.set(key, room);
  return room;
}

/** Only what decides about nodes as such. */
function barePod(pod: Pod): Pod {
  const { nodeSelector, tolerations, affinity } = pod.spec ?? {};
  return {
    ...pod,
    spec: {
      containers: [],
      ...(nodeSelector !== undefined && { nodeSelector }),
      ...(tolerations !== undefined && { tolerations }),
      ...(affinity?.nodeAffinity !== undefined && { affinity: { nodeAffinity: affinity.nodeAffinity } }),
    },
  };
}

/** A full node counts: the question is what would fit if the cluster were empty. */
function sumOf({ world }: Examination, pod: Pod): Room {
  const open = world.nodes.filter(({ name }) =>
    world.refusals(pod, name).every(({ filter }) => filter === 'NodeResourcesFit'),
  );
  const total = (pick: (resources: Resources) => number) =>
    open.reduce((sum, { allocatable }) => sum + pick(allocatable), 0);
  return {
    nodes: open.length,
    cpuMillis: total(({ cpuMillis }) => cpuMillis),
    memoryBytes: total(({ memoryBytes }) => memoryBytes),
  };
}

function isTooLarge({ cpuMillis, memoryBytes, room }: Need): boolean {
  return cpuMillis > room.cpuMillis || memoryBytes > room.memoryBytes;
}

type Amounts = Pick<Room, 'cpuMillis' | 'memoryBytes'>;

/** Resources that do not suffice, and the same in words: `40 CPU of 8`. */
function lackOf(need: Amounts, room: Amounts): { readonly resources: readonly string[]; readonly text: string } {
  const cpu = need.cpuMillis > room.cpuMillis;
  const memory = need.memoryBytes > room.memoryBytes;
  const parts = [
    ...(cpu ? [`${formatCpu(need.cpuMillis)} CPU of ${formatCpu(room.cpuMillis)}`] : []),
    ...(memory ? [`${memoryText(need.memoryBytes)} memory of ${memoryText(room.memoryBytes)}`] : []),
  ];
  return { resources: [...(cpu ? ['cpu'] : []), ...(memory ? ['memory'] : [])], text: parts.join(' and ') };
}

function ofOne(need: Need): FindingDraft {
  const { one, maximum, room } = need;
  const { resources, text } = lackOf(need, room);
  const nodes = room.nodes === 1 ? '1 node that its pods' : `${room.nodes} nodes that its pods`;
  return {
    resource: refOf(one.hpa),
    message: `${autoscalerName(one.hpa)} at its maximum of ${maximum} replicas would request ${text} that the ${nodes} may run on have.`,
    evidence: [{ kind: 'calculation', text: `${maximum} replicas request ${text}` }],
    facts: knownFacts({ maximum, resources, nodes: room.nodes, workload: targetKey(one) }),
  };
}

/** Each fits by itself; together they need not. */
function* ofAll({ world }: Examination, needs: readonly Need[]): Iterable<FindingDraft> {
  const sum = (amounts: readonly Amounts[]): Amounts => ({
    cpuMillis: amounts.reduce((total, one) => total + one.cpuMillis, 0),
    memoryBytes: amounts.reduce((total, one) => total + one.memoryBytes, 0),
  });
  const { resources, text } = lackOf(sum(needs), sum(world.nodes.map(({ allocatable }) => allocatable)));
  if (resources.length === 0) return;
  yield {
    resource: { group: '', kind: 'Cluster', namespace: '', name: 'autoscalers' },
    message: `${needs.length} autoscalers at their maxima together would request ${text} that the ${world.nodes.length} nodes have.`,
    evidence: [
      { kind: 'calculation', text: `the targets of ${needs.length} autoscalers at maxReplicas request ${text}` },
    ],
    facts: { resources, nodes: world.nodes.length, autoscalers: needs.length },
  };
}
