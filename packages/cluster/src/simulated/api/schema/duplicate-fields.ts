/** Fields that a text of JSON gives twice, which a parsed object does not show any more. */

/** What strict decoding says of them: `duplicate field "spec.replicas"`. The text must be valid JSON. */
export function duplicateFields(text: string): readonly string[] {
  const found = new Set<string>();
  const holders: { readonly path: string; readonly seen: Set<string>; at: number }[] = [];
  let path = '';
  let key: string | undefined;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:,]/gs)) {
    const holder = holders.at(-1);
    if (token === '{') holders.push({ path, seen: new Set(), at: -1 });
    else if (token === '[') {
      holders.push({ path, seen: new Set(), at: 0 });
      path = `${path}[0]`;
    } else if (token === '}' || token === ']') holders.pop();
    else if (holder !== undefined && token === ',' && holder.at >= 0) path = `${holder.path}[${++holder.at}]`;
    else if (holder !== undefined && token === ':' && key !== undefined) {
      path = holder.path === '' ? key : `${holder.path}.${key}`;
      if (holder.seen.has(key)) found.add(`duplicate field ${JSON.stringify(path)}`);
      holder.seen.add(key);
    }
    key = token.startsWith('"') ? (JSON.parse(token) as string) : undefined;
  }
  return [...found];
}
