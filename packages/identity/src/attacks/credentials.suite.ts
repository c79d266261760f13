/** Attacks on credentials, their status, chains of delegations and presentations. */
import { canonicalJson } from '../canonical/jcs.ts';
import type { JsonObject, JsonValue } from '../canonical/strict-json.ts';
import type { Grant } from '../credentials/capabilities.ts';
import { GRANT } from '../credentials/credentials.suite.ts';
import { delegationDigest, verifyDelegation, type Root } from '../credentials/delegation.ts';
import { conceal, disclosureDigest } from '../credentials/disclosure.ts';
import { unsignedCredential, type CredentialTerms } from '../credentials/issue.ts';
import { present, verifyPresentation, type PresentationTerms } from '../credentials/presentation.ts';
import type { DocumentSigner } from '../credentials/proof-set.ts';
import { emptyStatusList, withStatus } from '../credentials/status-list.ts';
import { verifyCredential, type Verification } from '../credentials/verify.ts';
import { AT, DAY_MS, LIST, World, type Party } from '../credentials/world.suite.ts';
import type { DidDocument } from '../did/document.ts';
import { fromMultibase, toBase64Url, toMultibase } from '../encoding/multibase.ts';
import { toMultikey } from '../encoding/multikey.ts';
import { createProof, type ProofOptions } from '../proof/data-integrity.ts';
import { decided, flipped, type Attack, type SceneOf } from './attack.suite.ts';

type Change<T> = Partial<T>;

function proofsOf(credential: JsonObject): readonly [JsonObject, JsonObject] {
  return credential.proof as unknown as readonly [JsonObject, JsonObject];
}

function unsignedOf(credential: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(credential).filter(([name]) => name !== 'proof'));
}

/** Credentials. */
export const credentials: SceneOf = (provider) => {
  const world = new World(provider);
  const { issuer, holder } = world;
  const mallory = world.party('mallory');
  const good = world.signed(world.role());
  const [classical, quantum] = proofsOf(good);
  const text = canonicalJson(good);
  const decideText = async (given: string, change: Change<Verification> = {}) =>
    decided(await verifyCredential(given, { ...world.verification, ...change }, provider));
  const decide = (json: JsonObject, change: Change<Verification> = {}) => decideText(canonicalJson(json), change);
  const withProofs = (...proof: readonly JsonValue[]) => decide({ ...good, proof });
  const asIssuer = (party: Party): readonly DocumentSigner[] =>
    party.asserting.map((signer, i) => ({
      ...signer,
      verificationMethod: issuer.asserting[i]?.verificationMethod ?? '',
    }));
  const withDocument = (change: (document: DidDocument) => JsonObject): Change<Verification> => ({
    sources: {
      documentOf: (did) => ({ ...issuer.document, ...change(issuer.document), id: did }),
      statusListOf: () => undefined,
    },
  });
  const forgedValue = (proof: JsonObject, at: number): JsonObject => {
    const value = String(proof.proofValue);
    const bytes = flipped(fromMultibase(value) ?? new Uint8Array(1), at);
    return { ...proof, proofValue: toMultibase(value.startsWith('z') ? 'z' : 'u', bytes) };
  };
  const signedWith = (options: (signer: DocumentSigner) => Partial<ProofOptions>) => {
    const unsigned = world.role();
    const proof = issuer.asserting.map((signer) => {
      const said = { verificationMethod: signer.verificationMethod, proofPurpose: 'assertionMethod' };
      return createProof(unsigned, signer.cryptosuite, { ...said, ...options(signer) }, signer.key, provider);
    });
    return decide({ ...unsigned, proof });
  };
  const named = (name: (url: string) => string) =>
    signedWith(({ verificationMethod }) => ({ verificationMethod: name(verificationMethod) }));
  const smallOrder = toMultikey({ kind: 'Ed25519', bytes: Uint8Array.of(1, ...new Uint8Array(31)) });
  const methods = (document: DidDocument) => document.verificationMethod as unknown as readonly JsonObject[];
  const changedFirst = (change: JsonObject) =>
    withDocument((document) => ({
      verificationMethod: methods(document).map((method, i) => (i === 0 ? { ...method, ...change } : method)),
    }));
  return {
    what: 'a credential',
    honest: () => decide(good),
    attacks: [
      ['the post-quantum proof is stripped', 'missing-post-quantum-proof', () => withProofs(classical)],
      ['the classical proof is stripped', 'missing-classical-proof', () => withProofs(quantum)],
      ['all proofs are stripped', 'no-proof', () => decide(unsignedOf(good))],
      ['the post-quantum proof is forged', 'broken-signature', () => withProofs(classical, forgedValue(quantum, 99))],
      ['the classical proof is forged', 'broken-signature', () => withProofs(forgedValue(classical, 99), quantum)],
      [
        'the post-quantum proof only names its suite',
        'malformed-proof',
        () => withProofs(classical, { ...quantum, proofValue: 'u' }),
      ],
      [
        'a suite is swapped in a proof',
        'other-key-kind',
        () =>
          withProofs({ ...classical, cryptosuite: 'mldsa44-jcs-2024' }, { ...quantum, cryptosuite: 'eddsa-jcs-2022' }),
      ],
      [
        'a proof of a suite that nobody knows is added',
        'unknown-cryptosuite',
        () => withProofs(classical, quantum, { ...classical, cryptosuite: 'none-2024' }),
      ],
      ['a proof is given twice', 'repeated-proof', () => withProofs(classical, quantum, classical)],
      [
        'a proof has a critical member that is not known',
        'unsupported-proof-member',
        () => withProofs({ ...classical, previousProof: 'urn:x' }, quantum),
      ],
      [
        'a proof for authentication is reused',
        'other-purpose',
        () => withProofs({ ...classical, proofPurpose: 'authentication' }, quantum),
      ],
      [
        'an authentication key signs',
        'other-relationship',
        () => decide(world.signed(world.role(), issuer.authenticating)),
      ],
      [
        'its statement is changed',
        'broken-signature',
        () => decide({ ...good, credentialSubject: { id: holder.did, role: 'main-orchestrator' } }),
      ],
      [
        'it is put on somebody else',
        'broken-signature',
        () => decide({ ...good, credentialSubject: { id: mallory.did, role: 'mlops-specialist' } }),
      ],
      [
        'it is signed by somebody else with the issuer’s key names',
        'broken-signature',
        () => decide(world.signed(world.role(), asIssuer(mallory))),
      ],
      [
        'it is signed with somebody else’s keys',
        'other-document',
        () => decide(world.signed(world.role(), mallory.asserting)),
      ],
      [
        'it is issued by somebody who is not trusted',
        'untrusted-issuer',
        () => decide(world.signed(world.role({ issuer: mallory.did }), mallory.asserting)),
      ],
      [
        'its issuer is not to be found',
        'unresolved-signer',
        () => decide(good, { sources: { documentOf: () => undefined, statusListOf: () => undefined } }),
      ],
      [
        'its issuer’s document is another one',
        'unresolved-signer',
        () => decide(good, { sources: { documentOf: () => mallory.document, statusListOf: () => undefined } }),
      ],
      [
        'its issuer’s key has been revoked',
        'revoked-key',
        () => decide(good, changedFirst({ revoked: '2026-05-01T00:00:00Z' })),
      ],
      [
        'its issuer’s key has a small order',
        'malformed-key',
        () => decide(good, changedFirst({ publicKeyMultibase: smallOrder })),
      ],
      [
        'its issuer has no post-quantum key any more',
        'missing-post-quantum-proof',
        () =>
          decide(
            { ...good, proof: [classical] },
            {
              ...withDocument((document) => ({
                assertionMethod: [(document.assertionMethod as readonly string[])[0] ?? ''],
              })),
              demands: { issuers: '*', postQuantum: '*' },
            },
          ),
      ],
      ['it has expired', 'expired', () => decide(world.signed(world.role({ validUntil: AT - 1000 })))],
      ['its life is prolonged', 'broken-signature', () => decide({ ...good, validUntil: '2036-01-01T00:00:00Z' })],
      [
        'it is used before its time',
        'not-yet-valid',
        () => decide(world.signed(world.role({ validFrom: AT + DAY_MS / 2 }))),
      ],
      ['its proofs are dated ahead', 'proof-from-future', () => decide(good, { at: AT - DAY_MS / 2 })],
      ['it has a member that nobody knows', 'unknown-field', () => decide({ ...good, termsOfUse: { type: 'x' } })],
      [
        'a context is added that gives words another meaning',
        'unknown-context',
        () =>
          decide({ ...good, '@context': [...(good['@context'] as readonly string[]), 'https://mallory.example/v1'] }),
      ],
      [
        'a context is taken away',
        'other-context',
        () => decide({ ...good, '@context': [(good['@context'] as readonly string[])[0] ?? ''] }),
      ],
      [
        'a name stands twice',
        'malformed-json',
        () => decideText(text.replace('"role":', '"role":"main-orchestrator","role":')),
      ],
      [
        'a name stands twice, once escaped',
        'malformed-json',
        () => decideText(text.replace('"role":', '"r\\u006fle":"main-orchestrator","role":')),
      ],
      ['something follows it', 'malformed-json', () => decideText(`${text}{}`)],
      ['a text has half a character', 'malformed-json', () => decideText(text.replace('mlops-specialist', '\\ud800'))],
      [
        'it is of another type than is asked for',
        'unknown-type',
        () => decide(good, { demands: { issuers: '*', type: 'AgentCapabilityCredential' } }),
      ],
      [
        'its proofs name an older version of the issuer’s document',
        'malformed-key-url',
        () => named((url) => url.replace('#', '?versionId=1-QmOld#')),
      ],
      [
        'its proofs name their keys by fragments alone',
        'malformed-key-url',
        () => named((url) => url.replace(/.*#/, '#')),
      ],
      ['its proofs name a document and no key', 'malformed-key-url', () => named((url) => url.replace(/#.*/, ''))],
      [
        'its proofs name a key that the issuer has not',
        'unknown-method',
        () => named((url) => url.replace('#assertion', '#forged')),
      ],
      ['its proofs have run out', 'expired-proof', () => signedWith(() => ({ expires: '2026-05-31T23:59:59Z' }))],
      [
        'its proofs are for one verifier alone',
        'unsupported-proof-member',
        () => signedWith(() => ({ domain: 'did:web:other.example' })),
      ],
      ['its proofs answer a challenge', 'unsupported-proof-member', () => signedWith(() => ({ challenge: 'c-1' }))],
      [
        'its proofs have an unreadable time',
        'malformed-proof',
        () => withProofs({ ...classical, created: '2026-02-30T00:00:00Z' }, quantum),
      ],
      [
        'its issuer has taken the key out of its document',
        'unknown-method',
        () =>
          decide(
            good,
            withDocument((document) => ({ verificationMethod: methods(document).slice(1) })),
          ),
      ],
      [
        'its issuer’s document has two keys of one name',
        'ambiguous-method',
        () =>
          decide(
            good,
            withDocument((document) => ({ verificationMethod: [...methods(document), methods(document)[0] ?? {}] })),
          ),
      ],
      [
        'its issuer’s key belongs to somebody else',
        'malformed-method',
        () => decide(good, changedFirst({ controller: mallory.did })),
      ],
      [
        'its issuer’s key is published with its secret',
        'malformed-method',
        () => decide(good, changedFirst({ secretKeyMultibase: 'z3u2' })),
      ],
      [
        'its issuer’s key has run out',
        'expired-key',
        () => decide(good, changedFirst({ expires: '2026-05-31T00:00:00Z' })),
      ],
      [
        'more proofs are added than anybody needs',
        'malformed-credential',
        () => withProofs(...Array.from({ length: 17 }, () => classical)),
      ],
      ['it names two issuers', 'malformed-credential', () => decide({ ...good, issuer: [issuer.did, mallory.did] })],
      [
        'its time is written so that clocks differ about it',
        'malformed-credential',
        () => decide({ ...good, validUntil: '2026-06-30T23:59:60Z' }),
      ],
      ['its status is left out', 'no-status', () => decide(good, { demands: { issuers: '*', isStatusNeeded: true } })],
    ] satisfies readonly Attack[],
  };
};

/** Statuses. */
export const statuses: SceneOf = (provider) => {
  const world = new World(provider);
  const mallory = world.party('mallory');
  const entry = (purpose: string, index = 7) => ({ purpose, index, list: LIST, size: 1 });
  const signed = (...status: NonNullable<CredentialTerms['status']>) =>
    canonicalJson(world.signed(world.role({ status })));
  const decide = async (
    publish: () => Promise<void>,
    { text = signed(entry('revocation'), entry('suspension', 8)), at = AT }: { text?: string; at?: number } = {},
  ) => {
    world.lists.clear();
    await publish();
    return decided(await verifyCredential(text, { ...world.verification, at }, provider));
  };
  const nothing = () => world.publish();
  const signedStatus = (change: JsonObject) => {
    const said = { type: 'BitstringStatusListEntry', statusPurpose: 'revocation', statusListIndex: '7' };
    const credentialStatus = { ...said, statusListCredential: LIST, ...change };
    return { text: canonicalJson(world.signed({ ...world.role(), credentialStatus })) };
  };
  const listSaying = (change: JsonObject) => async () => {
    await world.publish();
    const list = changed().proofless.credentialSubject as JsonObject;
    await world.publish(emptyStatusList(), { credentialSubject: { ...list, ...change } });
  };
  const listed = (index: number) => () => world.publish(withStatus(emptyStatusList(), index, 1));
  const changed = () => {
    const published = world.lists.get(LIST);
    const proofless = JSON.parse(String(published?.text)) as JsonObject;
    return { published, proofless };
  };
  return {
    what: 'a status',
    honest: () => decide(nothing),
    attacks: [
      ['the credential has been revoked', 'revoked', () => decide(listed(7))],
      ['the credential has been suspended', 'suspended', () => decide(listed(8))],
      ['the list is kept back', 'no-status-list', () => decide(() => Promise.resolve())],
      ['an old list is shown', 'stale-status-list', () => decide(nothing, { at: AT + 600_000 })],
      [
        'the list is somebody else’s',
        'untrusted-issuer',
        () => decide(() => world.publish(emptyStatusList(), {}, mallory)),
      ],
      [
        'the list is another one of the issuer',
        'other-status-list',
        () => decide(() => world.publish(emptyStatusList(), { id: `${LIST}0` })),
      ],
      [
        'the list is for another purpose',
        'other-status-purpose',
        () => decide(nothing, { text: signed(entry('refresh')) }),
      ],
      [
        'the list has run out',
        'expired',
        () => decide(() => world.publish(undefined, { validUntil: '2026-05-31T23:00:00Z' })),
      ],
      [
        'the list is of tomorrow',
        'not-yet-valid',
        () => decide(() => world.publish(undefined, { validFrom: '2026-06-02T00:00:00Z' })),
      ],
      [
        'the list was read by a clock that is ahead',
        'stale-status-list',
        () =>
          decide(async () => {
            await world.publish();
            const { published } = changed();
            if (published !== undefined) world.lists.set(LIST, { ...published, readAt: AT + 120_000 });
          }),
      ],
      [
        'the list is no list',
        'unknown-type',
        () => decide(() => world.publish(undefined, { type: ['VerifiableCredential'] })),
      ],
      [
        'the list has a status of its own',
        'malformed-status-list',
        () => decide(() => world.publish(undefined, { credentialStatus: { type: 'x' } })),
      ],
      [
        'the list stands beside another one',
        'malformed-status-list',
        () =>
          decide(async () => {
            await world.publish();
            const list = changed().proofless.credentialSubject as JsonObject;
            await world.publish(undefined, { credentialSubject: [list, list] });
          }),
      ],
      ['the list has wider entries', 'malformed-status-list', () => decide(listSaying({ statusSize: 2 }))],
      [
        'the list is written in another base',
        'malformed-status-list',
        () => decide(listSaying({ encodedList: 'zH4s' })),
      ],
      ['the list may be kept for ever', 'stale-status-list', () => decide(listSaying({ ttl: 1e300 }))],
      ['the number is negative', 'unknown-status', () => decide(nothing, signedStatus({ statusListIndex: '-1' }))],
      ['the number is a fraction', 'unknown-status', () => decide(nothing, signedStatus({ statusListIndex: '7.5' }))],
      ['the number is no text', 'unknown-status', () => decide(nothing, signedStatus({ statusListIndex: 7 }))],
      [
        'the status is of another kind',
        'unknown-status',
        () => decide(nothing, signedStatus({ type: 'RevocationList2020Status' })),
      ],
      [
        'the status has two bits that nobody explains',
        'unknown-status',
        () => decide(nothing, signedStatus({ statusSize: 2 })),
      ],
      ['the status has a member that nobody knows', 'unknown-status', () => decide(nothing, signedStatus({ crit: 1 }))],
      [
        'the number is beyond the list',
        'status-out-of-range',
        () => decide(nothing, { text: signed(entry('revocation', 9_999_999)) }),
      ],
      [
        'the list is too short to hide in',
        'short-status-list',
        () => decide(() => world.publish({ bytes: new Uint8Array(16) })),
      ],
      [
        'the list expands without end',
        'malformed-status-list',
        () => decide(() => world.publish({ bytes: new Uint8Array(2 ** 24 + 1) })),
      ],
      [
        'the list is changed',
        'broken-signature',
        () =>
          decide(async () => {
            await world.publish();
            const { published, proofless } = changed();
            const text = canonicalJson({ ...proofless, validFrom: '2026-05-30T00:00:00Z' });
            if (published !== undefined) world.lists.set(LIST, { ...published, text });
          }),
      ],
      [
        'the list loses its post-quantum proof',
        'missing-post-quantum-proof',
        () =>
          decide(async () => {
            await world.publish();
            const { published, proofless } = changed();
            const text = canonicalJson({ ...proofless, proof: [proofsOf(proofless)[0]] });
            if (published !== undefined) world.lists.set(LIST, { ...published, text });
          }),
      ],
    ] satisfies readonly Attack[],
  };
};

/** Chains of delegations. */
export const delegations: SceneOf = (provider) => {
  const world = new World(provider);
  const parties = ['root', 'first', 'second', 'third', 'fourth', 'fifth'].map((name) => world.party(name));
  const [root] = parties as [Party, ...Party[]];
  const mallory = world.party('mallory');
  const narrowed = (delegation: number, more: Partial<Grant> = {}): Grant => ({
    ...GRANT,
    delegations: delegation,
    ...more,
  });
  const chainOf = (grants: readonly Grant[], changes: readonly Change<CredentialTerms>[] = []): JsonObject[] => {
    const chain: JsonObject[] = [];
    for (const [i, grant] of grants.entries()) {
      const [from, to] = [parties[i], parties[i + 1]] as [Party, Party];
      const parent = chain.at(-1);
      const handedOn = parent === undefined ? {} : { delegatedFrom: delegationDigest(parent, provider) };
      const statement = { kind: 'capabilities', grants: [grant], ...handedOn } as const;
      const terms = { issuer: from.did, subject: to.did, statement, validFrom: AT - DAY_MS, validUntil: AT + DAY_MS };
      chain.push(world.signed(unsignedCredential({ ...terms, ...changes[i] }), from.asserting));
    }
    return chain;
  };
  const decide = async (
    chain: readonly JsonObject[],
    grants: readonly Grant[] = [narrowed(5)],
    trusted: string = root.did,
    ...more: readonly Root[]
  ) => {
    const demands = { roots: [{ did: trusted, grants }, ...more] };
    const { sources } = world.verification;
    const texts = chain.map((one) => canonicalJson(one));
    return decided(await verifyDelegation(texts, { sources, demands, at: AT }, provider));
  };
  const good = chainOf([narrowed(3), narrowed(2), narrowed(1)]);
  const widened = (more: Partial<Grant>) => decide(chainOf([narrowed(3), narrowed(2, more)]));
  return {
    what: 'a delegation',
    honest: () => decide(good),
    attacks: [
      ['it reaches another capability', 'widened-grant', () => widened({ capability: 'vote' })],
      ['it reaches another cluster', 'widened-grant', () => widened({ clusters: '*' })],
      ['it reaches another namespace', 'widened-grant', () => widened({ namespaces: ['web', 'kube-system'] })],
      ['it reaches another kind', 'widened-grant', () => widened({ kinds: ['Secret'] })],
      [
        'it has a wider blast radius',
        'widened-grant',
        () => widened({ blastRadius: { podsPerPhase: 11, actions: 3 } }),
      ],
      ['it has no blast radius', 'widened-grant', () => widened({ blastRadius: {} })],
      ['it may be handed on as often as its parent', 'widened-grant', () => widened({ delegations: 3 })],
      ['it reaches more than its root', 'widened-grant', () => decide(good, [narrowed(5, { namespaces: ['web'] })])],
      [
        'it reaches as far as another root',
        'widened-grant',
        () =>
          decide(good, [narrowed(5, { namespaces: ['web'] })], root.did, { did: mallory.did, grants: [narrowed(5)] }),
      ],
      [
        'it lasts longer than its parent',
        'widened-validity',
        () => decide(chainOf([narrowed(3), narrowed(2)], [{}, { validUntil: AT + 2 * DAY_MS }])),
      ],
      [
        'it has no end',
        'without-end',
        () => {
          const [link] = chainOf([narrowed(3)]) as [JsonObject];
          const endless = Object.fromEntries(
            Object.entries(unsignedOf(link)).filter(([name]) => name !== 'validUntil'),
          );
          return decide([world.signed(endless, root.asserting)]);
        },
      ],
      ['a link of it is left out', 'untrusted-issuer', () => decide([good[0] as JsonObject, good[2] as JsonObject])],
      ['it begins in the middle', 'untrusted-issuer', () => decide(good.slice(1))],
      [
        'its parent is another credential',
        'other-parent',
        () => decide([chainOf([narrowed(4)])[0] as JsonObject, good[1] as JsonObject]),
      ],
      [
        'a link has expired',
        'expired',
        () => decide(chainOf([narrowed(3), narrowed(2)], [{}, { validUntil: AT - 1000 }])),
      ],
      [
        'it is handed on too often',
        'too-deep',
        () => decide(chainOf([narrowed(4), narrowed(3), narrowed(2), narrowed(1), narrowed(0)])),
      ],
      ['it is empty', 'empty-chain', () => decide([])],
      ['it is turned round', 'untrusted-issuer', () => decide([...good].reverse())],
      ['a link of it stands twice', 'untrusted-issuer', () => decide([good[0], good[1], good[1]] as JsonObject[])],
      [
        'it begins at somebody who is no root',
        'untrusted-issuer',
        () => decide([world.signed(unsignedOf(good[0] as JsonObject), root.asserting)], [], mallory.did),
      ],
      [
        'a link of it is signed over the head of its holder',
        'untrusted-issuer',
        () => {
          const [first, second] = good as [JsonObject, JsonObject];
          return decide([first, world.signed({ ...unsignedOf(second), issuer: root.did }, root.asserting)]);
        },
      ],
      [
        'it begins with what was handed on',
        'other-parent',
        () => {
          const subject = good[1]?.credentialSubject as JsonObject;
          return decide([
            world.signed({ ...unsignedOf(good[0] as JsonObject), credentialSubject: subject }, root.asserting),
          ]);
        },
      ],
      [
        'it comes back to one of its holders',
        'cyclic-chain',
        () => decide(chainOf([narrowed(3), narrowed(2), narrowed(1)], [{}, {}, { subject: parties[1]?.did ?? '' }])),
      ],
      [
        'it is handed on to the one who hands it on',
        'cyclic-chain',
        () => decide(chainOf([narrowed(3)], [{ subject: root.did }])),
      ],
      [
        'it begins before its parent',
        'widened-validity',
        () => decide(chainOf([narrowed(3), narrowed(2)], [{}, { validFrom: AT - 2 * DAY_MS }])),
      ],
      [
        'a link names no parent',
        'other-parent',
        () =>
          decide(
            chainOf([narrowed(3), narrowed(2)], [{}, { statement: { kind: 'capabilities', grants: [narrowed(2)] } }]),
          ),
      ],
      [
        'a link before its last has been revoked',
        'revoked',
        async () => {
          await world.publish(withStatus(emptyStatusList(), 7, 1), {}, root);
          const status = [{ purpose: 'revocation', index: 7, list: LIST, size: 1 }];
          return decide(chainOf([narrowed(3), narrowed(2)], [{ status }]));
        },
      ],
      [
        'a link loses its post-quantum proof',
        'missing-post-quantum-proof',
        () => {
          const [first, second] = good as [JsonObject, JsonObject];
          return decide([{ ...first, proof: [proofsOf(first)[0]] }, second]);
        },
      ],
      [
        'a star stands among its names',
        'malformed-capabilities',
        () => decide(chainOf([narrowed(3, { namespaces: ['web', '*'] })])),
      ],
      ['it reaches no namespace', 'malformed-capabilities', () => decide(chainOf([narrowed(3, { namespaces: [] })]))],
      [
        'a bound is less than nothing',
        'malformed-capabilities',
        () => decide(chainOf([narrowed(3, { blastRadius: { podsPerPhase: -1, actions: 3 } })])),
      ],
      ['it may be handed on half a time', 'malformed-capabilities', () => decide(chainOf([narrowed(2.5)]))],
      [
        'a role is passed off as capabilities',
        'unknown-type',
        () => decide(chainOf([narrowed(3)], [{ statement: { kind: 'role', role: 'mlops-specialist' } }])),
      ],
      [
        'a capability is not in the list',
        'malformed-capabilities',
        () => decide(chainOf([narrowed(3, { capability: 'admin' as 'vote' })])),
      ],
    ] satisfies readonly Attack[],
  };
};

/** Presentations, with what is disclosed in them. */
export const presentations: SceneOf = (provider) => {
  const world = new World(provider);
  const { holder } = world;
  const mallory = world.party('mallory');
  const concealed = conceal({ audit: 'passed', score: 97 }, [['score']], provider);
  const attested = world.signed(world.role({ statement: { kind: 'attestation', claims: concealed.value } }));
  const binding = { challenge: 'c-1', domain: 'did:web:verifier.example' };
  const shown = (more: Change<PresentationTerms> = {}, signers = holder.authenticating) => {
    const terms = { holder: holder.did, credentials: [attested], disclosures: [concealed.disclosures], ...binding };
    return present({ ...terms, ...more }, signers, AT, provider);
  };
  const decide = async (json: JsonObject, change: Partial<typeof binding> = {}) =>
    decided(await verifyPresentation(canonicalJson(json), { ...world.verification, ...binding, ...change }, provider));
  const good = shown();
  const [classical] = proofsOf(good);
  const disclosure = (...content: readonly JsonValue[]) =>
    toBase64Url(new TextEncoder().encode(JSON.stringify(content)));
  const disclosed = (...content: readonly JsonValue[]) => [[disclosure(...content)]];
  const signedWith = (options: Partial<ProofOptions>) => {
    const unsigned = unsignedOf(good);
    const proof = holder.authenticating.map(({ cryptosuite, verificationMethod, key }) =>
      createProof(
        unsigned,
        cryptosuite,
        { verificationMethod, proofPurpose: 'authentication', ...binding, ...options },
        key,
        provider,
      ),
    );
    return decide({ ...unsigned, proof });
  };
  /** Of claims that the issuer has signed as they are, digests and all. */
  const told = (claims: JsonObject, ...texts: readonly string[]) => {
    const statement = { kind: 'attestation', claims } as const;
    return decide(shown({ credentials: [world.signed(world.role({ statement }))], disclosures: [texts] }));
  };
  const score = disclosure('salt', 'score', 100);
  const digest = disclosureDigest(score, provider);
  return {
    what: 'a presentation',
    honest: () => decide(good),
    attacks: [
      ['it is shown again', 'other-challenge', () => decide(good, { challenge: 'c-2' })],
      ['it is passed on to another verifier', 'other-domain', () => decide(good, { domain: 'did:web:other.example' })],
      [
        'it shows the credential of somebody else',
        'other-holder',
        () => decide(shown({ holder: mallory.did }, mallory.authenticating)),
      ],
      [
        'it is signed by somebody else in the name of the holder',
        'other-document',
        () => decide(shown({}, mallory.authenticating)),
      ],
      ['an assertion key signs it', 'other-relationship', () => decide(shown({}, holder.asserting))],
      [
        'its post-quantum proof is stripped',
        'missing-post-quantum-proof',
        () => decide({ ...good, proof: [classical] }),
      ],
      [
        'a credential is put into it',
        'broken-signature',
        () => decide({ ...good, verifiableCredential: [attested, attested] }),
      ],
      ['more is disclosed in it', 'broken-signature', () => decide({ ...good, disclosures: [] })],
      [
        'a value is disclosed that was not signed',
        'unreferenced-disclosure',
        () => decide(shown({ disclosures: disclosed('salt', 'score', 100) })),
      ],
      [
        'a disclosure is given twice',
        'malformed-disclosure',
        () => decide(shown({ disclosures: [[...concealed.disclosures, ...concealed.disclosures]] })),
      ],
      ['a disclosure is no JSON', 'malformed-disclosure', () => decide(shown({ disclosures: [['AAAA']] }))],
      ['it has a member that nobody knows', 'unknown-field', () => decide({ ...good, crit: ['x'] })],
      ['it has run out', 'expired-proof', () => signedWith({ expires: '2026-05-31T23:59:59Z' })],
      ['it is of tomorrow', 'proof-from-future', () => signedWith({ created: '2026-06-02T00:00:00Z' })],
      ['it is a statement', 'other-purpose', () => signedWith({ proofPurpose: 'assertionMethod' })],
      [
        'it is shown by nobody',
        'malformed-presentation',
        () => decide(Object.fromEntries(Object.entries(good).filter(([name]) => name !== 'holder'))),
      ],
      [
        'its proofs have a member that nobody knows',
        'unsupported-proof-member',
        () => signedWith({ crit: ['x'] } as Partial<ProofOptions>),
      ],
      ['it shows nothing', 'malformed-presentation', () => decide(shown({ credentials: [], disclosures: [] }))],
      ['it shows a presentation', 'unknown-field', () => decide(shown({ credentials: [good], disclosures: [] }))],
      [
        'a credential in it is changed',
        'broken-signature',
        () => decide(shown({ credentials: [{ ...attested, id: 'urn:uuid:1' }] })),
      ],
      [
        'a credential in it loses its post-quantum proof',
        'missing-post-quantum-proof',
        () => decide(shown({ credentials: [{ ...attested, proof: [proofsOf(attested)[0]] }] })),
      ],
      [
        'a value is disclosed beside another one of its name',
        'name-already-there',
        () => told({ score: 1, _sd: [digest] }, score),
      ],
      ['a digest stands twice', 'repeated-digest', () => told({ _sd: [digest], by: { _sd: [digest] } }, score)],
      ['digests are of another kind', 'unknown-digest-algorithm', () => told({ _sd_alg: 'md5', _sd: [digest] }, score)],
      [
        'a value is disclosed as an element',
        'malformed-disclosure',
        () => told({ scores: [{ '...': digest }] }, score),
      ],
      [
        'digests are disclosed under their own name',
        'reserved-name',
        () => {
          const text = disclosure('salt', '_sd', [digest]);
          return told({ _sd: [disclosureDigest(text, provider)] }, text);
        },
      ],
      [
        'a disclosure is spelled in another way',
        'malformed-disclosure',
        () => told({ _sd: [disclosureDigest(`${score}=`, provider)] }, `${score}=`),
      ],
      [
        'a value is disclosed whose place is not',
        'unreferenced-disclosure',
        () => {
          const outer = disclosure('salt', 'by', { _sd: [digest] });
          return told({ _sd: [disclosureDigest(outer, provider)] }, score);
        },
      ],
    ] satisfies readonly Attack[],
  };
};
