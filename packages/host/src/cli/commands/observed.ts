/** What commands that judge a cluster begin with: the snapshot, with what was asked beside it, and what to leave out of the judgement. */
import type { ClusterSnapshot } from '@aia/cluster';
import type { Suppression } from '@aia/operations';
import { readerOf, type SourceArguments } from '../cluster-source.ts';
import type { Progress } from '../progress.ts';

/** Options of {@link observed} and {@link suppressionsOf}. */
export interface JudgedArguments extends SourceArguments {
  readonly suppressions?: string;
}

/** Read before the cluster is, since a misspelt file should not cost the wait; the schemas are loaded only then. */
export async function suppressionsOf({ suppressions }: JudgedArguments): Promise<readonly Suppression[] | undefined> {
  if (suppressions === undefined) return undefined;
  const { readSuppressions } = await import('../read-suppressions.ts');
  return readSuppressions(suppressions);
}

/** Reads the cluster, and asks the endpoints that the options name. */
export async function observed(
  options: JudgedArguments,
  progress: Progress,
  signal: AbortSignal,
): Promise<ClusterSnapshot> {
  const reader = await readerOf(options, progress);
  const snapshot = await probed(await reader.observe(signal), options, progress, signal);
  signal.throwIfAborted();
  return snapshot;
}

async function probed(
  snapshot: ClusterSnapshot,
  { probe = [], probeEndpoints: asksExposed, probeLoopback: allowLoopback, namespace: namespaces }: JudgedArguments,
  progress: Progress,
  signal: AbortSignal,
): Promise<ClusterSnapshot> {
  let seen = snapshot;
  if (probe.length > 0) {
    const { probeEndpoints, withProbes } = await import('../../probes/probe-endpoints.ts');
    progress.show(`asking ${probe.length} endpoints for their certificates`);
    seen = withProbes(seen, await probeEndpoints(probe, { signal }));
  }
  if (asksExposed !== true) return seen;
  const { probeExposed, withExposed } = await import('../../probes/probe-exposed.ts');
  progress.show('asking the endpoints that the cluster exposes');
  return withExposed(seen, await probeExposed(seen, { allowLoopback, namespaces, signal }));
}
