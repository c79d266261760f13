/** Bounds of HorizontalPodAutoscalers that keep wanted replicas away. */
import { fitPods, type KindMap, type Pod } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { mayGrow } from '../../../diagnose/nodes/growth.ts';
import { plainRef } from '../../capacity/room.ts';
import { podsByOwner } from '../../capacity/workload-pods.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';

type Autoscaler = KindMap['HorizontalPodAutoscaler'];

const MINUTE = 60_000;
/** More replicas at once hide what else may be wrong. */
const MOST_TIMES = 3;

/** Proposes as many more replicas as bring the metric to its target, as far as the nodes take them. */
export const tuneAutoscaler: ActionKind = {
  kind: 'tune-autoscaler',
  title: 'Tune a HorizontalPodAutoscaler',
  explanation:
    'Raises maxReplicas to what brings the measured metric to its target and one to spare, at most three times what it is, as far as the scheduling filters place the pods on the nodes there are or the cluster may still grow. It refuses where more replicas find no place.',
  capability: 'capacity',
  prior: { alpha: 8, beta: 2, basis: 'more replicas help where the load is spread over them' },
  durationMs: { optimistic: MINUTE, likely: 5 * MINUTE, pessimistic: 30 * MINUTE },
  baseRisk: 0.05,
  propose: (planning) => planning.causesOf('hpa-at-maximum').flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const hpa = planning.object(cause.resource) as Autoscaler | undefined;
  const maximum = hpa?.spec?.maxReplicas;
  const wanted = hpa === undefined ? undefined : replicasFor(hpa);
  if (hpa === undefined || maximum === undefined || wanted === undefined || wanted <= maximum) return undefined;
  const most = Math.min(wanted, maximum + roomFor(hpa, wanted - maximum, planning));
  if (most <= maximum) return undefined;
  const { name, namespace = '' } = hpa.metadata;
  const title = `Let HorizontalPodAutoscaler ${namespace}/${name} run up to ${most} replicas instead of ${maximum}`;
  return {
    title,
    resolves: [cause.id],
    fit: most === wanted ? 0.95 : 0.6,
    drafts: [
      {
        kind: 'tune-autoscaler',
        title,
        target: plainRef(hpa),
        reason: `${cause.title}. By its own metric it would run ${wanted - 1}; one is to spare${most < wanted ? `, and ${most - maximum} more find a place` : ''}.`,
        evidence: [fieldEvidence(hpa, 'spec.maxReplicas', String(maximum)), ...cause.evidence.slice(0, 2)],
        confidence: 0.8,
        changes: [
          { kind: 'patch', target: plainRef(hpa), patch: { type: 'merge', patch: { spec: { maxReplicas: most } } } },
        ],
        probe: {
          conditions: [{ kind: 'field', target: plainRef(hpa), path: 'spec.maxReplicas', value: most }],
          withinMs: 10 * MINUTE,
          soakMs: 5 * MINUTE,
        },
        risks: [{ reason: 'more replicas may overload what they call', adds: 0.05 }],
      },
    ],
  };
}

/** Replicas by the largest ratio of a metric to its target, and one more; `undefined` where no metric was read. */
function replicasFor({ spec, status }: Autoscaler): number | undefined {
  const replicas = status?.currentReplicas ?? 0;
  const targets = new Map(
    (spec?.metrics ?? []).map(({ resource }) => [resource?.name, resource?.target?.averageUtilization]),
  );
  const ratios = (status?.currentMetrics ?? []).flatMap(({ resource }) => {
    const [now, target] = [resource?.current?.averageUtilization, targets.get(resource?.name)];
    return now === undefined || target === undefined || target <= 0 ? [] : [now / target];
  });
  if (ratios.length === 0 || replicas === 0) return undefined;
  return Math.min(Math.ceil(replicas * Math.max(...ratios)) + 1, replicas * MOST_TIMES);
}

/** How many more replicas find a place; all where the cluster may grow for them. */
function roomFor({ spec, metadata }: Autoscaler, more: number, { snapshot, examination }: Planning): number {
  if (mayGrow(snapshot)) return more;
  const { group, kind, name } = targetOf(spec?.scaleTargetRef);
  const workload = snapshot.resolve({ group, kind, namespace: metadata.namespace ?? '', name });
  const [model] = workload === undefined ? [] : (podsByOwner(snapshot).get(workload) ?? []);
  if (model === undefined) return 0;
  const copies = Array.from({ length: more }, (_, i): Pod => ({
    ...model,
    metadata: { ...model.metadata, name: `${model.metadata.name}-more-${i}` },
    spec: { ...(model.spec ?? { containers: [] }), nodeName: '' },
  }));
  return fitPods(copies, examination.world).placed;
}

function targetOf(ref: { readonly apiVersion?: string; readonly kind: string; readonly name: string } | undefined) {
  const [group = '', version] = (ref?.apiVersion ?? 'apps/v1').split('/');
  return { group: version === undefined ? '' : group, kind: ref?.kind ?? '', name: ref?.name ?? '' };
}
