import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../canonical/jcs.ts';
import type { JsonObject, JsonValue } from '../canonical/strict-json.ts';
import type { DidDocument } from '../did/document.ts';
import { didKey, didKeyUrl, documentOfDidKey } from '../did/key.ts';
import { provider as node } from '../provider/node.ts';
import { isAllowed, widening, type Grant } from './capabilities.ts';
import { anyGrant, anyNarrower, anyUse, GRANT } from './credentials.suite.ts';
import { delegationDigest, verifyDelegation, type DelegationDemands, type Root } from './delegation.ts';
import { issueCredential, unsignedCredential, type CredentialTerms } from './issue.ts';
import type { DocumentSigner } from './proof-set.ts';
import type { Statement } from './statement.ts';
import { emptyStatusList, withStatus } from './status-list.ts';
import { AT, DAY_MS, LIST, World } from './world.suite.ts';

/** Agents that are there for a day: did:key, one proof. */
const AGENTS = [1, 2, 3, 4, 5, 6].map((n) => {
  const key = node.ed25519.signingKey(new Uint8Array(32).fill(n));
  const publicKey = { kind: 'Ed25519', bytes: key.publicKey } as const;
  const signer: DocumentSigner = { cryptosuite: 'eddsa-jcs-2022', verificationMethod: didKeyUrl(publicKey), key };
  return { did: didKey(publicKey), signer };
});
const [ROOT, ...HOLDERS] = AGENTS as [(typeof AGENTS)[0], ...typeof AGENTS];
const ROOTS: readonly Root[] = [{ did: ROOT.did, grants: [{ ...GRANT, delegations: 4 }] }];

type Change = Partial<CredentialTerms> & { readonly json?: JsonObject };

/** A chain that hands on lists of grants, the first from the root. */
function chainOf(links: readonly (readonly Grant[])[], changes: readonly Change[] = []): string[] {
  const chain: JsonObject[] = [];
  for (const [i, grants] of links.entries()) {
    const parent = chain.at(-1);
    const statement: Statement = {
      ...{ kind: 'capabilities', grants },
      ...(parent !== undefined && { delegatedFrom: delegationDigest(parent) }),
    };
    const { json, ...terms } = changes[i] ?? {};
    const [issuer, subject] = [AGENTS[i]?.did ?? '', AGENTS[i + 1]?.did ?? ''];
    const validity = { validFrom: AT - DAY_MS, validUntil: AT + DAY_MS };
    const unsigned = { ...unsignedCredential({ issuer, subject, statement, ...validity, ...terms }), ...json };
    chain.push(issueCredential(unsigned, [AGENTS[i]?.signer as DocumentSigner], AT));
  }
  return chain.map((link) => canonicalJson(link));
}

const verify = (chain: readonly string[], demands: Partial<DelegationDemands> = {}, at = AT) =>
  verifyDelegation(chain, {
    sources: { documentOf: (did) => documentOfDidKey(did), statusListOf: () => undefined },
    ...{ demands: { roots: ROOTS, ...demands }, at },
  });

const less = (delegations: number): Grant => ({ ...GRANT, delegations });

describe('a chain of delegations', () => {
  it('holds, and says for whom, for what and until when', async () => {
    const chain = chainOf(
      [[less(3)], [less(2)], [{ ...less(0), namespaces: ['web'] }]],
      [{}, {}, { validUntil: AT + 1000 }],
    );
    const verdict = await verify(chain);
    expect(verdict).toMatchObject({
      ...{ kind: 'verified', holder: HOLDERS[2]?.did, validUntil: AT + 1000 },
      grants: [{ ...less(0), namespaces: ['web'] }],
    });
    const links = verdict.kind === 'verified' ? verdict.verified.filter(({ what }) => what === 'proof') : [];
    expect(links.map(({ link }) => link)).toEqual([0, 1, 2]);
  });

  const wide: [string, Partial<Grant>, string][] = [
    ['capability', { capability: 'vote' }, 'capability'],
    ['cluster', { clusters: '*' }, 'clusters'],
    ['namespace', { namespaces: ['web', 'bank'] }, 'namespaces'],
    ['kind', { kinds: '*' }, 'kinds'],
    ['number of pods', { blastRadius: { podsPerPhase: 11, actions: 3 } }, 'blastRadius'],
    ['bound', { blastRadius: {} }, 'blastRadius'],
    ['number of delegations', { delegations: 3 }, 'delegations'],
  ];
  it.each(wide)('gains no %s on the way', async (_, more, dimension) => {
    expect(await verify(chainOf([[less(3)], [{ ...less(2), ...more }]]))).toEqual({
      ...{ kind: 'refused', reason: 'widened-grant', where: `link/1/credentialSubject/grants/0/${dimension}` },
    });
  });

  it.each(wide.filter(([, , dimension]) => dimension !== 'delegations'))(
    'gains no %s over its root',
    async (_, more, dimension) => {
      const where = `link/0/credentialSubject/grants/1/${dimension}`;
      expect(await verify(chainOf([[less(3), { ...less(3), ...more }]]))).toEqual({
        ...{ kind: 'refused', reason: 'widened-grant', where },
      });
    },
  );

  it.each<[string, Change, string, string]>([
    ['lasts longer than its parent', { validUntil: AT + DAY_MS + 1000 }, 'widened-validity', 'validUntil'],
    ['begins earlier than its parent', { validFrom: AT - DAY_MS - 1000 }, 'widened-validity', 'validFrom'],
    ['is over', { validUntil: AT - 1000 }, 'expired', 'validUntil'],
    [
      'comes from another parent',
      { statement: { kind: 'capabilities', grants: [less(0)], delegatedFrom: 'u1' } },
      'other-parent',
      'credentialSubject/delegatedFrom',
    ],
    [
      'names no parent',
      { statement: { kind: 'capabilities', grants: [less(0)] } },
      'other-parent',
      'credentialSubject/delegatedFrom',
    ],
    [
      'grants nothing',
      { statement: { kind: 'capabilities', grants: [] } },
      'malformed-capabilities',
      'credentialSubject',
    ],
    [
      'says more than grants',
      { json: { credentialSubject: { id: ROOT.did, grants: [], admin: true } } },
      'malformed-capabilities',
      'credentialSubject',
    ],
    ['is a role', { statement: { kind: 'role', role: 'mlops-specialist' } }, 'unknown-type', 'type'],
    [
      'is a role as well',
      { json: { type: ['VerifiableCredential', 'AgentCapabilityCredential', 'AgentRoleCredential'] } },
      'malformed-capabilities',
      'credentialSubject',
    ],
    [
      'is an attestation as well',
      { json: { type: ['VerifiableCredential', 'AgentCapabilityCredential', 'AgentAttestationCredential'] } },
      'malformed-capabilities',
      'credentialSubject',
    ],
    ['is issued by somebody else', { issuer: HOLDERS[3]?.did ?? '' }, 'untrusted-issuer', 'issuer'],
  ])('is refused where a link %s', async (_, change, reason, where) => {
    const chain = chainOf([[less(3)], [less(0)]], [{}, change]);
    expect(await verify(chain)).toEqual({ kind: 'refused', reason, where: `link/1/${where}` });
  });

  it('is refused where a link has no end', async () => {
    const [first = ''] = chainOf([[less(3)]]);
    const members = Object.entries(JSON.parse(first) as JsonObject);
    const endless = Object.fromEntries(members.filter(([name]) => name !== 'validUntil' && name !== 'proof'));
    const text = canonicalJson(issueCredential(endless, [ROOT.signer], AT));
    expect(await verify([text])).toEqual({ kind: 'refused', reason: 'without-end', where: 'link/0/validUntil' });
  });

  it('is refused empty, too deep, from no root, out of order, and with a link left out', async () => {
    const grants = [4, 3, 2, 1, 0].map((n) => [less(n)]);
    const deep = chainOf(grants);
    const roots = [{ did: ROOT.did, grants: [less(5)] }];
    expect(await verify([])).toMatchObject({ reason: 'empty-chain' });
    expect(await verify(deep, { roots })).toMatchObject({ reason: 'too-deep' });
    expect(await verify(deep, { roots, depth: 4 })).toMatchObject({ kind: 'verified' });
    expect(await verify(deep.slice(0, 1), { roots: [] })).toMatchObject({ reason: 'untrusted-issuer' });
    expect(await verify(deep.slice(1, 3), { roots })).toMatchObject({ reason: 'untrusted-issuer' });
    expect(await verify(deep.slice(0, 3).reverse(), { roots })).toMatchObject({ reason: 'untrusted-issuer' });
    expect(await verify([deep[0] ?? '', deep[2] ?? ''], { roots })).toMatchObject({ reason: 'untrusted-issuer' });
    expect(await verify(['{'], { roots })).toMatchObject({ reason: 'malformed-json' });
    // Nothing is read of a chain that is too long.
    expect(await verify(Array.from({ length: 5 }, () => '{'))).toMatchObject({ reason: 'too-deep' });
  });

  it('ends where the parent that was handed on is another with the same holder', async () => {
    const [one = '', two = ''] = chainOf([[less(3)], [less(2)]]);
    const [other = ''] = chainOf([[{ ...less(3), namespaces: ['web'] }]]);
    expect(await verify([one, two])).toMatchObject({ kind: 'verified' });
    expect(await verify([other, two])).toMatchObject({ reason: 'other-parent' });
  });

  it('ends where a link before the last was revoked', async () => {
    const world = new World(node);
    const status = [{ purpose: 'revocation', index: 9, list: LIST, size: 1 }];
    const terms = {
      issuer: world.issuer.did,
      subject: HOLDERS[0]?.did ?? '',
      status,
      validFrom: AT,
      validUntil: AT + 1000,
    };
    const first = world.signed(
      unsignedCredential({ ...terms, statement: { kind: 'capabilities', grants: [less(1)] } }),
    );
    const [, second = ''] = chainOf(
      [[less(2)], [less(0)]],
      [
        {},
        {
          ...{ validFrom: AT, validUntil: AT + 1000 },
          issuer: HOLDERS[0]?.did ?? '',
          statement: { kind: 'capabilities', grants: [less(0)], delegatedFrom: delegationDigest(first) },
        },
      ],
    );
    const { sources } = world.verification;
    const documentOf = (did: string) => documentOfDidKey(did) ?? sources.documentOf(did);
    const demands = { roots: [{ did: world.issuer.did, grants: [less(2)] }] };
    const ask = () =>
      verifyDelegation([canonicalJson(first), second], { sources: { ...sources, documentOf }, demands, at: AT });
    await world.publish();
    expect(await ask()).toMatchObject({ kind: 'verified', holder: HOLDERS[1]?.did });
    await world.publish(withStatus(emptyStatusList(), 9, 1));
    expect(await ask()).toEqual({ kind: 'refused', reason: 'revoked', where: 'link/0/credentialStatus/0' });
  });

  it('needs every proof that a link’s issuer has keys for', async () => {
    const world = new World(node);
    const statement: Statement = { kind: 'capabilities', grants: [less(0)] };
    const terms = { issuer: world.issuer.did, subject: world.holder.did, statement };
    const unsigned = unsignedCredential({ ...terms, validFrom: AT, validUntil: AT + 1000 });
    const verification = { ...world.verification, demands: { roots: [{ did: world.issuer.did, grants: [less(1)] }] } };
    const text = (signed: JsonValue) => canonicalJson(signed);
    expect(await verifyDelegation([text(world.signed(unsigned))], verification)).toMatchObject({ kind: 'verified' });
    const only = world.signed(unsigned, [world.issuer.asserting[0]]);
    expect(await verifyDelegation([text(only)], verification)).toEqual({
      ...{ kind: 'refused', reason: 'missing-post-quantum-proof', where: 'link/0/proof' },
    });
  });
});

describe('delegation can only narrow', () => {
  const links = fc.array(fc.array(anyGrant, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 4 });

  it('whatever is handed on: nobody gains a use', async () => {
    await fc.assert(
      fc.asyncProperty(anyGrant, links, anyUse, async (root, grants, use) => {
        const roots = [{ did: ROOT.did, grants: [root] }];
        const verdict = await verify(chainOf(grants), { roots });
        if (verdict.kind === 'verified' && isAllowed(use, verdict.grants))
          for (const all of [[root], ...grants]) expect(isAllowed(use, all)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('and what was narrowed at each step is accepted, unless one step is widened', async () => {
    const narrowing = anyGrant
      .filter(({ delegations }) => delegations >= 4)
      .chain((root) =>
        anyNarrower(root).chain((a) => anyNarrower(a).chain((b) => anyNarrower(b).map((c) => [root, a, b, c]))),
      );
    await fc.assert(
      fc.asyncProperty(narrowing, anyGrant, fc.integer({ min: 1, max: 3 }), anyUse, async (chain, other, at, use) => {
        const [root, ...grants] = chain as [Grant, ...Grant[]];
        const roots = [{ did: ROOT.did, grants: [root] }];
        const verdict = await verify(chainOf(grants.map((grant) => [grant])), { roots });
        expect(verdict.kind).toBe('verified');
        if (verdict.kind === 'verified' && isAllowed(use, verdict.grants)) expect(isAllowed(use, [root])).toBe(true);
        const swapped = [root, ...grants].map((grant, i) => (i === at ? other : grant));
        const isWider = swapped.some((grant, i) => i > 0 && widening(grant, swapped[i - 1] as Grant) !== undefined);
        const second = await verify(chainOf(swapped.slice(1).map((grant) => [grant])), { roots });
        expect(second.kind).toBe(isWider ? 'refused' : 'verified');
      }),
      { numRuns: 150 },
    );
  });

  it('asks for documents of no one but the issuers', async () => {
    const asked: string[] = [];
    const documentOf = (did: string): DidDocument | undefined => {
      asked.push(did);
      return documentOfDidKey(did);
    };
    const sources = { documentOf, statusListOf: () => undefined };
    await verifyDelegation(chainOf([[less(3)], [less(0)]]), { sources, demands: { roots: ROOTS }, at: AT });
    expect(asked).toEqual([ROOT.did, HOLDERS[0]?.did]);
  });
});
