/** Where the pods of a world run, found by namespace and label. */
import type { Labels, LabelSelector } from '../model/selector.ts';
import type { NodeLedger } from './node-state.ts';
import type { PodProfile } from './pod-profile.ts';

type Placed = Map<PodProfile, NodeLedger>;

/** A namespace's pods, and the same by the values of those labels that were asked for. */
interface NamespacePods {
  readonly all: Placed;
  readonly byLabel: Map<string, Map<unknown, Placed>>;
}

const NONE: ReadonlyMap<PodProfile, NodeLedger> = new Map();

/** An index that is made once and then told of every change. */
export class PlacedPods {
  readonly #namespaces = new Map<string, NamespacePods>();

  constructor(nodes: readonly NodeLedger[]) {
    for (const node of nodes) for (const pod of node.eachPod()) this.change(pod, node, 1);
  }

  /** Namespaces that have or had pods. */
  get namespaces(): Iterable<string> {
    return this.#namespaces.keys();
  }

  /** Takes note of a pod that came to (`1`) or left (`-1`) a node. */
  change(pod: PodProfile, node: NodeLedger, by: 1 | -1): void {
    let known = this.#namespaces.get(pod.namespace);
    if (known === undefined) this.#namespaces.set(pod.namespace, (known = { all: new Map(), byLabel: new Map() }));
    note(known.all, pod, node, by);
    for (const [label, values] of known.byLabel) note(placedAt(values, pod, label), pod, node, by);
  }

  /** Pods of a namespace among which are all that the selector matches. */
  candidates(namespace: string, selector: LabelSelector | undefined): ReadonlyMap<PodProfile, NodeLedger> {
    const known = this.#namespaces.get(namespace);
    if (known === undefined) return NONE;
    const wanted: Labels = selector?.matchLabels ?? {};
    let fewest: ReadonlyMap<PodProfile, NodeLedger> = known.all;
    for (const label in wanted) {
      const found = valuesOf(known, label).get(wanted[label]) ?? NONE;
      if (found.size < fewest.size) fewest = found;
    }
    return fewest;
  }
}

function valuesOf({ all, byLabel }: NamespacePods, label: string): ReadonlyMap<unknown, Placed> {
  const known = byLabel.get(label);
  if (known !== undefined) return known;
  const values = new Map<unknown, Placed>();
  for (const [pod, node] of all) placedAt(values, pod, label).set(pod, node);
  byLabel.set(label, values);
  return values;
}

function placedAt(values: Map<unknown, Placed>, pod: PodProfile, label: string): Placed {
  const value = pod.labels[label];
  let placed = values.get(value);
  if (placed === undefined) values.set(value, (placed = new Map()));
  return placed;
}

function note(placed: Placed, pod: PodProfile, node: NodeLedger, by: 1 | -1): void {
  if (by === 1) placed.set(pod, node);
  else placed.delete(pod);
}
