/** Who keeps the keys of agents. What asks for them gets keys that sign and open, never what they are made from. */
import type { KeyOrigin, KeySet } from '@aia/identity';

/**
 * The port: a keystore on disk today, a key management service another day. Everything is asynchronous, since a service is.
 * @throws HostError from every function: `key-missing`, `key-damaged`, `keystore-refused`, `file-exposed`, `output-exists`, `output-failed`
 */
export interface KeyCustody {
  /** Draws a key of that agent and version and keeps it. Refuses to replace one. */
  readonly create: (origin: KeyOrigin) => Promise<KeySet>;
  readonly keySet: (origin: KeyOrigin) => Promise<KeySet>;
  /** Versions that are kept of an agent, ascending. */
  readonly versions: (agent: string) => Promise<readonly number[]>;
  /** Destroys a key for good; no failure where there is none. */
  readonly destroy: (origin: KeyOrigin) => Promise<void>;
}
