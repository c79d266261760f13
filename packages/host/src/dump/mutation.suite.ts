/** Damage to dumps: what editors, full disks, broken pipes, old tools and attackers do to them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { examplePath } from '../examples.ts';
import { GOOD } from '../probes/certificates.suite.ts';
import { exampleObjects, list, trickyObjects, type RawObject } from './memory-dump.suite.ts';

/** A file before it is damaged. */
export interface Seed {
  readonly path: string;
  readonly value: unknown;
}

/** One change to a JSON value: where (a fraction of all its places), what, and with what. */
export interface ValueChange {
  readonly at: number;
  readonly operation: 'replace' | 'delete' | 'duplicate' | 'rename' | 'transplant' | 'repeat' | 'swap';
  readonly value: unknown;
  readonly key: string;
}

/** One change to bytes. */
export interface ByteChange {
  readonly at: number;
  readonly length: number;
  readonly operation: 'flip' | 'cut' | 'delete' | 'duplicate' | 'insert' | 'splice';
  readonly bytes: string;
}

const EXAMPLES = ['aia-system', 'healthy', 'missing-secret-key', 'namespace-quota', 'stock-out'];

/** The first objects of each kind, failing pods first, so that many inputs are tried in little time. */
function excerpt(example: string): RawObject[] {
  const failing = (object: RawObject) => (JSON.stringify(object['status'] ?? '').includes('"ready":true') ? 1 : 0);
  const kinds = Map.groupBy(exampleObjects(example), ({ kind }) => kind);
  return [...kinds.values()].flatMap((objects) => objects.sort((a, b) => failing(a) - failing(b)).slice(0, 1));
}

function cloudSeeds(example: string): Seed[] {
  const file = (path: string) => JSON.parse(readFileSync(join(examplePath(example), path), 'utf8')) as unknown;
  const usage = file('usage/cpu.json') as { data: { result: { values: unknown[] }[] } };
  for (const series of usage.data.result) series.values.length = Math.min(series.values.length, 3);
  usage.data.result.length = 3;
  const names = ['region', 'project', 'cluster', 'visibility', 'addresses', 'forwarding-rules'];
  return [
    ...names
      .filter((name) => existsSync(join(examplePath(example), `cloud/${name}.json`)))
      .map((name) => ({ path: `cloud/${name}.json`, value: file(`cloud/${name}.json`) })),
    { path: 'usage/cpu.json', value: usage },
  ];
}

/** One excerpt per example, what stands beside objects, and traps. */
export const SEEDS: readonly (readonly Seed[])[] = [
  ...EXAMPLES.map((example) => [{ path: 'all.json', value: list(excerpt(example)) }, ...cloudSeeds(example)]),
  [
    { path: 'x.json', value: list(trickyObjects()) },
    {
      path: 'pods.json',
      value: {
        kind: 'PodList',
        apiVersion: 'v1',
        items: [{ metadata: { name: 'a', namespace: 'b' }, status: { phase: 'Pending' } }],
      },
    },
    {
      path: 'probe.json',
      value: { kind: 'EndpointProbe', host: 'a.example', port: 443, at: 1758974400000, chain: [GOOD.cert] },
    },
    {
      path: 'secret.json',
      value: {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 's' },
        type: 'kubernetes.io/tls',
        data: { 'tls.crt': Buffer.from(GOOD.cert).toString('base64') },
      },
    },
    {
      path: 'aia-dump.json',
      value: {
        format: 'aia.dump',
        version: 1,
        collectedAt: 1758974400000,
        context: 'c',
        serverVersion: 'v1.33.4',
        missing: [{ input: 'secrets', reason: 'forbidden', consequence: 'unknown' }],
      },
    },
  ],
];

/** Values that break what trusts its input. */
const HOSTILE: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  1e308,
  -1e308,
  2 ** 53,
  0.1,
  '',
  ' ',
  '0',
  '-1',
  '1e999999999',
  '99999999999999999999',
  'NaN',
  '100m',
  '1.5Gi',
  '-5Ki',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  '\u001b[2J\u001b]0;x\u0007',
  '\u0000',
  '\uD800',
  '\u2028',
  '日本語🚀',
  'a\nb\r\n---\nc',
  '2026-13-45T99:99:99Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '+275760-09-13T00:00:00Z',
  'x'.repeat(20_000),
  '('.repeat(2000),
  'a'.repeat(50) + '!',
  [],
  {},
  [[]],
  [null],
  [{}],
  { '': '' },
  { name: null },
  { items: [] },
  JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":1}}'),
  ['a', 1, null],
  Array.from({ length: 300 }, (_, i) => i),
  { matchLabels: { app: 'x' } },
  { kind: 'List', apiVersion: 'v1', items: [{}] },
];
const KEYS = [
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'items',
  'kind',
  'apiVersion',
  'metadata',
  'name',
  'namespace',
  'spec',
  'status',
  'toJSON',
  'length',
  'x',
];
const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  '\\',
  ',',
  ':',
  '\n',
  '\n---\n',
  '\n- ',
  '\u0000',
  'null',
  '{"items":[',
  '&a ',
  '*a',
  '<<: ',
  '!!binary ',
  '==== START logs for container a of pod b/c ====\n',
  '-----BEGIN CERTIFICATE-----',
  '\uFEFF',
  '\u001b[31m',
  '{{ .x }}',
  '%',
  '\t',
];

/** A place, as a share of all places; evenly spread. */
const fraction = fc.nat(1_000_000).map((part) => part / 1_000_000);

/** Any change of a value. */
export const valueChange: fc.Arbitrary<ValueChange> = fc.record({
  at: fraction,
  operation: fc.constantFrom(
    'replace',
    'replace',
    'replace',
    'delete',
    'duplicate',
    'rename',
    'transplant',
    'repeat',
    'swap',
  ),
  value: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...HOSTILE) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  ),
  key: fc.constantFrom(...KEYS),
});

/** Any change of bytes. */
export const byteChange: fc.Arbitrary<ByteChange> = fc.record({
  at: fraction,
  length: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 3000 })),
  operation: fc.constantFrom('flip', 'flip', 'cut', 'delete', 'duplicate', 'insert', 'insert', 'splice'),
  bytes: fc.constantFrom(...TOKENS),
});

interface Place {
  readonly owner: Record<string, unknown>;
  readonly key: string;
}

function placesOf(root: unknown): Place[] {
  const places: Place[] = [];
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    for (const key of Object.keys(part)) {
      const owner = part as Record<string, unknown>;
      places.push({ owner, key });
      visit(owner[key]);
    }
  };
  visit(root);
  return places;
}

/** A damaged copy of a value. `other` lends parts to transplant. */
export function changedValue(value: unknown, changes: readonly ValueChange[], other: unknown): unknown {
  const root = { value: structuredClone(value) };
  for (const change of changes) {
    const places = placesOf(root);
    const place = places[Math.floor(change.at * (places.length - 1))];
    if (place !== undefined) apply(place, change, other);
  }
  return root.value;
}

function apply({ owner, key }: Place, { operation, value, key: name, at }: ValueChange, other: unknown): void {
  const set = (to: string, what: unknown) =>
    Object.defineProperty(owner, to, {
      value: structuredClone(what),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  const part = owner[key];
  if (operation === 'replace') set(key, value);
  else if (operation === 'delete') Reflect.deleteProperty(owner, key);
  else if (operation === 'duplicate') {
    if (Array.isArray(owner)) owner.push(structuredClone(part));
    else set(name, part);
  } else if (operation === 'rename') {
    Reflect.deleteProperty(owner, key);
    if (!Array.isArray(owner)) set(name, part);
  } else if (operation === 'repeat') {
    // Repeats of repeats of everything would try the machine, not AIA.
    if (JSON.stringify(part ?? null).length < 2000)
      set(
        key,
        Array.from({ length: 20 }, () => part),
      );
  } else if (operation === 'swap') set(key, Object.values(owner).at(-1));
  else {
    const places = placesOf(other);
    const from = places[Math.floor(((at * 7919) % 1) * (places.length - 1))];
    if (from !== undefined) set(key, from.owner[from.key]);
  }
}

/** A damaged copy of bytes. */
export function changedBytes(bytes: Buffer, changes: readonly ByteChange[], other: Buffer): Buffer {
  return changes.reduce<Buffer>((content, change) => changedOnce(content, change, other), Buffer.from(bytes));
}

function changedOnce(content: Buffer, { at, length, operation, bytes }: ByteChange, other: Buffer): Buffer {
  const from = Math.floor(at * content.length);
  const [before, part, after] = [
    content.subarray(0, from),
    content.subarray(from, from + length),
    content.subarray(from + length),
  ];
  switch (operation) {
    case 'cut':
      return before;
    case 'delete':
      return Buffer.concat([before, after]);
    case 'duplicate':
      return Buffer.concat([before, part, part, after]);
    case 'insert':
      return Buffer.concat([before, Buffer.from(bytes), part, after]);
    case 'splice':
      return Buffer.concat([before, other.subarray(Math.floor(at * other.length))]);
    case 'flip':
      return Buffer.concat([before, part.map((byte, i) => byte ^ (1 << ((length + i) % 8))), after]);
  }
}

/** A seed as a tool writes it: kubectl's JSON, compact JSON, a typed list, YAML documents, a cluster-info dump. */
export const WRITINGS: readonly ((value: unknown) => string)[] = [
  (value) => JSON.stringify(value, undefined, 4),
  (value) => JSON.stringify(value),
  (value) =>
    itemsOf(value)
      .map((item) => `${JSON.stringify(item)}\n`)
      .join(''),
  (value) =>
    itemsOf(value)
      .slice(0, 8)
      .map((item) => `---\n${stringify(item)}`)
      .join(''),
  (value) => stringify({ ...(value as object), items: itemsOf(value).slice(0, 6) }),
  (value) =>
    `${JSON.stringify(value)}\n==== START logs for container a of pod b/c ====\npanic: x\n==== END logs for container a of pod b/c ====\n`,
];

function itemsOf(value: unknown): readonly unknown[] {
  const { items } = (value ?? {}) as { items?: unknown };
  return Array.isArray(items) ? items : [value];
}
