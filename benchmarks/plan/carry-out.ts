/** Carries a plan out on a simulated cluster, as whoever executes it would: preconditions, changes, probes, inverses of what failed. */
import { createDirectWrites, type SimulatedCluster } from '@aia/cluster';
import type { Action, Plan } from '@aia/contract';
import { failureOf, performChange, viewOf } from '@aia/operations';

/** What became of one action. */
export interface CarriedOut {
  readonly action: Action;
  /** `by-person`: it has steps that only a person can do, and nobody did them. */
  readonly outcome: 'held' | 'failed' | 'refused' | 'skipped' | 'by-person';
  readonly message: string;
}

const LOOK_MS = 10_000;

/** Carries out all phases in their order; actions that wait for one that did not succeed are skipped. */
export function carryOut(cluster: SimulatedCluster, { phases }: Plan): readonly CarriedOut[] {
  const results: CarriedOut[] = [];
  const succeeded = new Set<string>();
  for (const action of phases.flatMap(({ actions }) => actions)) {
    const missing = action.after.find((id) => !succeeded.has(id));
    const result: CarriedOut =
      missing === undefined
        ? attempt(cluster, action)
        : { action, outcome: 'skipped', message: `${missing} has not succeeded` };
    if (result.outcome === 'held') succeeded.add(action.id);
    results.push(result);
  }
  return results;
}

function attempt(cluster: SimulatedCluster, action: Action): CarriedOut {
  const writes = createDirectWrites(cluster, 'aia-bench');
  const view = viewOf(cluster, writes);
  const failing = (conditions: Action['preconditions']) =>
    conditions.map((one) => failureOf(one, view)).find((one) => one !== undefined);
  const broken = failing(action.preconditions);
  if (broken !== undefined) return { action, outcome: 'skipped', message: broken };
  for (const { change } of action.steps) {
    const { outcome, message } = performChange(cluster, writes, change);
    if (outcome === 'not-simulated') return { action, outcome: 'by-person', message };
    if (outcome === 'refused') return { action, outcome: 'refused', message };
  }
  const endAt = cluster.clock.now + action.probe.withinMs;
  let failure: string | undefined;
  do {
    cluster.clock.advance(LOOK_MS);
    failure = failing(action.probe.conditions);
  } while (failure !== undefined && cluster.clock.now < endAt);
  if (failure === undefined) return { action, outcome: 'held', message: '' };
  if (action.inverse.kind === 'reversible')
    for (const { change } of action.inverse.steps) performChange(cluster, writes, change);
  return { action, outcome: 'failed', message: failure };
}
