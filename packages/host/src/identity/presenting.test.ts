import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, present, verifyPresentation, type JsonObject, type KeySet } from '@aia/identity';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listNotes } from '../cli/identity/status-notes.ts';
import { agentDocument } from './agent-document.ts';
import { createAgent, knownAgent, rotateAgent, storeKeyOf } from './agents.ts';
import { openHome, type Home } from './home.ts';
import { issueAs, revokeCredentials } from './issuing.ts';
import type { KeyCustody } from './key-custody.ts';
import { createKeystore } from './keystore.ts';
import { presentAs } from './presenting.ts';
import { resolverOf, sourcesOf } from './resolving.ts';
import { signersOf } from './signers.ts';
import { judge, type Terms } from './verifying.ts';

const AT = Date.UTC(2026, 5, 1);
const DAY_MS = 86_400_000;

let folder: string;
let home: Home;
let keys: KeyCustody;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aia-presenting-'));
  home = openHome(join(folder, 'home'));
  keys = createKeystore(home, 'correct horse battery', { memoryKiB: 19_456, passes: 1, lanes: 1 });
});
afterEach(() => {
  home.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As agents were made before their documents had keys that sign presentations. */
async function madeBefore(name: string): Promise<string> {
  const made = await keys.ensure([1, 2].map((version) => ({ agent: name, version })));
  const [first, next] = made as readonly [KeySet, KeySet];
  const control = {
    signing: first.signingKey('control', 'Ed25519'),
    next: [next.signingKey('control', 'Ed25519').publicKey],
  };
  const document = (did: string) => {
    const now = agentDocument(did, first);
    const authentication = [`${did}#authentication-1`];
    const methods = (now.verificationMethod as readonly JsonObject[]).flatMap((method) => {
      if (!String(method['id']).includes('#authentication')) return [method];
      return String(method['id']).includes('composite') ? [{ ...method, id: authentication[0] as string }] : [];
    });
    return { ...now, verificationMethod: methods, authentication, capabilityInvocation: authentication };
  };
  const { did, text } = createLog({ segments: `agents.example:${name}`, document, keys: control, at: AT });
  home.dids.put(storeKeyOf(did), { text, confirmedAt: AT });
  home.agents.add({ name, did, createdAt: AT });
  return did;
}

const issued = (issuer: string, subject: string) =>
  issueAs(home, keys, issuer, {
    ...{ subject, statement: { kind: 'role', role: 'mlops-specialist' } as const },
    ...{ validUntil: AT + DAY_MS, at: AT },
  });
const sources = (at: number) => sourcesOf(resolverOf(home, undefined), undefined, { at, purpose: 'read' });

describe('an agent of an earlier form', () => {
  it('shows nothing before it is rotated, and says so', async () => {
    const { did: issuer } = await createAgent(home, keys, { name: 'probe', place: undefined, at: AT });
    const did = await madeBefore('old');
    const holdings = [{ chain: [await issued('probe', did)] as const, disclosures: {} }];
    const shown = (at: number) =>
      presentAs(home, keys, 'old', { holdings, disclosed: [], challenge: 'c', domain: 'd', at });
    await expect(shown(AT)).rejects.toThrow(/aia identity rotate old --out DIR/);
    await rotateAgent(home, keys, 'old', { at: AT + 1000 });
    const text = JSON.stringify(await shown(AT + 1000));
    const presented = { sources: sources(AT + 1000), demands: { issuers: [issuer] }, at: AT + 1000 };
    expect(await verifyPresentation(text, { ...presented, challenge: 'c', domain: 'd' })).toMatchObject({
      kind: 'verified',
      holder: did,
    });
  });
});

describe('notes on a status list', () => {
  it('come before it runs out, and when something was revoked since', async () => {
    const { did } = await createAgent(home, keys, { name: 'cluster', place: 'agents.example/cluster', at: AT });
    const notes = (at: number) => listNotes(home, 'cluster', at).join();
    expect(notes(AT)).toBe('');
    const { id } = await issued('cluster', did);
    expect(notes(AT)).toMatch(/no status list of cluster was written yet/);
    home.agents.noteSignedList('cluster', { signedAt: AT, validUntil: AT + 7 * DAY_MS });
    expect([notes(AT), notes(AT + 5 * DAY_MS - 1)]).toEqual(['', '']);
    expect(notes(AT + 5 * DAY_MS)).toMatch(/runs out at 2026-06-08T00:00:00Z/);
    expect(notes(AT + 7 * DAY_MS)).toMatch(/ran out at 2026-06-08T00:00:00Z/);
    revokeCredentials(home, 'cluster', { id: String(id) }, AT + 1);
    expect(notes(AT + 1)).toMatch(/do not know yet of 1/);
    home.agents.noteSignedList('cluster', { signedAt: AT + 1, validUntil: AT + 7 * DAY_MS });
    expect(notes(AT + 1)).toBe('');
  });
});

describe('what is judged', () => {
  it('is refused for its own reason, whatever stands where something else belongs', async () => {
    const { did } = await createAgent(home, keys, { name: 'probe', place: undefined, at: AT });
    const credential = await issued('probe', did);
    const terms: Terms = { issuers: '*', challenge: 'c', domain: 'd' };
    const judged = (value: JsonObject) => judge(value, { sources: sources(AT), terms, at: AT });
    expect(await judged(credential)).toMatchObject({ kind: 'verified' });
    const strange = [null, 0, '', 'x', true, [], {}, [[]], [null], { id: null }, { id: [] }, '__proto__'];
    for (const name of [...Object.keys(credential), 'disclosures', 'verifiableCredential', 'holder'])
      for (const value of strange) {
        const changed = { ...credential, [name]: value };
        expect([name, value, (await judged(changed)).kind]).toEqual([name, value, 'refused']);
        const wrapped = { ...changed, type: ['VerifiablePresentation'], holder: did, verifiableCredential: [changed] };
        expect([name, value, (await judged(wrapped)).kind]).toEqual([name, value, 'refused']);
      }
  });

  it('is no grant beside other credentials that was handed on by somebody who is trusted', async () => {
    const { did } = await createAgent(home, keys, { name: 'probe', place: undefined, at: AT });
    const { did: issuer } = await createAgent(home, keys, { name: 'root', place: undefined, at: AT });
    const grant = {
      capability: 'vote',
      clusters: '*',
      namespaces: '*',
      kinds: '*',
      blastRadius: {},
      delegations: 0,
    } as const;
    const granted = (delegatedFrom?: string) => {
      const statement = { kind: 'capabilities', grants: [grant], ...(delegatedFrom && { delegatedFrom }) } as const;
      return issueAs(home, keys, 'root', { subject: did, statement, validUntil: AT + DAY_MS, at: AT });
    };
    const role = await issued('root', did);
    const signers = await signersOf(knownAgent(home, 'probe', AT), keys, 'authentication', AT);
    const judged = (credential: JsonObject, limits: Terms['limits']) => {
      const shown = present({ holder: did, credentials: [role, credential], challenge: 'c', domain: 'd' }, signers, AT);
      const terms: Terms = { issuers: [issuer], challenge: 'c', domain: 'd', limits };
      return judge(shown, { sources: sources(AT), terms, at: AT });
    };
    expect(await judged(await granted(), undefined)).toMatchObject({ kind: 'verified', holder: did });
    expect(await judged(await granted('uAAAA'), undefined)).toMatchObject({
      reason: 'other-parent',
      where: 'verifiableCredential/1/credentialSubject/delegatedFrom',
    });
    expect(await judged(await granted(), [{ ...grant, kinds: ['Pod'] }])).toMatchObject({ reason: 'widened-grant' });
  });
});
