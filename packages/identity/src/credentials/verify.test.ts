import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../canonical/jcs.ts';
import type { JsonObject, JsonValue } from '../canonical/strict-json.ts';
import type { DidDocument } from '../did/document.ts';
import { provider as noble } from '../provider/noble.ts';
import { provider as node } from '../provider/node.ts';
import { COMPOSITE } from '../signatures/suite.ts';
import { methodKeyOf } from '../did/verification-method.ts';
import type { KeyKind, PublicKey } from '../encoding/multikey.ts';
import { CLOCK_SKEW_MS } from '../proof/time.ts';
import { withProofs, type DocumentSigner } from './proof-set.ts';
import { emptyStatusList, encodeStatusList, withStatus } from './status-list.ts';
import { verifyCredential, type Demands } from './verify.ts';
import { AT, DAY_MS, LIST, World } from './world.suite.ts';

const CLAIM = { purpose: 'assertionMethod' } as const;
const textOf = (json: JsonValue) => canonicalJson(json);

describe.each([node, noble])('a credential, with $name', (provider) => {
  const world = new World(provider);
  const credential = world.signed(world.role());
  const proofs = credential.proof as readonly JsonObject[];
  const [classical, postQuantum] = proofs as [JsonObject, JsonObject];
  const verify = (json: JsonValue, demands: Partial<Demands> = {}, at = AT) =>
    verifyCredential(
      textOf(json),
      { ...world.verification, demands: { ...world.verification.demands, ...demands }, at },
      provider,
    );
  const reasonOf = async (json: JsonValue, demands: Partial<Demands> = {}, at = AT) => {
    const verdict = await verify(json, demands, at);
    return verdict.kind === 'refused' ? verdict.reason : verdict.kind;
  };

  it('holds, and says what does', async () => {
    const verdict = await verify(credential);
    expect(verdict).toMatchObject({ kind: 'verified', credential: { issuer: world.issuer.did } });
    expect(verdict.kind === 'verified' && verdict.verified).toEqual([
      {
        ...{ what: 'proof', cryptosuite: 'eddsa-jcs-2022', purpose: 'assertionMethod' },
        verificationMethod: `${world.issuer.did}#assertion-Ed25519`,
      },
      {
        ...{ what: 'proof', cryptosuite: 'mldsa44-jcs-2024', purpose: 'assertionMethod' },
        verificationMethod: `${world.issuer.did}#assertion-ML-DSA-44`,
      },
      { what: 'issuer', did: world.issuer.did },
      { what: 'validity', from: AT - DAY_MS, until: AT + DAY_MS },
    ]);
  });

  describe('is refused', () => {
    it.each<[string, JsonValue, string]>([
      ['with its post-quantum proof taken away', { ...credential, proof: [classical] }, 'missing-post-quantum-proof'],
      ['with that proof alone in no list', { ...credential, proof: classical }, 'missing-post-quantum-proof'],
      ['with its classical proof taken away', { ...credential, proof: [postQuantum] }, 'missing-classical-proof'],
      ['without proofs', { ...credential, proof: [] }, 'malformed-credential'],
      ['without a member for proofs', world.role(), 'no-proof'],
      ['with a proof twice', { ...credential, proof: [...proofs, classical] }, 'repeated-proof'],
      [
        'with the post-quantum proof said to be of another suite',
        { ...credential, proof: [classical, { ...postQuantum, cryptosuite: 'mldsa65-jcs-2024' }] },
        'missing-post-quantum-proof',
      ],
      [
        'with a proof more, of an unknown suite',
        { ...credential, proof: [...proofs, { ...classical, cryptosuite: 'bbs-2023' }] },
        'unknown-cryptosuite',
      ],
      [
        'with the classical proof renamed to the post-quantum suite',
        { ...credential, proof: [classical, { ...classical, cryptosuite: 'mldsa44-jcs-2024' }] },
        'other-key-kind',
      ],
      [
        'with the proofs’ values exchanged',
        {
          ...credential,
          proof: [
            { ...classical, proofValue: postQuantum.proofValue as string },
            { ...postQuantum, proofValue: classical.proofValue as string },
          ],
        },
        'malformed-proof',
      ],
      [
        'with a critical member in a proof',
        { ...credential, proof: [{ ...classical, previousProof: 'urn:uuid:1' }, postQuantum] },
        'unsupported-proof-member',
      ],
      [
        'with an unknown member in a proof',
        { ...credential, proof: [{ ...classical, critical: true }, postQuantum] },
        'unsupported-proof-member',
      ],
      ['with another claim', { ...credential, credentialSubject: { id: 'did:a:b', role: 'x' } }, 'broken-signature'],
      [
        'with its end taken away',
        Object.fromEntries(Object.entries(credential).filter(([name]) => name !== 'validUntil')),
        'broken-signature',
      ],
      [
        'with a context more',
        { ...credential, '@context': [...(credential['@context'] as string[]), 'urn:x'] },
        'unknown-context',
      ],
      [
        'with its contexts turned round',
        { ...credential, '@context': [...(credential['@context'] as string[])].reverse() },
        'unknown-context',
      ],
      [
        'with a context that defines terms',
        { ...credential, '@context': [(credential['@context'] as string[])[0] as string, { role: 'urn:x' }] },
        'unknown-context',
      ],
      ['with a member that is not known', { ...credential, termsOfUse: { type: 'X' } }, 'unknown-field'],
      ['of another type', { ...credential, type: ['AgentRoleCredential'] }, 'unknown-type'],
      [
        'with a type twice',
        { ...credential, type: ['VerifiableCredential', 'VerifiableCredential'] },
        'malformed-credential',
      ],
      ['about nothing', { ...credential, credentialSubject: {} }, 'malformed-credential'],
      ['about no subject', { ...credential, credentialSubject: [] }, 'malformed-credential'],
      ['with a time without zone', { ...credential, validFrom: '2026-01-01T00:00:00' }, 'malformed-credential'],
      ['with a time that is a number', { ...credential, validFrom: 0 }, 'malformed-credential'],
      ['that ends before it begins', { ...credential, validUntil: '2020-01-01T00:00:00Z' }, 'malformed-credential'],
      ['of an issuer without address', { ...credential, issuer: 'issuer' }, 'malformed-credential'],
      ['of two issuers', { ...credential, issuer: ['did:a:b', 'did:a:c'] }, 'malformed-credential'],
      ['of another issuer', { ...credential, issuer: world.holder.did }, 'untrusted-issuer'],
      ['that is a list', [credential], 'malformed-json'],
    ])('%s', async (_, json, reason) => {
      expect(await reasonOf(json)).toBe(reason);
    });

    it.each<[string, Partial<Demands>, number, string]>([
      ['before its time', {}, AT - 2 * DAY_MS, 'not-yet-valid'],
      ['at the moment it ends', {}, AT + DAY_MS, 'expired'],
      ['where nobody’s word counts', { issuers: [] }, AT, 'untrusted-issuer'],
      ['where it has no status and needs one', { isStatusNeeded: true }, AT, 'no-status'],
      ['where another type is wanted', { type: 'AgentCapabilityCredential' }, AT, 'unknown-type'],
      ['where its context is not known', { contexts: [] }, AT, 'unknown-context'],
    ])('%s', async (_, demands, at, reason) => {
      expect(await reasonOf(credential, demands, at)).toBe(reason);
    });

    it.each([
      ['a name twice', '{"issuer":1,"issuer":2}'],
      ['a lone surrogate', '{"a":"\\ud800"}'],
      ['text behind', `${textOf(credential)} x`],
      ['too much text', ' '.repeat(2 ** 20 + 1)],
      ['nothing', ''],
    ])('as text with %s', async (_, text) => {
      expect(await verifyCredential(text, world.verification, provider)).toMatchObject({ reason: 'malformed-json' });
    });
  });

  it('is refused by the issuer’s document, whatever it says itself', async () => {
    const { document, did } = world.issuer;
    const methods = document.verificationMethod as readonly JsonObject[];
    const withMethod = (change: (method: JsonObject) => JsonObject): DidDocument => ({
      ...document,
      verificationMethod: methods.map(change),
    });
    const cases: [DidDocument | undefined, string][] = [
      [undefined, 'unresolved-signer'],
      [{ ...document, id: 'did:web:other.example' }, 'unresolved-signer'],
      [{ ...document, assertionMethod: [] }, 'other-relationship'],
      [{ ...document, verificationMethod: [] }, 'unknown-method'],
      [withMethod((method) => ({ ...method, revoked: '2026-05-31T00:00:00Z' })), 'revoked-key'],
      [withMethod((method) => ({ ...method, expires: '2026-05-31T00:00:00Z' })), 'expired-key'],
      [withMethod((method) => ({ ...method, controller: 'did:web:other.example' })), 'malformed-method'],
    ];
    for (const [changed, reason] of cases) {
      if (changed === undefined) world.documents.delete(did);
      else world.documents.set(did, changed);
      expect(await reasonOf(credential)).toBe(reason);
    }
    world.documents.set(did, document);
  });

  it('needs the post-quantum proof where the key for it was revoked, and where the verifier pins it', async () => {
    const { document, did, asserting } = world.issuer;
    const methods = document.verificationMethod as readonly JsonObject[];
    const only = world.signed(world.role(), [asserting[0]]);
    const revoked = methods.map((method) =>
      String(method.id).endsWith('-ML-DSA-44') ? { ...method, revoked: '2020-01-01T00:00:00Z' } : method,
    );
    world.documents.set(did, { ...document, verificationMethod: revoked });
    expect(await reasonOf(only)).toBe('missing-post-quantum-proof');
    expect(await reasonOf(credential)).toBe('revoked-key');
    world.documents.set(did, { ...document, assertionMethod: [asserting[0].verificationMethod] });
    expect(await reasonOf(only)).toBe('verified');
    expect(await reasonOf(only, { postQuantum: [did] })).toBe('missing-post-quantum-proof');
    expect(await reasonOf(only, { postQuantum: '*' })).toBe('missing-post-quantum-proof');
    // Whatever post-quantum key an issuer publishes for what it asserts, whether or not a suite is known for it.
    const withKey = (key: PublicKey): DidDocument => {
      const method = { id: `${did}#more`, controller: did, ...methodKeyOf(key) };
      const named = [asserting[0].verificationMethod, method.id];
      return { ...document, verificationMethod: [...methods, method], assertionMethod: named };
    };
    const lengths = { 'ML-DSA-44': 1312, 'ML-DSA-65': 1952, 'ML-DSA-87': 2592, 'SLH-DSA-SHA2-128s': 32 } as const;
    const composites = { [COMPOSITE]: 1984, 'COMPSIG-MLDSA44-Ed25519-SHA512': 1344 } as const;
    for (const [kind, length] of Object.entries({ ...lengths, ...composites }) as [KeyKind, number][]) {
      world.documents.set(did, withKey({ kind, bytes: new Uint8Array(length) }));
      expect([kind, await reasonOf(only)]).toEqual([kind, 'missing-post-quantum-proof']);
    }
    world.documents.set(did, withKey({ kind: 'Ed25519', bytes: new Uint8Array(32) }));
    expect(await reasonOf(only)).toBe('verified');
    world.documents.set(did, document);
  });

  it('is refused with proofs for another purpose, by another key, of a time to come', async () => {
    const [ed, pq] = world.issuer.asserting;
    const { authenticating } = world.issuer;
    const presented = { purpose: 'authentication', challenge: 'c', domain: 'd' } as const;
    const by = (signers: readonly DocumentSigner[], use: Parameters<typeof withProofs>[2] = CLAIM, at = AT) =>
      withProofs(world.role(), signers, use, at, provider);
    expect(await reasonOf(by([ed, pq], presented))).toBe('other-purpose');
    expect(await reasonOf(by(authenticating))).toBe('other-relationship');
    expect(await reasonOf(by(world.holder.asserting))).toBe('other-document');
    expect(await reasonOf(by([{ ...ed, key: authenticating[0].key }, pq]))).toBe('broken-signature');
    expect(await reasonOf(by([ed, pq], CLAIM, AT + DAY_MS))).toBe('proof-from-future');
  });

  it('may begin as far ahead as clocks differ', async () => {
    const early = world.signed(world.role({ validFrom: AT + CLOCK_SKEW_MS }));
    expect(await reasonOf(early)).toBe('verified');
    expect(await reasonOf(early, {}, AT - 1)).toBe('not-yet-valid');
  });

  it('does not gain contexts that its issuer did not sign', async () => {
    const unsigned = { ...world.role(), '@context': ['https://www.w3.org/ns/credentials/v2'] };
    const signed = world.signed(unsigned);
    expect(await reasonOf(signed)).toBe('verified');
    expect(await reasonOf({ ...signed, '@context': credential['@context'] as JsonValue })).toBe('other-context');
  });

  it('shows any changed bit', async () => {
    const text = textOf(credential);
    const bytes = new TextEncoder().encode(text);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length * 8 - 1), async (bit) => {
        const changed = Uint8Array.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit % 8));
        expect((await verifyCredential(changed, world.verification, provider)).kind).toBe('refused');
      }),
      { numRuns: provider.name === 'node' ? 1500 : 100 },
    );
  });

  describe('with a status', () => {
    const entry = { purpose: 'revocation', index: 4711, list: LIST, size: 1 };
    const withEntry = world.signed(world.role({ status: [entry, { ...entry, purpose: 'suspension', index: 4712 }] }));

    it('holds while the list says so', async () => {
      await world.publish(withStatus(emptyStatusList(), 4710, 1));
      const verdict = await verify(withEntry, { isStatusNeeded: true });
      expect(verdict.kind === 'verified' && verdict.verified).toContainEqual({
        ...{ what: 'status', purpose: 'revocation', list: LIST, index: 4711, asOf: AT - DAY_MS },
      });
    });

    it('is revoked and suspended by the list', async () => {
      await world.publish(withStatus(emptyStatusList(), 4711, 1));
      expect(await verify(withEntry)).toEqual({ kind: 'refused', reason: 'revoked', where: 'credentialStatus/0' });
      await world.publish(withStatus(emptyStatusList(), 4712, 1));
      expect(await verify(withEntry)).toEqual({ kind: 'refused', reason: 'suspended', where: 'credentialStatus/1' });
    });

    it('may have several bits, whose first value is the one that holds', async () => {
      const messages = ['accepted', 'under way', 'refused', 'undefined'];
      const wide = { purpose: 'message', index: 5, list: LIST, size: 2, messages };
      const signed = world.signed(world.role({ status: [wide] }));
      const publish = async (status: number) => {
        const list = withStatus(emptyStatusList(131_072, 2), 5, status, 2);
        const encodedList = await encodeStatusList(list);
        const subject = { type: 'BitstringStatusList', statusPurpose: ['message'], encodedList, statusSize: 2 };
        await world.publish(list, { credentialSubject: subject });
      };
      await publish(0);
      expect(await reasonOf(signed)).toBe('verified');
      await publish(2);
      expect(await reasonOf(signed)).toBe('other-status');
      expect(await reasonOf(withEntry)).toBe('malformed-status-list');
    });

    it('may stand in a list that is long and hardly compresses', async () => {
      let last = 1;
      const next = () => (last = (Math.imul(last, 1_103_515_245) + 12_345) >>> 0);
      const bytes = Uint8Array.from({ length: 2 ** 20 }, () => next() >>> 24);
      await world.publish(withStatus(withStatus({ bytes }, 4711, 0), 4712, 0));
      expect(String(world.lists.get(LIST)?.text).length).toBeGreaterThan(2 ** 20);
      expect(await reasonOf(withEntry)).toBe('verified');
    });

    it('asks for a list once, however many statuses stand in it', async () => {
      await world.publish();
      const asked: string[] = [];
      const sources = {
        documentOf: (did: string) => world.documents.get(did),
        statusListOf: (url: string) => {
          asked.push(url);
          return world.lists.get(url);
        },
      };
      const verdict = await verifyCredential(textOf(withEntry), { ...world.verification, sources }, provider);
      expect(verdict.kind).toBe('verified');
      expect(asked).toEqual([LIST]);
    });

    it('is refused where the list cannot be believed', async () => {
      const reason = () => reasonOf(withEntry);
      world.lists.delete(LIST);
      expect(await reason()).toBe('no-status-list');
      await world.publish(emptyStatusList(), { id: 'https://issuer.example/status/2' });
      expect(await reason()).toBe('other-status-list');
      await world.publish(emptyStatusList(), { validUntil: '2026-05-31T23:00:00Z' });
      expect(await reason()).toBe('expired');
      await world.publish(emptyStatusList(), { type: ['VerifiableCredential'] });
      expect(await reason()).toBe('unknown-type');
      await world.publish(emptyStatusList(), {}, world.holder);
      expect(await reason()).toBe('untrusted-issuer');
      await world.publish(emptyStatusList());
      const { text } = world.lists.get(LIST) ?? { text: '' };
      world.lists.set(LIST, { text, readAt: AT - 300_001 });
      expect(await reason()).toBe('stale-status-list');
      world.lists.set(LIST, { text, readAt: AT - 300_000 });
      expect(await reason()).toBe('verified');
      world.lists.set(LIST, { text, readAt: AT + 60_000 });
      expect(await reason()).toBe('verified');
      world.lists.set(LIST, { text, readAt: AT + 60_001 });
      expect(await reason()).toBe('stale-status-list');
      world.lists.set(LIST, { text: String(text).replace('uH4', 'uH5'), readAt: AT });
      expect(await reason()).toBe('broken-signature');
      world.lists.set(LIST, { text: '{', readAt: AT });
      expect(await reason()).toBe('malformed-json');
    });

    it('is refused where any bit of the list’s credential was changed', async () => {
      await world.publish();
      const bytes = new TextEncoder().encode(String(world.lists.get(LIST)?.text));
      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length * 8 - 1), async (bit) => {
          const text = Uint8Array.from(bytes);
          text[bit >> 3] = (text[bit >> 3] as number) ^ (1 << (bit % 8));
          world.lists.set(LIST, { text, readAt: AT });
          expect(await reasonOf(withEntry)).not.toBe('verified');
        }),
        { numRuns: provider.name === 'node' ? 500 : 30 },
      );
    });

    it.each<[string, JsonObject, string]>([
      ['is for something else', { statusPurpose: 'refresh' }, 'other-status-purpose'],
      ['is short', { encodedList: 'uH4sIAAAAAAAAA2NgGAWjYBSMAgAAAP__' }, 'malformed-status-list'],
      ['is no list', { type: 'X' }, 'malformed-status-list'],
      ['has a strange time to live', { ttl: -1 }, 'stale-status-list'],
      ['has unknown members', { shift: 1 }, 'malformed-status-list'],
    ])('is refused where the list %s', async (_, change, reason) => {
      const { encodedList } = { encodedList: 'uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA' };
      const subject = { type: 'BitstringStatusList', statusPurpose: 'revocation', encodedList, ...change };
      await world.publish(emptyStatusList(), { credentialSubject: subject });
      expect(await reasonOf(withEntry)).toBe(reason);
    });

    it('is refused where its own entry is strange', async () => {
      await world.publish();
      const odd = (change: JsonObject) =>
        reasonOf(
          world.signed({
            ...world.role(),
            credentialStatus: {
              type: 'BitstringStatusListEntry',
              statusPurpose: 'revocation',
              statusListIndex: '1',
              statusListCredential: LIST,
              ...change,
            },
          }),
        );
      expect(await odd({})).toBe('verified');
      expect(await odd({ type: 'RevocationList2020Status' })).toBe('unknown-status');
      expect(await odd({ statusListIndex: '131072' })).toBe('status-out-of-range');
      expect(await odd({ statusPurpose: 'message' })).toBe('other-status-purpose');
      expect(await odd({ statusListCredential: 'https://issuer.example/status/2' })).toBe('no-status-list');
    });
  });
});

describe('issuing', () => {
  const world = new World(node);
  it('refuses what is no credential, what is signed, and keys of another suite', () => {
    const [ed, pq] = world.issuer.asserting;
    expect(() => world.signed({ a: 1 })).toThrow(TypeError);
    expect(() => world.signed(world.signed(world.role()))).toThrow(TypeError);
    expect(() => world.signed(world.role(), [])).toThrow(RangeError);
    expect(() => world.signed(world.role(), [{ ...ed, key: pq.key }])).toThrow(RangeError);
  });
});
