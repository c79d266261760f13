/** What a rule is called, said of one resource. */

const VERBS: ReadonlySet<string> = new Set(
  'is has lacks was does cannot stands waits selects failed fails misses sends gets of'.split(' '),
);

/**
 * The title of a rule with the resource in it, `named` as `KIND NAMESPACE/NAME`: `Node is not ready` becomes `Node a is not ready`,
 * `Backend of an Ingress …` becomes `Backend of Ingress shop/web …`; where the title does not speak of its kind, the resource follows.
 */
export function titleOf(title: string, named: string): string {
  return subjectOf(title, named) ?? ownerOf(title, named) ?? `${title}: ${named}`;
}

/** The same where the resource is what the sentence is about; else `undefined`. */
export function subjectOf(title: string, named: string): string | undefined {
  const [kind = ''] = named.split(' ');
  const [first, second = ''] = title.split(' ');
  return first === kind && VERBS.has(second) ? `${named}${title.slice(kind.length)}` : undefined;
}

function ownerOf(title: string, named: string): string | undefined {
  const [kind = ''] = named.split(' ');
  const owner = [` of a ${kind} `, ` of an ${kind} `, ' of a workload '].find((part) => title.includes(part));
  return owner === undefined ? undefined : title.replace(owner, () => ` of ${named} `);
}
