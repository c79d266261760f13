/** What a simulated cluster tells of the things around it: a real one is asked for none of this, it would not know. */
import { decodeSnapshot, SURROUNDINGS_PATH, type ClusterSnapshot } from '@aia/cluster';
import type { ApiClient } from './api-client.ts';

/** Cloud, usage and certificates, checked as those of any saved snapshot are; `undefined` where the server does not tell them. */
export async function readSurroundings(client: ApiClient): Promise<ClusterSnapshot | undefined> {
  const result = await client.get(SURROUNDINGS_PATH);
  if (result.kind !== 'ok') return undefined;
  try {
    return decodeSnapshot(result.value);
  } catch {
    // A server that merely says that it is simulated: everything it did not tell is missing, as with any other.
    return undefined;
  }
}
