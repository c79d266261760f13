/** Which Services select a set of labels; indexed, because a namespace may hold thousands of both. */
import { matchesLabels, type ClusterSnapshot, type Service } from '@aia/cluster';

type Labels = Readonly<Record<string, string>>;

const indexes = new WeakMap<ClusterSnapshot, ReadonlyMap<string, readonly Service[]>>();

/** Services of a namespace whose selector is not empty and matches the labels, in the order of the snapshot. */
export function servicesSelecting(snapshot: ClusterSnapshot, namespace: string, labels: Labels): readonly Service[] {
  let index = indexes.get(snapshot);
  if (index === undefined) indexes.set(snapshot, (index = Map.groupBy(snapshot.list('Service'), firstTerm)));
  const candidates = Object.entries(labels).flatMap(([key, value]) => index.get(term(namespace, key, value)) ?? []);
  return candidates.filter(({ spec }) => matchesLabels(spec?.selector ?? {}, labels));
}

/** Every label of a selector has to match, so one of them finds it. */
function firstTerm({ metadata, spec }: Service): string {
  const [first] = Object.entries(spec?.selector ?? {});
  return first === undefined ? '' : term(metadata.namespace ?? '', ...first);
}

function term(namespace: string, key: string, value: string): string {
  return `${namespace}/${key}=${value}`;
}
