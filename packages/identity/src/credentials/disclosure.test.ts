import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../canonical/jcs.ts';
import type { JsonObject, JsonValue } from '../canonical/strict-json.ts';
import { toBase64Url } from '../encoding/multibase.ts';
import { provider as noble } from '../provider/noble.ts';
import { provider as node } from '../provider/node.ts';
import { conceal, disclose, disclosureDigest, disclosureFrom } from './disclosure.ts';

interface Published {
  readonly disclosure: string;
  readonly kind: string;
  readonly salt: string;
  readonly name?: string;
  readonly value: string;
  readonly sha256?: string;
}
const PUBLISHED = JSON.parse(
  readFileSync(new URL('../../vectors/sdjwt/disclosures.json', import.meta.url), 'utf8'),
) as readonly Published[];

const EXAMPLE = JSON.parse(
  readFileSync(new URL('../../vectors/sdjwt/rfc9901-section-5.json', import.meta.url), 'utf8'),
) as { payload: JsonObject; disclosures: string[]; processed: JsonObject };

const written = (...content: JsonValue[]) => toBase64Url(new TextEncoder().encode(canonicalJson(content)));
const SUBJECT = {
  id: 'did:key:a',
  role: 'mlops-specialist',
  address: { city: 'Bremen', street: 'Am Wall' },
  skills: ['train', 'serve', 'watch'],
};

describe.each([node, noble])('disclosures with $name', (provider) => {
  it.each(PUBLISHED)('read as RFC 9901 has them: $kind $disclosure', ({ disclosure, salt, name, value, sha256 }) => {
    const read = disclosureFrom(disclosure, provider);
    expect(read).toMatchObject({ salt, name, value });
    if (sha256 !== undefined) expect(read?.digest).toBe(sha256);
    const payload: JsonObject =
      name === undefined ? { a: [{ '...': read?.digest ?? '' }] } : { _sd: [read?.digest ?? ''] };
    const told = disclose(payload, [disclosure], provider);
    expect(told).toMatchObject({ kind: 'disclosed', value: name === undefined ? { a: [value] } : { [name]: value } });
  });

  it('give the processed payload of RFC 9901 section 5', () => {
    const { payload, disclosures, processed } = EXAMPLE;
    const told = disclose(payload, disclosures, provider);
    expect(told.kind === 'disclosed' && canonicalJson(told.value)).toBe(canonicalJson(processed));
    const few = disclose(payload, [disclosures[1], disclosures[8]] as string[], provider);
    expect(few).toMatchObject({
      value: { family_name: 'Doe', nationalities: ['US'] },
      names: ['/nationalities/0', '/family_name'],
    });
  });

  it('tell what their holder chooses, and nothing else', () => {
    const { value, disclosures } = conceal(
      SUBJECT,
      [['role'], ['address'], ['address', 'street'], ['skills', 1]],
      provider,
    );
    expect(canonicalJson(value)).not.toMatch(/mlops|Bremen|Wall|serve/);
    const [role, address, street, element] = disclosures as [string, string, string, string];
    const open = { id: 'did:key:a', skills: ['train', 'watch'] };
    expect(disclose(value, [], provider)).toEqual({ kind: 'disclosed', value: open, names: [] });
    expect(disclose(value, [role], provider)).toEqual({
      ...{ kind: 'disclosed', value: { ...open, role: 'mlops-specialist' }, names: ['/role'] },
    });
    expect(disclose(value, [element, address], provider)).toMatchObject({
      value: { ...open, skills: SUBJECT.skills, address: { city: 'Bremen' } },
    });
    expect(disclose(value, [street, address, element, role], provider)).toMatchObject({ value: SUBJECT });
    expect(disclose(value, [street], provider)).toEqual({ kind: 'refused', reason: 'unreferenced-disclosure' });
  });
});

describe('concealing', () => {
  it('is undone by all disclosures, whatever was concealed', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const names = fc.string().filter((name) => !['_sd', '...', '_sd_alg', '__proto__'].includes(name));
    const any = fc.dictionary(names, fc.oneof(leaf, fc.dictionary(names, leaf), fc.array(leaf)), { minKeys: 1 });
    fc.assert(
      fc.property(any, fc.infiniteStream(fc.boolean()), (value, choices) => {
        const paths = Object.entries(value).flatMap(([name, child]) => [
          [name] as const,
          ...(typeof child === 'object' && child !== null
            ? Object.keys(child).map((inner) => [name, inner] as const)
            : []),
        ]);
        const chosen = paths.filter(() => choices.next().value);
        const concealed = conceal(value, chosen);
        const told = disclose(concealed.value, concealed.disclosures);
        expect(told.kind).toBe('disclosed');
        if (told.kind === 'disclosed') {
          expect(canonicalJson(told.value)).toBe(canonicalJson(value));
          expect(told.names).toHaveLength(chosen.length);
        }
      }),
    );
  });

  it('uses a new salt each time, and says nothing by the order of digests', () => {
    const digests = (['_sd'] as const).flatMap((name) => conceal(SUBJECT, [['role'], ['id'], ['skills']]).value[name]);
    expect([...(digests as string[])]).toEqual([...(digests as string[])].sort());
    expect(conceal(SUBJECT, [['role']]).value).not.toEqual(conceal(SUBJECT, [['role']]).value);
  });

  it('refuses paths to nothing and names that have a meaning', () => {
    for (const path of [['x'], ['id', 'x'], ['skills', 3], ['toString']] as const)
      expect(() => conceal(SUBJECT, [path])).toThrow(RangeError);
    expect(() => conceal(SUBJECT, [['role'], ['id'], ['role']])).toThrow(RangeError);
    for (const name of ['_sd', '...', '_sd_alg']) expect(() => conceal({ [name]: 1 }, [])).toThrow(RangeError);
  });
});

describe('disclosures are refused', () => {
  const text = written('salt', 'role', 'x');
  const digest = disclosureDigest(text);
  const element = written('salt', 'x');
  const inner = written('salt', 'inner', 1);
  const outer = written('salt', 'outer', { _sd: [disclosureDigest(inner)] });

  it.each<[string, JsonObject, readonly string[], string]>([
    ['where no digest belongs to one', { _sd: [] }, [text], 'unreferenced-disclosure'],
    ['given twice', { _sd: [digest] }, [text, text], 'malformed-disclosure'],
    ['where a digest stands twice', { _sd: [digest, digest] }, [text], 'repeated-digest'],
    ['where a digest stands twice at two places', { _sd: [digest], a: { _sd: [digest] } }, [], 'repeated-digest'],
    ['where the name is there already', { role: 'y', _sd: [digest] }, [text], 'name-already-there'],
    [
      'where two open the same name',
      { _sd: [digest, disclosureDigest(written('s', 'role', 2))] },
      [text, written('s', 'role', 2)],
      'name-already-there',
    ],
    ['of an element as a property', { _sd: [disclosureDigest(element)] }, [element], 'malformed-disclosure'],
    ['of a property as an element', { a: [{ '...': digest }] }, [text], 'malformed-disclosure'],
    [
      'that name a digest',
      { _sd: [disclosureDigest(written('s', '_sd', []))] },
      [written('s', '_sd', [])],
      'reserved-name',
    ],
    [
      'that name an element',
      { _sd: [disclosureDigest(written('s', '...', ''))] },
      [written('s', '...', '')],
      'reserved-name',
    ],
    ['by another algorithm', { _sd: [digest], _sd_alg: 'md5' }, [text], 'unknown-digest-algorithm'],
    ['where digests are no list', { _sd: digest }, [text], 'malformed-digest'],
    ['where a digest is no text', { _sd: [7] }, [], 'malformed-digest'],
    ['where an element has more names', { a: [{ '...': digest, b: 1 }] }, [], 'malformed-digest'],
    ['where an element’s name stands outside of a list', { a: { '...': digest } }, [], 'reserved-name'],
    ['whose outer one is not there', { _sd: [disclosureDigest(outer)] }, [inner], 'unreferenced-disclosure'],
    ['that are no base64url', { _sd: [digest] }, [`${text}=`], 'malformed-disclosure'],
    ['with four parts', { _sd: [] }, [written('s', 'a', 1, 2)], 'malformed-disclosure'],
    ['with a salt that is no text', { _sd: [] }, [written(1, 'a', 1)], 'malformed-disclosure'],
    ['without salt', { _sd: [] }, [written('', 'a', 1)], 'malformed-disclosure'],
    ['with a name that is no text', { _sd: [] }, [written('s', 1, 1)], 'malformed-disclosure'],
    [
      'that say a name twice',
      { _sd: [] },
      [toBase64Url(new TextEncoder().encode('["s","a",{"b":1,"b":2}]'))],
      'malformed-disclosure',
    ],
  ])('%s', (_, payload, texts, reason) => {
    expect(disclose(payload, texts)).toEqual({ kind: 'refused', reason });
  });

  it('that are longer than is read', () => {
    const longOf = (letters: number) => {
      const long = written('salt', 'n', 'x'.repeat(letters));
      return disclose({ _sd: [disclosureDigest(long)] }, [long]).kind;
    };
    expect([longOf(40_000), longOf(50_000)]).toEqual(['disclosed', 'refused']);
  });

  it('that lie in each other without end', () => {
    let last = written('s', 'n', 0);
    const texts = [last];
    for (let i = 0; i < 500; i++) texts.push((last = written('s', 'n', { _sd: [disclosureDigest(last)] })));
    expect(disclose({ _sd: [disclosureDigest(last)] }, texts)).toEqual({
      kind: 'refused',
      reason: 'malformed-disclosure',
    });
  });

  it('when any letter of them is changed', () => {
    for (let i = 0; i < text.length; i++) {
      const changed = text.slice(0, i) + (text[i] === 'A' ? 'B' : 'A') + text.slice(i + 1);
      expect(disclose({ _sd: [digest] }, [changed]).kind).toBe('refused');
    }
  });

  it('and what holds inside of another is opened', () => {
    expect(disclose({ _sd: [disclosureDigest(outer)] }, [inner, outer])).toMatchObject({
      ...{ kind: 'disclosed', value: { outer: { inner: 1 } }, names: ['/outer', '/outer/inner'] },
    });
  });
});
