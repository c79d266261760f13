/** Gives what pushed others off their nodes no more priority than these have. */
import { compare, refOf, timeOf, type ClusterSnapshot, type KubeObject, type Pod, type PodSpec } from '@aia/cluster';
import type { AssessedRootCause, Condition } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { easedRollout, isRolling, replicasOf, type Easing } from '../../rollout/eased-rollout.ts';
import { ownPods } from '../../rollout/placing.ts';
import { podSpecOf, restored, templateRemedies, type TemplateRepair } from '../../rollout/template-repair.ts';
import { without } from '../../rollout/without.ts';

const MINUTE = 60_000;
/** With the same priority nobody is pushed off a node, and nobody gets back what was taken. */
const EQUAL = 0.8;
/** The API takes no lower value. */
const LEAST = -2_147_483_648;

/** For workloads whose pods took the room of others by their priority. */
export const lowerPriority: ActionKind = {
  kind: 'lower-priority',
  title: 'Lower a priority',
  explanation:
    'Gives a workload that preempted others the priority of an earlier revision, that of the highest class below theirs, one made for it, or none. Its pods then wait for room like any other; none is scaled down.',
  capability: 'scheduling',
  prior: { alpha: 8, beta: 2, basis: 'what was meant to be urgent has to wait' },
  durationMs: { optimistic: 2 * MINUTE, likely: 5 * MINUTE, pessimistic: 30 * MINUTE },
  baseRisk: 0.12,
  propose: (planning) => planning.causesOf('preempted-by-priority').flatMap((cause) => remediesFor(cause, planning)),
};

function remediesFor(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const found = podSpecOf(cause, planning);
  if (found === undefined) return [];
  const { workload, spec } = found;
  const displaced = displacedBy(cause, workload, planning);
  const bound = Math.min(...displaced.map((pod) => pod.spec?.priority ?? 0), Infinity);
  const repairs = [
    ...restored(workload, spec, ['priorityClassName', 'priority', 'preemptionPolicy'], 'the priority', planning).map(
      (repair) => ({ ...repair, fit: valueOf(repair.spec, planning) < bound ? 0.95 : EQUAL }),
    ),
    ...lowered(spec, bound, planning),
  ].filter((repair) => repair.before !== undefined || valueOf(repair.spec, planning) <= bound);
  const waiting = new Set(displaced.flatMap((pod) => planning.workloadOf(refOf(pod)) ?? []));
  const conditions = [...waiting].map((one): Condition => ({ kind: 'scheduled', target: refOf(one) }));
  const asked = { kind: lowerPriority.kind, cause, workload, repairs, isPlaced: false };
  const remedies = templateRemedies({ ...asked, probe: { conditions, withinMs: 20 * MINUTE } }, planning).map(
    (remedy) => (isNewcomer(workload, [...waiting]) ? yielding(remedy) : remedy),
  );
  return isRolling(workload) ? remedies.map((remedy) => easedRollout(remedy, workload, easingOf(workload))) : remedies;
}

/** Who came after all whose room it took has to wait; between those that were there before, moving what is missing is no repair. */
function isNewcomer({ metadata }: KubeObject, displaced: readonly KubeObject[]): boolean {
  const madeAt = ({ creationTimestamp = '' }: KubeObject['metadata']) => timeOf(creationTimestamp) ?? 0;
  return displaced.length > 0 && displaced.every((one) => madeAt(one.metadata) < madeAt(metadata));
}

function yielding(remedy: Remedy): Remedy {
  const leavesShort =
    'It came last, and took the room of what was there before; its pods wait until there is room for all.';
  return {
    ...remedy,
    drafts: remedy.drafts.map((draft) => ({ ...draft, reason: `${draft.reason} ${leavesShort}`, leavesShort })),
  };
}

/** Whoever keeps its place until its successor has one keeps the others waiting. */
function easingOf(workload: KubeObject): Easing {
  return {
    maxUnavailable: replicasOf(workload),
    why: 'Its pods end before their successors begin, as these wait for what is left.',
    outage: 'its pods end, and begin again as far as there is room',
  };
}

/** Pods of others that wait for it. */
function displacedBy(cause: AssessedRootCause, workload: KubeObject, planning: Planning): readonly Pod[] {
  const own = new Set(ownPods(workload, planning));
  return planning
    .findingsOf(cause)
    .flatMap(({ resource }) => planning.snapshot.get('Pod', resource.namespace, resource.name) ?? [])
    .filter((pod) => !own.has(pod));
}

function lowered(spec: PodSpec, bound: number, { snapshot }: Planning): readonly TemplateRepair[] {
  const free = without(spec, 'priorityClassName', 'priority', 'preemptionPolicy');
  const classes = snapshot
    .list('PriorityClass')
    .filter(({ value = 0, metadata }) => value < bound && !metadata.name.startsWith('system-'))
    .toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0) || compare(a.metadata.name, b.metadata.name));
  const [best] = classes;
  const reason = `It has the priority of class ${spec.priorityClassName ?? ''}, by which its pods pushed others off their nodes; these have ${bound}.`;
  return [
    ...(best === undefined
      ? []
      : [
          {
            spec: { ...free, priorityClassName: best.metadata.name },
            title: `Give it the priority class ${best.metadata.name}`,
            reason,
            evidence: [fieldEvidence(best, 'value', best.value ?? 0)],
            confidence: 0.75,
            fit: 0.92,
          },
        ]),
    ...(best === undefined ? [belowAll(free, bound, reason, snapshot)] : []),
    { spec: free, title: 'Give it no priority', reason, confidence: 0.6, fit: EQUAL },
  ];
}

/** With a class that is made for it, as there is none below what waits. */
function belowAll(free: PodSpec, bound: number, reason: string, snapshot: ClusterSnapshot): TemplateRepair {
  const isTaken = (name: string) => snapshot.get('PriorityClass', '', name) !== undefined;
  const name = ['low-priority', 'lower-priority', 'lowest-priority'].find((one) => !isTaken(one)) ?? `below-${bound}`;
  const object = {
    ...{ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name } },
    ...{ value: Math.max(LEAST, bound - 1), preemptionPolicy: 'Never' },
    description: 'For what may wait: below what serves, and preempting nobody.',
  };
  return {
    ...{ spec: { ...free, priorityClassName: name }, reason, before: [{ kind: 'create', object }] },
    ...{ title: `Give it a priority class below what waits`, confidence: 0.75, fit: 0.92 },
  };
}

/** What admission will make of it. */
function valueOf({ priorityClassName }: PodSpec, { snapshot }: Planning): number {
  const classes = snapshot.list('PriorityClass');
  const named = classes.find(({ metadata, globalDefault }) =>
    priorityClassName === undefined ? globalDefault === true : metadata.name === priorityClassName,
  );
  return named?.value ?? 0;
}
