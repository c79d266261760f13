/** Canonical JSON (RFC 8785) for every value that `JSON.parse` can give, and for every depth. */
import canonicalize from 'canonicalize';

/**
 * RFC 8785 text of a JSON value; fields that are `undefined` are absent. The RFC has no form for infinite numbers and for
 * lone surrogates, which faked objects can carry: they are written as `Infinity` and as `\ud800`, which no other value's text
 * holds, so that different values keep different texts.
 */
export function canonicalJson(value: unknown): string {
  try {
    return canonicalize(value) ?? 'null';
  } catch {
    return written(value);
  }
}

/** Text that stands between values. */
class Text {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** The same without recursion: nesting may be deeper than the stack. */
function written(value: unknown): string {
  const out: string[] = [];
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const part = pending.pop();
    if (part instanceof Text) out.push(part.text);
    else if (typeof part === 'number') out.push(Number.isFinite(part) ? JSON.stringify(part) : String(part));
    else if (typeof part !== 'object' || part === null) out.push(JSON.stringify(part ?? null));
    else for (const next of partsOf(part).reverse()) pending.push(next);
  }
  return out.join('');
}

function partsOf(value: object): unknown[] {
  if (Array.isArray(value))
    return [OPEN_LIST, ...value.flatMap((item, i) => (i === 0 ? [item] : [COMMA, item])), CLOSE_LIST];
  const fields = Object.entries(value).filter(([, part]) => part !== undefined);
  // JavaScript compares strings by UTF-16 code units, as the RFC asks.
  const sorted = fields.sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = sorted.flatMap(([key, part], i) => [new Text(`${i === 0 ? '' : ','}${JSON.stringify(key)}:`), part]);
  return [OPEN, ...parts, CLOSE];
}

const [OPEN, CLOSE, OPEN_LIST, CLOSE_LIST, COMMA] = ['{', '}', '[', ']', ','].map((text) => new Text(text));
