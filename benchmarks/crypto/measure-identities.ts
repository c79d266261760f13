/** The measured process of `bench crypto`: `measure-identities.ts identities COUNT`, prints an {@link IdentityMeasurement}. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentDocument } from '../../packages/host/src/identity/agent-document.ts';
import { openDatabase } from '../../packages/host/src/identity/database.ts';
import { didStore, type DidStore } from '../../packages/host/src/identity/did-store.ts';
import { createResolver, type DidResolver } from '../../packages/identity/src/did/resolver/resolver.ts';
import { verifyLog } from '../../packages/identity/src/did/webvh/log.ts';
import { createLog, updateLog, type ControlKeys } from '../../packages/identity/src/did/webvh/write.ts';
import { deriveKeySet, KEY_SEED_BYTES, type KeySet } from '../../packages/identity/src/keys/key-set.ts';
import { formatTime } from '../../packages/identity/src/proof/time.ts';
import { provider } from '../../packages/identity/src/provider/node.ts';
import { cpuMs } from './cpu.ts';

/** CPU milliseconds for one identity, megabytes for all. */
export interface IdentityMeasurement {
  readonly created: number;
  readonly stored: number;
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
const rotatedTexts: [string, Parameters<DidStore['put']>[1]][] = [];
const count = Number(process.argv[3] ?? 1000);

const folder = mkdtempSync(join(tmpdir(), 'aia-identities-'));
const database = openDatabase(join(folder, 'identities.sqlite'));
try {
  console.log(JSON.stringify(await measured(didStore(database))));
} finally {
  database.close();
  rmSync(folder, { recursive: true, force: true });
}

async function measured(store: DidStore): Promise<IdentityMeasurement> {
  const before = await heapMb();
  const dids: string[] = [];
  let [created, stored, logBytes] = [0, 0, 0];
  for (let from = 0; from < count; from += BATCH) {
    const made: { did: string; text: string }[] = [];
    const to = Math.min(count, from + BATCH);
    created += await cpuMs(() => {
      for (let i = from; i < to; i++) made.push(create(i));
    });
    stored += await cpuMs(() =>
      store.putAll(made.map(({ did, text }) => [keyOf(did), { text, confirmedAt: AT }] as const)),
    );
    dids.push(...made.map(({ did }) => did));
    logBytes += made.reduce((sum, { text }) => sum + text.length, 0) / count;
  }
  const namesMb = (await heapMb()) - before;
  const resolver = createResolver({ store: portOf(store) }, { most: count }, provider);
  let [cold, warm] = [0, 0];
  for (let from = 0; from < count; from += BATCH) {
    const batch = dids.slice(from, from + BATCH);
    cold += await cpuMs(() => resolveAll(resolver, batch));
    warm += await cpuMs(() => resolveAll(resolver, batch));
  }
  const warmMb = (await heapMb()) - before;
  const rotated = await cpuMs(() => {
    dids.forEach((did, i) => rotate(store, did, i));
    store.putAll(rotatedTexts.splice(0));
  });
  const native = await cpuMs(signAndVerify);
  const [all, mean] = [{ created, stored, cold, warm, rotated }, (total: number) => total / count];
  const means = Object.fromEntries(Object.entries(all).map(([name, total]) => [name, mean(total)]));
  return {
    ...(means as unknown as Omit<IdentityMeasurement, 'native' | 'namesMb' | 'warmMb' | 'logBytes'>),
    native: native / BATCH,
    namesMb,
    warmMb,
    logBytes,
  };
}

/** With the keys and the document that `aia identity create` would give it. */
function create(agent: number): { readonly did: string; readonly text: string } {
  const first = keySet(agent, 1);
  const keys = controlled(first, keySet(agent, 2));
  return createLog(
    { segments: 'agents.example', document: (did) => agentDocument(did, first), keys, at: AT },
    provider,
  );
}

function keySet(agent: number, version: number): KeySet {
  const seed = new Uint8Array(KEY_SEED_BYTES);
  new DataView(seed.buffer).setUint32(0, agent);
  seed[8] = version;
  return deriveKeySet(seed, { agent: `agent-${String(agent)}`, version }, provider);
}

function controlled(now: KeySet, next: KeySet): ControlKeys {
  return { signing: now.signingKey('control', 'Ed25519'), next: [next.signingKey('control', 'Ed25519').publicKey] };
}

function keyOf(did: string): string {
  return `webvh:${did.split(':')[2] ?? ''}`;
}

function portOf(store: DidStore) {
  return {
    read: (key: string) => Promise.resolve(store.get(key)),
    write: (key: string, stored: Parameters<DidStore['put']>[1]) => Promise.resolve(void store.put(key, stored)),
  };
}

async function resolveAll({ resolve }: DidResolver, dids: readonly string[]): Promise<void> {
  for (const did of dids) {
    const { kind } = await resolve(did, { at: AT + MINUTE, purpose: 'read' });
    if (kind !== 'resolved') throw new Error(`${did}: ${kind}`);
  }
}

/** Read, verified, another entry signed, stored. */
function rotate(store: DidStore, did: string, agent: number): void {
  const verdict = verifyLog(did, store.get(keyOf(did))?.text ?? '', { at: AT + MINUTE }, provider);
  if (verdict.kind === 'refused') throw new Error(verdict.reason);
  const before = verdict.log.versions[0]?.document;
  if (before === undefined) throw new Error('a log without a document');
  const now = keySet(agent, 2);
  const document = agentDocument(did, now, { before, revoked: [], at: formatTime(AT + MINUTE) });
  const { text } = updateLog(
    verdict.log,
    { document, keys: controlled(now, keySet(agent, 3)), at: AT + MINUTE },
    provider,
  );
  rotatedTexts.push([keyOf(did), { text, confirmedAt: AT + MINUTE }]);
  if (rotatedTexts.length === BATCH) store.putAll(rotatedTexts.splice(0));
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
