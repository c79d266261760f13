/** Spreads pods over what nodes are really labelled with. */
import type { PodSpec } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { nearName } from '../../near-name.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { podSpecOf, restored, templateRemedies, type TemplateRepair } from '../../rollout/template-repair.ts';

const MINUTE = 60_000;
const ZONE = 'topology.kubernetes.io/zone';

/** For pods whose spread constraints leave no node. */
export const fixTopologySpread: ActionKind = {
  kind: 'fix-topology-spread',
  title: 'Fix a topology spread',
  explanation:
    'Spreads over a label that nodes have (the nearest, else their zone), takes back the constraints of an earlier revision, or turns them into a preference (ScheduleAnyway).',
  capability: 'scheduling',
  prior: { alpha: 9, beta: 1, basis: 'the filters that are asked are those of the scheduler' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.06,
  propose: (planning) => planning.causesOf('spread-unsatisfiable').flatMap((cause) => remediesFor(cause, planning)),
};

function remediesFor(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const found = podSpecOf(cause, planning);
  if (found === undefined) return [];
  const { workload, spec } = found;
  const repairs = [
    ...restored(workload, spec, ['topologySpreadConstraints'], 'the spread constraints', planning),
    ...relabelled(spec, planning),
    ...preferred(spec),
  ];
  return templateRemedies({ kind: fixTopologySpread.kind, cause, workload, repairs }, planning);
}

type Constraint = NonNullable<PodSpec['topologySpreadConstraints']>[number];

function isRequired({ whenUnsatisfiable }: Constraint): boolean {
  return whenUnsatisfiable === 'DoNotSchedule';
}

/** Over the nearest label that nodes have; where none is near, over zones, as a preference for want of evidence that it was meant. */
function relabelled(spec: PodSpec, { snapshot }: Planning): readonly TemplateRepair[] {
  const keys = new Set(snapshot.list('Node').flatMap(({ metadata }) => Object.keys(metadata.labels ?? {})));
  const all = spec.topologySpreadConstraints ?? [];
  const unknown = all.filter((one) => isRequired(one) && !keys.has(one.topologyKey));
  if (unknown.length === 0) return [];
  const keyFor = (key: string) => nearName(key, keys) ?? (keys.has(ZONE) ? ZONE : undefined);
  const named = unknown.map(({ topologyKey }) => [topologyKey, keyFor(topologyKey)] as const);
  if (named.some(([, key]) => key === undefined)) return [];
  const replaced = new Map(named);
  const isNear = named.every(([key]) => nearName(key, keys) !== undefined);
  const words = [...replaced.values()].join(', ');
  return [
    {
      spec: {
        ...spec,
        topologySpreadConstraints: all.map((one) => ({
          ...one,
          topologyKey: replaced.get(one.topologyKey) ?? one.topologyKey,
        })),
      },
      title: `Spread over ${words}`,
      reason: `No node has the label ${[...replaced.keys()].join(', ')}; ${words} is ${isNear ? 'the nearest that nodes have' : 'what nodes are in'}.`,
      confidence: isNear ? 0.8 : 0.7,
      fit: isNear ? 0.93 : 0.9,
    },
  ];
}

function preferred(spec: PodSpec): readonly TemplateRepair[] {
  const all = spec.topologySpreadConstraints ?? [];
  if (!all.some(isRequired)) return [];
  return [
    {
      spec: {
        ...spec,
        topologySpreadConstraints: all.map((one) => ({ ...one, whenUnsatisfiable: 'ScheduleAnyway' as const })),
      },
      title: 'Prefer to spread instead of demanding it',
      reason: 'The constraints leave no node; as a preference they hold wherever they can.',
      confidence: 0.8,
      fit: 0.85,
      risks: [{ reason: 'replicas may come to stand together, and fail together', adds: 0.05 }],
    },
  ];
}
