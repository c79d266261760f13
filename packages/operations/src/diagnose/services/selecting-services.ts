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
  readonly #byTerm: ReadonlyMap<string, readonly T[]>;
  /** Labels by which anything is found, so that the others of an object cost nothing. */
  readonly #keys: ReadonlySet<string>;
  readonly #selectorOf: (object: T) => Labels;

  /** Objects with an empty selector are never found. */
  constructor(objects: readonly T[], selectorOf: (object: T) => Labels) {
    this.#selectorOf = selectorOf;
    const shared = new Map<string, number>();
    const terms = objects.map((object) => termsOf(object, selectorOf(object)));
    for (const one of terms.flat()) shared.set(one, (shared.get(one) ?? 0) + 1);
    const rarest = (own: readonly string[]): string =>
      own.reduce((best, one) => ((shared.get(one) ?? 0) < (shared.get(best) ?? 0) ? one : best), own[0] ?? '');
    const byTerm = new Map<string, T[]>();
    const keys = new Set<string>();
    objects.forEach((object, i) => {
      const key = rarest(terms[i] ?? []);
      const known = byTerm.get(key);
      if (key === '') return;
      keys.add(key.slice(key.indexOf('/') + 1, key.lastIndexOf('=')));
      if (known === undefined) byTerm.set(key, [object]);
      else known.push(object);
    });
    this.#byTerm = byTerm;
    this.#keys = keys;
  }

  /** Those of a namespace whose selector matches the labels. */
  matching(namespace: string, labels: Labels): readonly T[] {
    const found: T[] = [];
    for (const key in labels) {
      if (!this.#keys.has(key)) continue;
      for (const candidate of this.#byTerm.get(term(namespace, key, labels[key] ?? '')) ?? [])
        if (matchesLabels(this.#selectorOf(candidate), labels)) found.push(candidate);
    }
    return found;
  }
}

function termsOf({ metadata }: Namespaced, selector: Labels): readonly string[] {
  return Object.entries(selector).map(([key, value]) => term(metadata.namespace ?? '', key, value));
}

function term(namespace: string, key: string, value: string): string {
  return `${namespace}/${key}=${value}`;
}
