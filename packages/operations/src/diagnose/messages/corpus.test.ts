/** The corpus as a whole: how many texts it holds, and what every parser keeps to whatever happens to a text on its way. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classOf, CORPUS, type Message, type MessageFamily } from './corpus/corpus.suite.ts';

interface Entry extends Message {
  readonly of: MessageFamily;
}

const ENTRIES: readonly Entry[] = CORPUS.flatMap((of) => of.messages.map((message) => ({ ...message, of })));
const classOfText = ({ of, reason }: Entry, text: string): string | undefined => classOf(of.parse(reason, text));

/** Classes that say less than any other: a text whose telling words are gone may give them. */
const GENERAL: ReadonlySet<string> = new Set([
  'other',
  'cgroup',
  'device',
  'exec',
  'forbidden',
  'invalid-request',
  'network',
  'no-metrics',
  'not-found',
  'preemption',
  'sync-failed',
]);

/** A cut or disturbed text says the same, something general, part of the same list, or nothing. */
function expectNoStronger(entry: Entry, text: string): void {
  const found = classOfText(entry, text);
  if (found === undefined || found === '') return;
  // Of a list the parser tells the first; what stands behind it is stated as well.
  const rest = entry.text.replace(/\[[^,\]]+, /, '[');
  const whole = new Set([entry.text, rest].flatMap((one) => partsOf(classOfText(entry, one) ?? '')));
  const invented = partsOf(found).filter((part) => !whole.has(part) && !GENERAL.has(part));
  expect(invented, `${entry.of.family} ${entry.reason}: ${JSON.stringify(text)}`).toEqual([]);
}

function partsOf(found: string): readonly string[] {
  return found.split(/: | \+ /);
}

/** Ids of a log are whole or not there at all; everything else is cut and disturbed on its way. */
const TEXTS = ENTRIES.filter(({ of }) => of.family !== 'visibility');
/** By its place, so that a failure prints no whole family. */
const anyText = fc.nat(TEXTS.length - 1);
const textAt = (place: number): Entry => TEXTS[place] as Entry;

describe('the corpus', () => {
  it('holds at least 250 rows: distinct texts by version, each with a reading', () => {
    const rows = new Set(
      ENTRIES.map(({ of, versions, reason, text }) => [of.family, versions, reason, text].join('\n')),
    );
    expect(rows.size).toBeGreaterThanOrEqual(250);
    expect(rows.size).toBe(ENTRIES.length);
  });

  it('reads every one of its rows', () => {
    const unread = ENTRIES.filter((entry) => (classOfText(entry, entry.text) ?? '') === '');
    expect(unread.map(({ of, text }) => `${of.family}: ${text}`)).toEqual([]);
  });

  it('has rows of every family, and says for each row who writes it', () => {
    expect(CORPUS.filter(({ messages }) => messages.length < 5).map(({ family }) => family)).toEqual([]);
    expect(ENTRIES.filter(({ versions }) => versions === '')).toEqual([]);
    expect(new Set(CORPUS.map(({ family }) => family)).size).toBe(CORPUS.length);
  });
});

describe('every parser, on every row', () => {
  it('takes other white space, line ends and the prefix of aggregated events for nothing', () => {
    for (const entry of ENTRIES) {
      const whole = classOfText(entry, entry.text);
      for (const other of [
        entry.text.replaceAll(' ', '  '),
        entry.text.replaceAll(' ', '\u00a0'),
        `${entry.text}\n`,
        `${entry.text.replaceAll('\n', '\r\n')}\r\n`,
        `\t${entry.text}\u2028 `,
        `(combined from similar events): ${entry.text}`,
      ])
        expect(classOfText(entry, other), `${entry.of.family}: ${JSON.stringify(other)}`).toBe(whole);
    }
  });

  it('says nothing stronger of a text that was cut, at 250 characters and anywhere', () => {
    for (const entry of TEXTS) expectNoStronger(entry, entry.text.slice(0, 250));
    fc.assert(
      fc.property(anyText, fc.double({ min: 0, max: 1, noNaN: true }), (place, share) => {
        const entry = textAt(place);
        expectNoStronger(entry, entry.text.slice(0, Math.floor(share * entry.text.length)));
      }),
      { numRuns: 4000 },
    );
  });

  it('says nothing stronger of a text with noise in it', () => {
    const noise = fc.constantFrom('zq', ' zq ', '…', '\u0000', '\ufeff', '🧊', 'ß', '日本', '{}', '[]', ' ,, ');
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(anyText, noise, share, (place, words, part) => {
        const entry = textAt(place);
        const at = Math.floor(part * entry.text.length);
        expectNoStronger(entry, entry.text.slice(0, at) + words + entry.text.slice(at));
      }),
      { numRuns: 4000 },
    );
  });

  it('reads the same whatever the counts are', () => {
    const count = fc.integer({ min: 1, max: 99_999 });
    fc.assert(
      fc.property(anyText, count, (place, other) => {
        const entry = textAt(place);
        const text = entry.text.replaceAll(COUNTS, String(other));
        expect(classOfText(entry, text)).toBe(classOfText(entry, entry.text));
      }),
      { numRuns: 3000 },
    );
  });

  it('reads the same whatever the order of a counted list', () => {
    const isCut = ({ of, reason, text }: Entry) =>
      (of.parse(reason, text) as { truncated?: boolean }).truncated === true;
    const listed = ENTRIES.filter((entry) => LISTS.has(entry.reason) && WHOLE_LIST.test(entry.text) && !isCut(entry));
    expect(listed.length).toBeGreaterThan(10);
    fc.assert(
      fc.property(fc.nat(listed.length - 1), fc.infiniteStream(fc.double({ noNaN: true })), (place, keys) => {
        const entry = listed[place] as Entry;
        const [, head = '', list = '', tail = ''] = WHOLE_LIST.exec(entry.text) ?? [];
        const items = list.split(/, (?=\d+ )/).map((item) => ({ item, key: keys.next().value }));
        const shuffled = items.sort((a, b) => (a.key ?? 0) - (b.key ?? 0)).map(({ item }) => item);
        expect(classOfText(entry, head + shuffled.join(', ') + tail)).toBe(classOfText(entry, entry.text));
      }),
    );
  });

  it('never throws, whatever the text and the reason', () => {
    const reasons = [...new Set(ENTRIES.map(({ reason }) => reason)), '__proto__', 'constructor'];
    const fragment = fc.oneof(
      fc.string({ unit: 'binary' }),
      anyText.map((place) => textAt(place).text),
      fc.constantFrom('{', '"', ', 3 '),
    );
    const text = fc.array(fragment, { maxLength: 6 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.nat(CORPUS.length - 1), fc.constantFrom(...reasons), text, (place, reason, hostile) => {
        void classOf(CORPUS[place]?.parse(reason, hostile));
      }),
      { numRuns: 2000 },
    );
  });

  it('reads hostile text of any length in bounded time', () => {
    for (const family of CORPUS) {
      for (const { reason, text } of family.messages.filter((_message, i) => i % 5 === 0)) {
        for (const unit of [text.slice(0, 40), text.slice(-24), ' ', '"', 'a, ']) {
          const hostile = text.slice(0, text.length / 2) + unit.repeat(Math.ceil(HOSTILE_LENGTH / unit.length));
          const { user, system } = process.threadCpuUsage();
          family.parse(reason, hostile);
          const after = process.threadCpuUsage();
          expect((after.user + after.system - user - system) / 1000, `${family.family}: ${unit}`).toBeLessThan(
            HOSTILE_CPU_MS,
          );
        }
      }
    }
  });
});

/** Numbers of nodes, node groups and pods. */
const COUNTS =
  /(?<=^|, |: |\/)\d+(?= (?:nodes? are available|node\(s\)|Insufficient|Too many pods|max node group|in backoff|not ready for))/g;
const LISTS: ReadonlySet<string> = new Set(['FailedScheduling', 'NotTriggerScaleUp']);
/** A head, at least two counted items without braces or quotation marks, and the end of the sentence. */
const WHOLE_LIST = /^([^:]+: )(\d+ [^{}"]+?(?:, \d+ [^{}"]+?)+)((?:\.(?: [\w ]+,)? preemption: .*|\.)?)$/;

/** Time that grows with the square of this many characters is some 10^9 steps; linear time some 10^5. */
const HOSTILE_LENGTH = 60_000;
const HOSTILE_CPU_MS = 1000;
