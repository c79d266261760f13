/** Namespaces that were asked for: a name that nothing bears must not read as health. */
import type { ClusterSnapshot, MissingInput } from '@aia/cluster';

/** Those of which neither the Namespace nor any object in it was read. */
export function absentNamespaces(snapshot: ClusterSnapshot, asked: readonly string[] = []): readonly string[] {
  if (asked.length === 0) return [];
  const present = presentNamespaces(snapshot);
  return [...new Set(asked)].filter((name) => !present.has(name));
}

/** What the report says of an absent one. */
export function missingNamespace(snapshot: ClusterSnapshot, name: string): MissingInput {
  const present = [...presentNamespaces(snapshot)].sort();
  const more = present.length > NAMED ? ` and ${present.length - NAMED} more` : '';
  const there = present.length === 0 ? 'none was read' : `there are ${present.slice(0, NAMED).join(', ')}${more}`;
  return {
    input: `namespace:${name}`,
    reason: `no object of it was read; ${there}`,
    consequence: 'nothing of it was judged',
  };
}

/** Names that help to find a misspelling. */
const NAMED = 12;

function presentNamespaces(snapshot: ClusterSnapshot): ReadonlySet<string> {
  const present = new Set(snapshot.list('Namespace').map((namespace) => namespace.metadata.name));
  for (const { metadata } of snapshot.objects) if (metadata.namespace !== undefined) present.add(metadata.namespace);
  present.delete('');
  return present;
}
