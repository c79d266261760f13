/** What lies around a cluster and is no object of it: cloud, usage over time, certificates, answers of endpoints, logs of the past. */
import { NO_CLOUD } from '../cloud/cloud.ts';
import type { SnapshotParts } from '../snapshot/snapshot.ts';
import { NO_USAGE } from '../usage/usage.ts';

/** As a snapshot holds it. */
export type Surroundings = Pick<
  SnapshotParts,
  'cloud' | 'usage' | 'certificates' | 'unreadableCertificates' | 'endpoints' | 'logs' | 'missing'
>;

/** Nothing is known around a cluster that was not recorded. */
export const NO_SURROUNDINGS: Surroundings = {
  cloud: NO_CLOUD,
  usage: NO_USAGE,
  certificates: [],
  unreadableCertificates: [],
  endpoints: [],
  logs: [],
  missing: [],
};

/** The parts of a snapshot that are no objects. */
export function surroundingsOf(snapshot: Surroundings | undefined): Surroundings {
  if (snapshot === undefined) return NO_SURROUNDINGS;
  const { cloud, usage, certificates, unreadableCertificates, endpoints, logs, missing } = snapshot;
  return { cloud, usage, certificates, unreadableCertificates, endpoints, logs, missing };
}
