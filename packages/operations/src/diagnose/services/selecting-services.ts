/** Which Services select a set of labels; indexed, because a namespace may hold thousands of both. */
import { matchesLabels, type ClusterSnapshot, type Service } from '@aia/cluster';

type Labels = Readonly<Record<string, string>>;

const indexes = new WeakMap<ClusterSnapshot, SelectorIndex<Service>>();

/** Services of a namespace whose selector is not empty and matches the labels, in the order of the snapshot. */
export function servicesSelecting(snapshot: ClusterSnapshot, namespace: string, labels: Labels): readonly Service[] {
  let index = indexes.get(snapshot);
  if (index === undefined)
    indexes.set(snapshot, (index = new SelectorIndex(snapshot.list('Service'), ({ spec }) => spec?.selector ?? {})));
  return index.matching(namespace, labels);
}

interface Namespaced {
  readonly metadata: { readonly namespace?: string | undefined };
}

/**
 * Objects by the pair of their selector that the fewest of them share: every pair has to match, so one of them finds it, and
 * a label that all carry (`part-of`) finds none.
 */
export class SelectorIndex<T extends Namespaced> {
  /** Label → namespace → value → objects that are found by it; nested, so that a look costs no text. */
  readonly #byLabel = new Map<string, Map<string, Map<string, T[]>>>();
  readonly #selectorOf: (object: T) => Labels;

  /** Objects with an empty selector are never found. */
  constructor(objects: readonly T[], selectorOf: (object: T) => Labels) {
    this.#selectorOf = selectorOf;
    const shared = new Map<string, number>();
    const termOf = ({ metadata }: T, key: string, value: string) => `${metadata.namespace ?? ''}/${key}=${value}`;
    for (const object of objects)
      for (const [key, value] of Object.entries(selectorOf(object))) {
        const term = termOf(object, key, value);
        shared.set(term, (shared.get(term) ?? 0) + 1);
      }
    for (const object of objects) {
      const users = ([key, value]: readonly [string, string]) => shared.get(termOf(object, key, value)) ?? 0;
      const pairs = Object.entries(selectorOf(object));
      const [first, ...others] = pairs;
      if (first !== undefined)
        this.#add(
          object,
          others.reduce((best, one) => (users(one) < users(best) ? one : best), first),
        );
    }
  }

  #add(object: T, [key, value]: readonly [string, string]): void {
    const namespace = object.metadata.namespace ?? '';
    const byNamespace = this.#byLabel.get(key) ?? new Map<string, Map<string, T[]>>();
    const byValue = byNamespace.get(namespace) ?? new Map<string, T[]>();
    const known = byValue.get(value);
    if (known === undefined) byValue.set(value, [object]);
    else known.push(object);
    byNamespace.set(namespace, byValue);
    this.#byLabel.set(key, byNamespace);
  }

  /** Those of a namespace whose selector matches the labels. */
  matching(namespace: string, labels: Labels): readonly T[] {
    let found: T[] | undefined;
    for (const key in labels) {
      const candidates = this.#byLabel
        .get(key)
        ?.get(namespace)
        ?.get(labels[key] ?? '');
      for (const candidate of candidates ?? NONE)
        if (matchesLabels(this.#selectorOf(candidate as T), labels)) (found ??= []).push(candidate as T);
    }
    return found ?? NONE;
  }
}

const NONE: readonly never[] = [];
