/** Canonical JSON (RFC 8785) for every value that `JSON.parse` can give, and for every depth. */

/**
 * RFC 8785 text of a JSON value; fields that are `undefined` are absent. The RFC has no form for infinite numbers and for
 * lone surrogates, which faked objects can carry: they are written as `Infinity` and as `\ud800`, which no other value's text
 * holds, so that different values keep different texts.
 */
export function canonicalJson(value: unknown): string {
  try {
    return nested(value);
  } catch (error) {
    if (error instanceof RangeError) return written(value);
    throw error;
  }
}

/** @throws RangeError where the nesting is deeper than the stack */
function nested(value: unknown): string {
  if (typeof value !== 'object' || value === null) return plain(value);
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += text === '' ? nested(item) : `,${nested(item)}`;
    return `[${text}]`;
  }
  const fields = value as Readonly<Record<string, unknown>>;
  // JavaScript compares strings by UTF-16 code units, as the RFC asks.
  for (const key of Object.keys(fields).sort()) {
    const part = fields[key];
    if (part !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${nested(part)}`;
  }
  return `{${text}}`;
}

function plain(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return JSON.stringify(value ?? null);
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
    else if (typeof part !== 'object' || part === null) out.push(plain(part));
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
