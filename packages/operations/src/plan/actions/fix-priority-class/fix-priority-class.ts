/** Names a PriorityClass that there is. */
import { refOf, type KubeObject, type PodSpec } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { nearName } from '../../near-name.ts';
import { templateOf, type Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { podSpecIn, restored, templateRemedies, type TemplateRepair } from '../../rollout/template-repair.ts';
import { without } from '../../rollout/without.ts';
import { createdClass } from './created-class.ts';

const MINUTE = 60_000;

/** For templates that name a PriorityClass that is not there. */
export const fixPriorityClass: ActionKind = {
  kind: 'fix-priority-class',
  title: 'Fix a priority class',
  explanation:
    'Names the PriorityClass of an earlier revision, the nearest that there is, or none (priority 0); or makes the missing one with value 0 that preempts nobody, as what its value was meant to be is not known.',
  capability: 'scheduling',
  prior: { alpha: 9, beta: 1, basis: 'admission refuses nothing but the name' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.06,
  propose: (planning) => planning.causesOf('priority-class-missing').flatMap((cause) => remediesFor(cause, planning)),
};

/** One cause may stand behind several workloads, which a remedy has to mend all; a class of that name mends them at once. */
function remediesFor(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const name = cause.resource.name;
  const workloads = affectedBy(cause, planning).filter((one) => podSpecIn(one)?.priorityClassName === name);
  const ways = workloads.map((workload) => {
    const spec = podSpecIn(workload) as PodSpec;
    const asked = { kind: fixPriorityClass.kind, cause, workload, repairs: repairsFor(workload, spec, name, planning) };
    return templateRemedies({ ...asked, isPlaced: false }, planning);
  });
  const best = ways.map(([first]) => first).filter((one) => one !== undefined);
  const alone = ways.length === 1 ? (ways[0] ?? []) : [];
  const together =
    ways.length > 1 && best.length === ways.length
      ? [{ ...(best[0] as Remedy), drafts: best.flatMap(({ drafts }) => drafts) }]
      : [];
  return [...alone, ...together, createdClass(fixPriorityClass.kind, cause, workloads)];
}

/** Workloads that the findings of a cause are about, each once, in their order. */
function affectedBy(cause: AssessedRootCause, planning: Planning): readonly KubeObject[] {
  const found = planning
    .findingsOf(cause)
    .flatMap(({ resource }) => planning.workloadOf(resource) ?? [])
    .filter((object) => templateOf(object) !== undefined);
  return [...new Set(found)].toSorted((a, b) => (JSON.stringify(refOf(a)) < JSON.stringify(refOf(b)) ? -1 : 1));
}

function repairsFor(workload: KubeObject, spec: PodSpec, name: string, planning: Planning): readonly TemplateRepair[] {
  const others = without(spec, 'priorityClassName', 'priority', 'preemptionPolicy');
  const classes = planning.snapshot.list('PriorityClass').map(({ metadata }) => metadata.name);
  const near = nearName(
    name,
    classes.filter((one) => !one.startsWith('system-')),
  );
  return [
    ...restored(workload, spec, ['priorityClassName', 'priority', 'preemptionPolicy'], 'the priority', planning),
    ...(near === undefined
      ? []
      : [
          {
            spec: { ...others, priorityClassName: near },
            title: `Name the priority class ${near}`,
            reason: `There is no PriorityClass ${name}; ${near} is the nearest that there is.`,
            confidence: 0.8,
            fit: 0.93,
          },
        ]),
    {
      spec: others,
      title: 'Name no priority class',
      reason: `There is no PriorityClass ${name}, and none of a name near it; without one its pods have the default priority.`,
      confidence: 0.7,
      fit: near === undefined ? 0.88 : 0.8,
      risks: [{ reason: 'its pods may be preempted where they were meant not to be', adds: 0.05 }],
    },
  ];
}
