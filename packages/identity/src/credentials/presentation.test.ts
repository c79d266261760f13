import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../canonical/jcs.ts';
import type { JsonObject, JsonValue } from '../canonical/strict-json.ts';
import { provider as noble } from '../provider/noble.ts';
import { provider as node } from '../provider/node.ts';
import { GRANT } from './credentials.suite.ts';
import { conceal } from './disclosure.ts';
import { present, verifyPresentation, verifyPresentedDelegation, type PresentationTerms } from './presentation.ts';
import { withProofs, type DocumentSigner } from './proof-set.ts';
import { statementOf } from './statement.ts';
import { AT, DAY_MS, World } from './world.suite.ts';

const [CHALLENGE, DOMAIN] = ['cu3cLk9_x1', 'did:web:verifier.example'];

describe.each([node, noble])('a presentation, with $name', (provider) => {
  const world = new World(provider);
  const { holder, issuer } = world;
  const concealed = conceal(
    { audit: 'passed', score: 97, by: { name: 'x', place: 'y' } },
    [['score'], ['by', 'name']],
    provider,
  );
  const role = world.signed(world.role());
  const attestation = world.signed(world.role({ statement: { kind: 'attestation', claims: concealed.value } }));
  const terms: PresentationTerms = {
    ...{ holder: holder.did, credentials: [role, attestation], challenge: CHALLENGE, domain: DOMAIN },
    disclosures: [[], concealed.disclosures.slice(0, 1)],
  };
  const shown = (more: Partial<PresentationTerms> = {}, signers: readonly DocumentSigner[] = holder.authenticating) =>
    present({ ...terms, ...more }, signers, AT, provider);
  const presented = { ...world.verification, challenge: CHALLENGE, domain: DOMAIN };
  const verify = (json: JsonValue, more: Partial<typeof presented> = {}) =>
    verifyPresentation(canonicalJson(json), { ...presented, ...more }, provider);
  const reasonOf = async (json: JsonValue, more: Partial<typeof presented> = {}) => {
    const verdict = await verify(json, more);
    return verdict.kind === 'refused' ? verdict.reason : verdict.kind;
  };

  it('holds, and tells what is disclosed and nothing else', async () => {
    const verdict = await verify(shown());
    expect(verdict).toMatchObject({
      ...{ kind: 'verified', holder: holder.did },
      shown: [
        { subject: { id: holder.did, role: 'mlops-specialist' }, disclosed: [] },
        { subject: { id: holder.did, audit: 'passed', by: { place: 'y' }, score: 97 }, disclosed: ['/score'] },
      ],
    });
    if (verdict.kind !== 'verified') return;
    expect(verdict.verified.map(({ what }) => what)).toEqual(['proof', 'proof', 'holder']);
    expect(canonicalJson(verdict.shown[1]?.subject ?? null)).not.toMatch(/_sd/);
    const [first, second] = verdict.shown;
    expect(first && statementOf(first.credential)).toEqual({ kind: 'role', role: 'mlops-specialist' });
    expect(second && statementOf(second.credential, second.subject)).toEqual({
      ...{ kind: 'attestation', claims: { audit: 'passed', by: { place: 'y' }, score: 97 } },
    });
  });

  it('holds for its challenge and domain alone', async () => {
    expect(await reasonOf(shown(), { challenge: 'another' })).toBe('other-challenge');
    expect(await reasonOf(shown(), { domain: 'did:web:another.example' })).toBe('other-domain');
    await expect(verify(shown(), { challenge: '' })).rejects.toThrow(RangeError);
    expect(() => shown({ challenge: '' })).toThrow(RangeError);
  });

  it('shows credentials of nobody else', async () => {
    const other = world.party('other');
    expect(await reasonOf(shown({ holder: other.did }, other.authenticating))).toBe('other-holder');
    expect(await reasonOf(shown({}, other.authenticating))).toBe('other-document');
    expect(await reasonOf({ ...shown(), holder: other.did })).toBe('other-document');
    const two = world.signed({ ...world.role(), credentialSubject: [{ id: holder.did }, { id: other.did }] });
    expect(await reasonOf(shown({ credentials: [two], disclosures: [] }))).toBe('other-holder');
    const nobody = world.signed({ ...world.role(), credentialSubject: { role: 'mlops-specialist' } });
    expect(await reasonOf(shown({ credentials: [nobody], disclosures: [] }))).toBe('other-holder');
  });

  it('needs every proof that its holder has keys for', async () => {
    const good = shown();
    const [classical, postQuantum] = good.proof as readonly JsonObject[];
    expect(await reasonOf({ ...good, proof: classical as JsonObject })).toBe('missing-post-quantum-proof');
    expect(await reasonOf({ ...good, proof: postQuantum as JsonObject })).toBe('missing-classical-proof');
    expect(await reasonOf({ ...good, proof: [] })).toBe('no-proof');
    expect(await reasonOf({ ...good, proof: [null, 1] })).toBe('malformed-presentation');
    const many = Array.from({ length: 17 }, () => classical as JsonObject);
    expect(await reasonOf({ ...good, proof: many })).toBe('malformed-presentation');
  });

  it('is believed by the document of its holder, and by what the verifier pins', async () => {
    const other = world.party('changeable');
    const [classical] = other.authenticating;
    const mine = world.signed({ ...world.role(), credentialSubject: { id: other.did, role: 'mlops-specialist' } });
    const only = shown({ holder: other.did, credentials: [mine], disclosures: [] }, [classical]);
    expect(await reasonOf(only)).toBe('missing-post-quantum-proof');
    world.documents.set(other.did, { ...other.document, authentication: [classical.verificationMethod] });
    expect(await reasonOf(only)).toBe('verified');
    const demands = { ...presented.demands, postQuantum: [other.did] };
    expect(await reasonOf(only, { demands })).toBe('missing-post-quantum-proof');
    world.documents.set(other.did, holder.document);
    expect(await reasonOf(only)).toBe('unresolved-signer');
  });

  it('may say more of its holder than its DID', async () => {
    const named = { ...shown(), holder: { id: holder.did, name: 'Holder' } };
    const unsigned = Object.fromEntries(Object.entries(named).filter(([name]) => name !== 'proof'));
    const use = { purpose: 'authentication', challenge: CHALLENGE, domain: DOMAIN } as const;
    const signed = withProofs(unsigned, holder.authenticating, use, AT, provider);
    expect(await verify(signed)).toMatchObject({ kind: 'verified', holder: holder.did });
    expect(await reasonOf({ ...signed, holder: { name: 'Holder' } })).toBe('malformed-presentation');
  });

  it('has proofs whose members are what they have to be', async () => {
    const good = shown();
    const [first, second] = good.proof as readonly JsonObject[];
    for (const change of [{ nonce: 7 }, { id: 'no url' }, { id: null }])
      expect(await reasonOf({ ...good, proof: [{ ...first, ...change }, second as JsonObject] })).toBe(
        'malformed-proof',
      );
    for (const change of [{ nonce: 'n' }, { id: 'urn:uuid:1' }])
      expect(await reasonOf({ ...good, proof: [{ ...first, ...change }, second as JsonObject] })).toBe(
        'broken-signature',
      );
  });

  it('may be longer than one credential', async () => {
    const claims = { text: 'x'.repeat(700_000) };
    const long = world.signed(world.role({ statement: { kind: 'attestation', claims } }));
    expect(await reasonOf(shown({ credentials: [long, long], disclosures: [] }))).toBe('verified');
    const longer = shown({ credentials: [long, long, long, long, long, long], disclosures: [] });
    expect(await reasonOf(longer)).toBe('malformed-json');
  });

  it('is no statement, and a statement no presentation', async () => {
    const unsigned = Object.fromEntries(Object.entries(shown()).filter(([name]) => name !== 'proof'));
    const asserted = withProofs(unsigned, holder.asserting, { purpose: 'assertionMethod' }, AT, provider);
    expect(await reasonOf(asserted)).toBe('other-purpose');
    expect(await reasonOf(role)).toBe('unknown-field');
  });

  it.each<[string, JsonObject, string]>([
    ['credentials that were taken out', { verifiableCredential: [role], disclosures: [] }, 'broken-signature'],
    ['no credentials', { verifiableCredential: [] }, 'malformed-presentation'],
    [
      'too many credentials',
      { verifiableCredential: Array.from({ length: 17 }, () => role) },
      'malformed-presentation',
    ],
    ['credentials that are text', { verifiableCredential: ['eyJ'] }, 'malformed-presentation'],
    ['disclosures for more credentials', { disclosures: [[], [], []] }, 'malformed-presentation'],
    ['disclosures that are none', { disclosures: [[1]] }, 'malformed-presentation'],
    ['a holder that is no DID', { holder: 'https://a.example' }, 'malformed-presentation'],
    ['a holder that nobody knows', { holder: 'did:web:unknown.example' }, 'unresolved-signer'],
    ['another type', { type: 'X' }, 'malformed-presentation'],
    ['an id that is none', { id: 'x' }, 'malformed-presentation'],
    ['an unknown member', { critical: 1 }, 'unknown-field'],
    ['an unknown context', { '@context': ['https://www.w3.org/2018/credentials/v1'] }, 'unknown-context'],
  ])('is refused with %s', async (_, change, reason) => {
    expect(await reasonOf({ ...shown(), ...change })).toBe(reason);
  });

  it('shows any changed bit', async () => {
    const bytes = new TextEncoder().encode(canonicalJson(shown()));
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length * 8 - 1), async (bit) => {
        const changed = Uint8Array.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit % 8));
        expect((await verifyPresentation(changed, presented, provider)).kind).toBe('refused');
      }),
      { numRuns: provider.name === 'node' ? 1000 : 60 },
    );
  });

  it('is refused with what one of its credentials is refused for', async () => {
    const late = world.signed(world.role({ validUntil: AT }));
    expect(await verify(shown({ credentials: [role, late], disclosures: [] }))).toEqual({
      ...{ kind: 'refused', reason: 'expired', where: 'verifiableCredential/1/validUntil' },
    });
    expect(await reasonOf(shown({ disclosures: [concealed.disclosures] }))).toBe('unreferenced-disclosure');
    expect(await reasonOf(shown({ disclosures: [[], ['x']] }))).toBe('malformed-disclosure');
  });

  it('of a delegation holds for the last of the chain', async () => {
    const statement = { kind: 'capabilities', grants: [{ ...GRANT, delegations: 0 }] } as const;
    const link = world.signed(world.role({ statement }));
    const demands = { roots: [{ did: issuer.did, grants: [{ ...GRANT, delegations: 1 }] }] };
    const ask = (json: JsonValue) =>
      verifyPresentedDelegation(canonicalJson(json), { ...presented, demands }, provider);
    const alone = { credentials: [link], disclosures: [] };
    expect(await ask(shown(alone))).toMatchObject({
      ...{ kind: 'verified', holder: holder.did, grants: statement.grants, validUntil: AT + DAY_MS },
      presented: [{ what: 'proof' }, { what: 'proof' }, { what: 'holder', challenge: CHALLENGE }],
    });
    const other = world.party('other');
    expect(await ask(shown({ ...alone, holder: other.did }, other.authenticating))).toMatchObject({
      reason: 'other-holder',
    });
    expect(await ask(shown({ ...alone, disclosures: [concealed.disclosures] }))).toMatchObject({
      reason: 'unreferenced-disclosure',
    });
    expect(await ask(shown({ credentials: [role], disclosures: [] }))).toMatchObject({ reason: 'unknown-type' });
  });
});
