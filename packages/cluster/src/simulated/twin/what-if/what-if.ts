/** Tries changes on a twin of a recorded cluster, lets time pass, and tells what came of it, compared with the same time without them. */
import { compare } from '../../../model/order.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import type { ClusterSnapshot } from '../../../snapshot/snapshot.ts';
import { ApiError } from '../../api/api-error.ts';
import { entityOf } from '../../entity.ts';
import { snapshotOf } from '../../simulated-reader.ts';
import type { SimulatedCluster } from '../../simulated-cluster.ts';
import type { Assumption } from '../assumptions.ts';
import { simulate } from '../simulate.ts';
import { applyManifest } from './apply-manifest.ts';
import { stateOf, type ClusterState } from './cluster-state.ts';
import { watchHappenings, type Happening } from './happenings.ts';
import { makeChange } from './make-change.ts';
import { parseChange } from './proposed-change.ts';

/** What to try. */
export interface WhatIfOptions {
  /** In this order, as `parseChange` reads them. */
  readonly changes: readonly string[];
  /** Objects that are applied after them, server-side. Default none. */
  readonly manifests?: readonly KubeObject[];
  /** How much virtual time passes. Default half an hour. */
  readonly forMs?: number;
  /** Same seed, same history. Default `0`. */
  readonly seed?: string;
}

/** What became of one change. */
export interface TriedChange {
  /** As it was proposed; `apply Kind ns/name` for manifests. */
  readonly text: string;
  /** What it did, or in the API server's words why it was refused. */
  readonly message: string;
  readonly outcome: 'done' | 'refused';
}

/** A workload that fares otherwise than without the changes. */
export interface WorkloadEffect {
  readonly entity: string;
  /** Ready of wanted, as `2/3`; `''` where it is not there. */
  readonly before: string;
  readonly after: string;
  /** At the same moment, had nothing been changed. */
  readonly unchanged: string;
}

/** What came of it. */
export interface WhatIf {
  readonly seed: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly forMs: number;
  readonly changes: readonly TriedChange[];
  /** When the twin began. */
  readonly before: ClusterState;
  readonly after: ClusterState;
  /** At the same moment, had nothing been changed. */
  readonly unchanged: ClusterState;
  readonly workloads: readonly WorkloadEffect[];
  /** What happened that would not have happened without the changes, in its order. */
  readonly happenings: readonly Happening[];
  /** How much else happened, which would have happened anyway. */
  readonly anyway: number;
  readonly assumptions: readonly Assumption[];
  /** 0..1. */
  readonly confidence: number;
}

/** With the clusters, for further comparisons. */
export interface WhatIfRun {
  readonly result: WhatIf;
  readonly after: ClusterSnapshot;
  readonly unchanged: ClusterSnapshot;
}

const HALF_AN_HOUR_MS = 30 * 60_000;

/**
 * Runs two twins of one seed side by side, one with the changes.
 * @throws RangeError for changes that are not written rightly, or name what the cluster does not have
 */
export function whatIf(snapshot: ClusterSnapshot, options: WhatIfOptions): WhatIfRun {
  const { forMs = HALF_AN_HOUR_MS, seed = '0' } = options;
  if (!(forMs >= 0 && Number.isFinite(forMs))) throw new RangeError(`forMs: ${forMs} is no duration from 0 on`);
  const parsed = options.changes.map(parseChange);
  const [changed, unchanged] = [simulate(snapshot, { seed }), simulate(snapshot, { seed })];
  const before = stateOf(changed.cluster);
  const ends = [changed, unchanged].map(({ cluster }) => watchHappenings(cluster));
  const changes = [
    ...parsed.map((change) => tried(change.text, () => makeChange(changed.cluster, change))),
    ...(options.manifests ?? []).map((one) =>
      tried(`apply ${entityOf(one)}`, () => applyManifest(changed.cluster, one)),
    ),
  ];
  for (const { cluster } of [changed, unchanged]) cluster.clock.advance(forMs);
  const [happened = [], anyway = []] = ends.map((end) => end());
  const [after, without] = [stateOf(changed.cluster), stateOf(unchanged.cluster)];
  const happenings = beyond(happened, anyway);
  return {
    result: {
      ...{ seed, startedAt: before.at, forMs, changes, before, after, unchanged: without },
      workloads: effectsOn(before, after, without),
      ...{ happenings, anyway: happened.length - happenings.length },
      ...{ assumptions: changed.assumptions, confidence: changed.confidence },
    },
    after: ended(changed.cluster, snapshot),
    unchanged: ended(unchanged.cluster, snapshot),
  };
}

function ended(cluster: SimulatedCluster, { source }: ClusterSnapshot): ClusterSnapshot {
  const snapshot = snapshotOf(cluster, source.name);
  cluster.stop();
  return snapshot;
}

function tried(text: string, make: () => string): TriedChange {
  try {
    return { text, message: make(), outcome: 'done' };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { text, message: error.message, outcome: 'refused' };
  }
}

/** What happened more often, or to others, than it would have anyway; moments may differ. */
function beyond(happened: readonly Happening[], anyway: readonly Happening[]): readonly Happening[] {
  const left = new Map<string, number>();
  const keyOf = ({ entity, message }: Happening) => `${entity}\n${message}`;
  for (const one of anyway) left.set(keyOf(one), (left.get(keyOf(one)) ?? 0) + 1);
  return happened.filter((one) => {
    const count = left.get(keyOf(one)) ?? 0;
    left.set(keyOf(one), count - 1);
    return count <= 0;
  });
}

function effectsOn(before: ClusterState, after: ClusterState, unchanged: ClusterState): readonly WorkloadEffect[] {
  const [was, is, would] = [before, after, unchanged].map(
    ({ workloads }) => new Map(workloads.map(({ entity, wanted, ready }) => [entity, `${ready}/${wanted}`])),
  ) as [Map<string, string>, Map<string, string>, Map<string, string>];
  return [...new Set([...was.keys(), ...is.keys()])]
    .sort(compare)
    .map((entity) => ({
      entity,
      before: was.get(entity) ?? '',
      after: is.get(entity) ?? '',
      unchanged: would.get(entity) ?? '',
    }))
    .filter((effect) => effect.after !== effect.unchanged);
}
