/** Who else sets, or goes by, the requests of a workload: autoscalers of pods and of their number. */
import {
  vpaRecommendations,
  type ClusterSnapshot,
  type KindMap,
  type KubeObject,
  type VpaRecommendation,
} from '@aia/cluster';
import type { SizedResource } from './container-size.ts';

type Autoscaler = KindMap['HorizontalPodAutoscaler'];

/** What autoscalers mean for the requests of one workload. */
export interface Autoscaled {
  /** Resources whose utilisation an HPA scales by, with its name: another request would shift its target. */
  readonly scaledBy: ReadonlyMap<SizedResource, string>;
  /** A VerticalPodAutoscaler that sets requests by itself. */
  readonly setBy: string | undefined;
  /** What VerticalPodAutoscalers recommend, by container. */
  readonly recommended: ReadonlyMap<string, VpaRecommendation>;
}

interface Index {
  readonly horizontal: ReadonlyMap<string, readonly Autoscaler[]>;
  readonly vertical: ReadonlyMap<string, readonly KubeObject[]>;
}

const indexes = new WeakMap<ClusterSnapshot, Index>();

/** Looks autoscalers of a workload up; cheap after the first time. */
export function autoscaledOf(workload: KubeObject, snapshot: ClusterSnapshot): Autoscaled {
  const { horizontal, vertical } = indexes.get(snapshot) ?? indexed(snapshot);
  const key = keyOf(workload.metadata.namespace ?? '', workload.kind, workload.metadata.name);
  const vpas = vertical.get(key) ?? [];
  const acting = vpas.find((vpa) => modeOf(vpa) !== 'Off');
  return {
    scaledBy: new Map(
      (horizontal.get(key) ?? []).flatMap((hpa) =>
        utilisationOf(hpa).map((name) => [name, hpa.metadata.name] as const),
      ),
    ),
    setBy: acting?.metadata.name,
    recommended: new Map(vpas.flatMap((vpa) => vpaRecommendations(vpa).map((one) => [one.container, one] as const))),
  };
}

function indexed(snapshot: ClusterSnapshot): Index {
  const index: Index = {
    horizontal: Map.groupBy(snapshot.list('HorizontalPodAutoscaler'), ({ metadata, spec }) =>
      keyOf(metadata.namespace ?? '', spec?.scaleTargetRef.kind ?? '', spec?.scaleTargetRef.name ?? ''),
    ),
    vertical: Map.groupBy(snapshot.listOf('autoscaling.k8s.io', 'VerticalPodAutoscaler'), (vpa) => {
      const { kind = '', name = '' } = (vpa as Vertical).spec?.targetRef ?? {};
      return keyOf(vpa.metadata.namespace ?? '', kind, name);
    }),
  };
  indexes.set(snapshot, index);
  return index;
}

interface Vertical extends KubeObject {
  readonly spec?: {
    readonly targetRef?: { readonly kind?: string; readonly name?: string };
    readonly updatePolicy?: { readonly updateMode?: string };
  };
}

/** Without a mode it acts. Source: the default of `updateMode`. */
function modeOf(vpa: KubeObject): string {
  return (vpa as Vertical).spec?.updatePolicy?.updateMode ?? 'Auto';
}

/** Resources of which it holds a share of the requests; CPU where it names no metrics. */
function utilisationOf({ spec }: Autoscaler): readonly SizedResource[] {
  const { metrics } = spec ?? {};
  if (metrics === undefined || metrics.length === 0) return ['cpu'];
  return metrics.flatMap(({ resource, containerResource }) => {
    const metric = resource ?? containerResource;
    const isShare = metric?.target?.type === 'Utilization';
    return isShare && (metric.name === 'cpu' || metric.name === 'memory') ? [metric.name] : [];
  });
}

function keyOf(namespace: string, kind: string, name: string): string {
  return `${namespace}/${kind}/${name}`;
}
