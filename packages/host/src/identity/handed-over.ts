/** What an issuer published, as it was handed over in a folder: for those who cannot ask its origin. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createResolver, parseDid, parseJson, type JsonObject, type ResolutionRefusal } from '@aia/identity';
import { HostError } from '../host-error.ts';
import type { Home } from './home.ts';
import { readBytes } from '../read-bytes.ts';
import { MOST_BYTES } from './origin-reader.ts';
import { portsOf } from './resolving.ts';

/** Each as it was read; `undefined` where the folder has none. */
export interface HandedOver {
  /** `did.jsonl`. */
  readonly log: string | undefined;
  /** `did-witness.json`. */
  readonly witnessProofs: string | undefined;
  /** `status.json`. */
  readonly statusList: Uint8Array | undefined;
}

/** Reads a folder. @throws HostError `input-unreadable`, also where it has neither log nor list */
export function readHandedOver(folder: string, mostListBytes: number): HandedOver {
  const read = (name: string, most: number) => {
    const path = join(folder, name);
    return existsSync(path) ? readBytes(path, most) : undefined;
  };
  const [log, statusList] = [read('did.jsonl', MOST_BYTES), read('status.json', mostListBytes)];
  if (log === undefined && statusList === undefined)
    throw new HostError('input-unreadable', `${folder} holds neither did.jsonl nor status.json.`, { data: { folder } });
  const witnessProofs = read('did-witness.json', MOST_BYTES);
  return { log: log?.toString('utf8'), witnessProofs: witnessProofs?.toString('utf8'), statusList };
}

/** Why a log is not taken over. */
export type LogRefusal = ResolutionRefusal | 'no-log';

/**
 * Keeps a log in the home where it proves itself and goes on from what is kept; what is kept already, or is newer there, is no refusal. No origin confirmed it,
 * so that it does for reading alone.
 */
export async function learnLog(
  home: Home,
  { log: text = '', witnessProofs }: HandedOver,
  at: number,
): Promise<
  { readonly kind: 'learned'; readonly did: string } | { readonly kind: 'refused'; readonly reason: LogRefusal }
> {
  const did = didIn(text);
  if (did === undefined) return { kind: 'refused', reason: 'no-log' };
  const { store } = portsOf(home, undefined);
  const peers = { ask: () => Promise.resolve([{ text, witnessProofs }]) };
  // However fresh what is kept may be, the log that was handed over is looked at.
  const { attempts } = await createResolver({ store, peers }, { readFreshMs: -Infinity }).resolve(did, {
    at,
    purpose: 'read',
  });
  const reason = attempts.find(({ rung }) => rung === 'peers')?.reason;
  return reason === undefined || reason === 'truncated-log' ? { kind: 'learned', did } : { kind: 'refused', reason };
}

/** Of the last entry, as it says itself. */
function didIn(log: string): string | undefined {
  const parsed = parseJson(log.trimEnd().split('\n').at(-1) ?? '');
  const state = parsed.kind === 'value' ? (parsed.value as JsonObject | null)?.['state'] : undefined;
  const id = (state as JsonObject | null | undefined)?.['id'];
  return typeof id === 'string' && parseDid(id)?.method === 'webvh' ? id : undefined;
}
