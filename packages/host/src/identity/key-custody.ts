/**
 * Who keeps the keys of agents. What asks for them gets keys that sign and open, never what they are made from.
 *
 * An adapter of a key management service keeps each seed under a key of the service, which has to be bound to agent and version (its "encryption context"), opens
 * it when a key set is asked for, and clears it once `deriveKeySet` has made the keys of it. It has to be able to destroy what it keeps, since nothing else
 * makes old keys useless to whoever gets hold of the service later. Keys sign without waiting, so that a service which signs by itself and gives no seed to this
 * process is not an adapter, but another `KeySet`. Every adapter passes `key-custody.suite.ts`.
 */
import type { KeyOrigin, KeySet } from '@aia/identity';

/**
 * The port: sealed in the database of a home today, a key management service another day. Everything is asynchronous, since a service is.
 * @throws HostError from every function: `key-missing`, `key-damaged`, `keystore-refused`, `store-failed`; RangeError for an agent or version that is none
 */
export interface KeyCustody {
  /** The keys of these origins, in their order, drawn and kept where there are none; never replaced. All are kept or, where it rejects, none that was not there. */
  readonly ensure: (origins: readonly KeyOrigin[]) => Promise<readonly KeySet[]>;
  /** Keys that are there. */
  readonly keySet: (origin: KeyOrigin) => Promise<KeySet>;
  /** Versions that are kept of an agent, ascending. */
  readonly versions: (agent: string) => Promise<readonly number[]>;
  /** Destroys keys for good: all of them or, where it rejects, none. No failure where there are none. */
  readonly destroy: (origins: readonly KeyOrigin[]) => Promise<void>;
}
