/** What pods demand about other pods becomes what they prefer. */
import type { PodSpec } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { withRoomMade } from './room-made.ts';
import { podSpecOf, restored, templateRemedies, type TemplateRepair } from '../../rollout/template-repair.ts';

const MINUTE = 60_000;
/** The strongest preference that there is. */
const WEIGHT = 100;

/** For pods whose rules about other pods leave no node. */
export const relaxAffinity: ActionKind = {
  kind: 'relax-affinity',
  title: 'Relax an affinity',
  explanation:
    'Turns required rules about other pods into the strongest preference, so that replicas are still kept apart where there is room, or takes back the rules of an earlier revision. Never fewer replicas than are wanted.',
  capability: 'scheduling',
  prior: { alpha: 9, beta: 1, basis: 'a preference refuses no node' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.07,
  propose: (planning) => planning.causesOf('pod-affinity-unmatched').flatMap((cause) => remediesFor(cause, planning)),
};

function remediesFor(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const found = podSpecOf(cause, planning);
  if (found === undefined) return [];
  const { workload, spec } = found;
  const repairs = [...relaxed(spec), ...restored(workload, spec, ['affinity'], 'the rules about other pods', planning)];
  return templateRemedies({ kind: relaxAffinity.kind, cause, workload, repairs }, planning).map((remedy) =>
    withRoomMade(remedy, workload, spec, planning),
  );
}

type Affinity = NonNullable<PodSpec['affinity']>;
type Rules = NonNullable<Affinity['podAntiAffinity']>;

const RULES = [
  ['podAntiAffinity', 'Prefer to keep its replicas apart instead of demanding it', 0.95],
  ['podAffinity', 'Prefer to be near other pods instead of demanding it', 0.85],
] as const;

function relaxed(spec: PodSpec): readonly TemplateRepair[] {
  const { affinity } = spec;
  return RULES.flatMap(([field, title, fit]): readonly TemplateRepair[] => {
    const rules = affinity?.[field];
    if (affinity === undefined || (rules?.requiredDuringSchedulingIgnoredDuringExecution ?? []).length === 0) return [];
    return [
      {
        spec: { ...spec, affinity: { ...affinity, [field]: preferring(rules ?? {}) } },
        title,
        reason: `The rule cannot be met with as many places as there are; as a preference of weight ${WEIGHT} it holds wherever it can.`,
        confidence: 0.85,
        fit,
        risks: [{ reason: 'replicas may come to stand together, and fail together', adds: 0.05 }],
      },
    ];
  });
}

function preferring(rules: Rules): Rules {
  const { requiredDuringSchedulingIgnoredDuringExecution: required = [], ...others } = rules;
  const preferred = required.map((podAffinityTerm) => ({ weight: WEIGHT, podAffinityTerm }));
  return {
    ...others,
    preferredDuringSchedulingIgnoredDuringExecution: [
      ...(others.preferredDuringSchedulingIgnoredDuringExecution ?? []),
      ...preferred,
    ],
  };
}
