/** The measured process of `bench crypto`: `measure-identities.ts identities COUNT`, prints an {@link IdentityMeasurement}. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentDocument } from '../../packages/host/src/identity/agent-document.ts';
import { createAgents, storeKeyOf } from '../../packages/host/src/identity/agents.ts';
import { openHome, type Home } from '../../packages/host/src/identity/home.ts';
import type { KeyCustody } from '../../packages/host/src/identity/key-custody.ts';
import { custodyUnder } from '../../packages/host/src/identity/keystore.ts';
import { createResolver, type DidResolver } from '../../packages/identity/src/did/resolver/resolver.ts';
import { verifyLog } from '../../packages/identity/src/did/webvh/log.ts';
import { updateLog } from '../../packages/identity/src/did/webvh/write.ts';
import type { KeySet } from '../../packages/identity/src/keys/key-set.ts';
import { formatTime } from '../../packages/identity/src/proof/time.ts';
import { provider } from '../../packages/identity/src/provider/node.ts';
import { cpuMs } from './cpu.ts';

/** CPU milliseconds for one identity, megabytes for all. */
export interface IdentityMeasurement {
  /** With new keys, sealed and stored. */
  readonly created: number;
  readonly cold: number;
  readonly warm: number;
  readonly rotated: number;
  /** One native signature made and verified: the control. */
  readonly native: number;
  /** Growth of the heap: names of all, then with as much verified as the default policy of a resolver keeps in memory. */
  readonly namesMb: number;
  readonly warmMb: number;
  /** Of the log of one identity, bytes. */
  readonly logBytes: number;
}

const AT = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const BATCH = 1000;
const count = Number(process.argv[3] ?? 1000);

const folder = mkdtempSync(join(tmpdir(), 'aia-identities-'));
const home = openHome(join(folder, 'home'));
try {
  console.log(JSON.stringify(await measured(home, custodyUnder(home.database, provider.randomBytes(32)))));
} finally {
  home.close();
  rmSync(folder, { recursive: true, force: true });
}

async function measured(to: Home, keys: KeyCustody): Promise<IdentityMeasurement> {
  const before = await heapMb();
  const dids: string[] = [];
  let [created, cold, warm, rotated] = [0, 0, 0, 0];
  const batches = Array.from({ length: Math.ceil(count / BATCH) }, (_, batch) => batch * BATCH);
  for (const from of batches)
    created += await cpuMs(async () => {
      const agents = await createAgents(to, keys, creationsFrom(from));
      dids.push(...agents.map(({ did }) => did));
    });
  const namesMb = (await heapMb()) - before;
  const resolver = createResolver({ store: portOf(to) }, { most: count }, provider);
  for (const from of batches) {
    const batch = dids.slice(from, from + BATCH);
    cold += await cpuMs(() => resolveAll(resolver, batch));
    warm += await cpuMs(() => resolveAll(resolver, batch));
  }
  const warmMb = (await heapMb()) - before;
  const logBytes = to.dids.get(storeKeyOf(dids[0] ?? ''))?.text.length ?? 0;
  for (const from of batches) rotated += await cpuMs(() => rotate(to, keys, from, dids.slice(from, from + BATCH)));
  const native = await cpuMs(signAndVerify);
  const each = (total: number) => total / count;
  return {
    ...{ created: each(created), cold: each(cold), warm: each(warm), rotated: each(rotated), native: native / BATCH },
    ...{ namesMb, warmMb, logBytes },
  };
}

function creationsFrom(first: number) {
  const length = Math.min(BATCH, count - first);
  return Array.from({ length }, (_, i) => ({ name: nameOf(first + i), place: `agents.example/${first + i}`, at: AT }));
}

function nameOf(agent: number): string {
  return `agent-${agent}`;
}

function portOf({ dids }: Home) {
  return {
    read: (key: string) => Promise.resolve(dids.get(key)),
    write: (key: string, stored: Parameters<typeof dids.put>[1]) => Promise.resolve(void dids.put(key, stored)),
  };
}

async function resolveAll({ resolve }: DidResolver, dids: readonly string[]): Promise<void> {
  for (const did of dids) {
    const { kind } = await resolve(did, { at: AT + MINUTE, purpose: 'read' });
    if (kind !== 'resolved') throw new Error(`${did}: ${kind}`);
  }
}

/** As `rotateAgent` does, for many that share the waiting for the disk: read, verified, another entry signed, stored. */
async function rotate(of: Home, keys: KeyCustody, first: number, dids: readonly string[]): Promise<void> {
  const next = await keys.ensure(dids.map((_, i) => ({ agent: nameOf(first + i), version: 3 })));
  const sets = dids.map(async (did, i) => {
    const now = await keys.keySet({ agent: nameOf(first + i), version: 2 });
    return [storeKeyOf(did), { text: rotatedLog(of, did, now, next[i]), confirmedAt: AT + MINUTE }] as const;
  });
  of.dids.putAll(await Promise.all(sets));
}

function rotatedLog({ dids }: Home, did: string, now: KeySet, next: KeySet | undefined): string {
  const at = AT + MINUTE;
  const verdict = verifyLog(did, dids.get(storeKeyOf(did))?.text ?? '', { at }, provider);
  const before = verdict.kind === 'verified' ? verdict.log.versions[0]?.document : undefined;
  if (verdict.kind === 'refused' || before === undefined || next === undefined) throw new Error('a log does not hold');
  const keys = { signing: controlKey(now), next: [controlKey(next).publicKey] };
  const document = agentDocument(did, now, { before, revoked: [], at: formatTime(at) });
  return updateLog(verdict.log, { document, keys, at }, provider).text;
}

function controlKey(keys: KeySet) {
  return keys.signingKey('control', 'Ed25519');
}

function signAndVerify(): void {
  const key = provider.ed25519.signingKey(new Uint8Array(32));
  const [verifying, message] = [provider.ed25519.verifyingKey(key.publicKey), new Uint8Array(64)];
  for (let i = 0; i < BATCH; i++)
    if (verifying?.verify(message, key.sign(message)) !== true) throw new Error('what was measured did not work');
}

/** Once keys of native code had their turn to be given back. */
async function heapMb(): Promise<number> {
  (globalThis as { gc?: () => void }).gc?.();
  await new Promise(setImmediate);
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
}
