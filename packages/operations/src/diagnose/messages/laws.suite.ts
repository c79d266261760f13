/** The laws that every parser of this folder keeps; each parser's test adds its table. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row } from './corpus/corpus-row.ts';

type Parse<T> = (text: string) => T | undefined;

/** What the end of a cut text may still truthfully be called. */
interface Laws<T> {
  readonly parse: Parse<T>;
  readonly rows: readonly Row<T>[];
  /** Causes that a cut text may give although the whole one gives another: less telling, never wrong. */
  readonly weaker?: readonly string[];
  /** Rows whose text is cut already. */
  readonly except?: (text: string) => boolean;
}

/** Runs the table and the laws. */
export function describeParser<T extends object>(name: string, laws: Laws<T>): void {
  const { parse, rows } = laws;
  const texts = rows.map(([, text]) => text);
  describe(name, () => {
    it.each(rows.map(([versions, text, expected]) => ({ versions, text, expected })))(
      '$versions: $text',
      ({ text, expected }) => {
        const found = parse(text);
        if (expected === undefined) expect(found).toBeUndefined();
        else expect(found).toMatchObject(expected);
      },
    );

    it('takes any white space, and the prefix of aggregated events', () => {
      const blank = fc
        .array(fc.constantFrom(' ', '\n', '\t', '\r\n'), { minLength: 1, maxLength: 4 })
        .map((parts) => parts.join(''));
      fc.assert(
        fc.property(fc.constantFrom(...texts), blank, fc.boolean(), (text, white, combined) => {
          const other = (combined ? '(combined from similar events): ' : '') + text.replaceAll(' ', white);
          expect(parse(`${white}${other}${white}`)).toEqual(parse(text));
        }),
      );
    });

    it('invents nothing from a text that was cut, at whatever place', () => {
      for (const text of texts.filter((whole) => laws.except?.(whole) !== true)) {
        const full = leavesOf(parse(text));
        for (let end = 0; end < text.length; end++)
          expectFrom(full, leavesOf(parse(text.slice(0, end))), text.slice(0, end), laws);
      }
    });

    it('never throws', () => {
      const fragment = fc.constantFrom(
        ...texts.flatMap(fragmentsOf),
        ', 3 ',
        '{',
        '}',
        '"',
        "'",
        ': ',
        '[',
        ']',
        '__proto__=1,',
      );
      const text = fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(fc.oneof(fragment, fc.string()), { maxLength: 30 }).map((parts) => parts.join('')),
      );
      fc.assert(fc.property(text, (hostile) => void parse(hostile)));
    });

    it('reads hostile text of any length in bounded time', () => {
      const fragments = [...new Set([...texts.flatMap(fragmentsOf), '{', '"', ', 3 ', ' ', 'a', '1', '. ', ': '])];
      for (const fragment of fragments.filter((_part, i) => i % 3 === 0 || fragments.length < 40)) {
        const head = texts[fragment.length % texts.length] ?? '';
        for (const start of ['', head.slice(0, head.length / 2)]) {
          const hostile = start + fragment.repeat(Math.ceil(HOSTILE_LENGTH / fragment.length));
          expect(
            cpuMsOf(() => parse(hostile)),
            `${start} + ${fragment} …`,
          ).toBeLessThan(HOSTILE_CPU_MS);
        }
      }
    });
  });
}

/**
 * For this many characters a parser whose time grows with their square takes some 10^10 steps, a linear one some 10^6, so a bound
 * between them holds on any machine. Thread time, because the machine may be busy with other things.
 */
const HOSTILE_LENGTH = 256_000;
const HOSTILE_CPU_MS = 2000;

function cpuMsOf(work: () => unknown): number {
  const start = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1000;
}

function fragmentsOf(text: string): readonly string[] {
  return [
    text,
    text.slice(0, 24),
    text.slice(Math.floor(text.length / 2), Math.floor(text.length / 2) + 24),
    text.slice(-24),
  ].filter((part) => part !== '');
}

type Leaves = ReadonlyMap<string, ReadonlySet<string | number | boolean>>;

/** Values by the name of their field; elements of lists by the list's name. */
function leavesOf(value: unknown, field = '', found = new Map<string, Set<string | number | boolean>>()): Leaves {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    found.set(field, (found.get(field) ?? new Set()).add(value));
  } else if (Array.isArray(value)) {
    for (const element of value) leavesOf(element, field, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) leavesOf(part, key, found);
  }
  return found;
}

function expectFrom<T>(full: Leaves, cut: Leaves, text: string, { weaker = [] }: Laws<T>): void {
  for (const [field, values] of cut) {
    const whole = [...(full.get(field) ?? [])];
    for (const value of values) {
      if (field === 'truncated' || field === 'text' || value === 'other' || weaker.includes(String(value))) continue;
      const known = whole.some(
        (part) => part === value || (typeof part === 'string' && typeof value === 'string' && part.startsWith(value)),
      );
      expect(known, `${field} = ${value} from ${JSON.stringify(text)}, whole: ${whole.join(', ')}`).toBe(true);
    }
  }
}
