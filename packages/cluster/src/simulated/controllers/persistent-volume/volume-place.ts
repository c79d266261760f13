/** Where a volume is made, and from where it can be reached then. Source: https://kubernetes.io/docs/concepts/storage/storage-classes/#allowed-topologies */
import type { KindMap, PersistentVolume, PersistentVolumeClaim } from '../../../model/kinds.ts';
import { NODES } from '../../api/built-in-types.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { SELECTED_NODE } from './binder-controller.ts';

type StorageClass = KindMap['StorageClass'];
type NodeAffinity = NonNullable<NonNullable<PersistentVolume['spec']>['nodeAffinity']>;

/** Nodes with a value of a label. */
export interface VolumePlace {
  /** `topology.kubernetes.io/zone`. */
  readonly key: string;
  /** One, or the two zones of a regional disk. */
  readonly values: readonly string[];
}

const ZONES: ReadonlySet<string> = new Set(['topology.kubernetes.io/zone', 'topology.gke.io/zone']);

/**
 * Near the node that the scheduler chose, else where the class allows it; in `copies` places. The first of `keys` that nodes know counts.
 * `undefined` where no node knows any.
 */
export function placeFor(
  { api: { store } }: SimulationContext,
  { metadata }: PersistentVolumeClaim,
  { allowedTopologies = [] }: StorageClass,
  keys: readonly string[],
  copies = 1,
): VolumePlace | undefined {
  const selected = store.get(NODES, '', metadata.annotations?.[SELECTED_NODE] ?? '');
  const nodes = [...store.list(NODES)];
  const key = keys.find((one) => nodes.some((node) => node.metadata.labels?.[one] !== undefined));
  if (key === undefined) return undefined;
  const allowed = allowedTopologies
    .flatMap(({ matchLabelExpressions = [] }) => matchLabelExpressions)
    .find((expression) => isSame(expression.key, key))?.values;
  const chosen = selected?.metadata.labels?.[key];
  if (chosen !== undefined && copies === 1) return { key, values: [chosen] };
  const all = [...new Set(allowed ?? labelValues(nodes, key))].sort();
  const first = Math.max(0, chosen === undefined ? pick(all.length, metadata.name) : all.indexOf(chosen));
  const values = Array.from({ length: Math.min(copies, all.length) }, (_, i) => all[(first + i) % all.length] ?? '');
  return values.length === 0 ? undefined : { key, values: values.sort() };
}

/** Nodes in any of the places. */
export function affinityTo({ key, values }: VolumePlace): NodeAffinity {
  return { required: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator: 'In', values: [...values] }] }] } };
}

/** Zones are zones, whoever named the label. */
function isSame(a: string, b: string): boolean {
  return a === b || (ZONES.has(a) && ZONES.has(b));
}

function labelValues(nodes: readonly KindMap['Node'][], key: string): readonly string[] {
  return nodes.flatMap(({ metadata }) => metadata.labels?.[key] ?? []);
}

/** Claims of a StatefulSet are spread over the zones by their ordinals. */
function pick(count: number, name: string): number {
  if (count === 0) return 0;
  const ordinal = /-(\d+)$/.exec(name)?.[1];
  const base = [...name.replace(/-\d+$/, '')].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_521, 7);
  return (base + Number(ordinal ?? 0)) % count;
}
