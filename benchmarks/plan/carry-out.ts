/** Carries a plan out on a simulated cluster, as whoever executes it would: preconditions, changes, probes, inverses of what failed. */
import {
  createDirectWrites,
  type ClusterWriter,
  type KubeObject,
  type Patch,
  type SimulatedCluster,
} from '@aia/cluster';
import type { Action, Change, Plan } from '@aia/contract';
import { judgeConditions, performChange, viewOf } from '@aia/operations';

/** What became of one action. */
export interface CarriedOut {
  readonly action: Action;
  /** `by-person`: it has steps that only a person can do: somebody does them, and nothing that is simulated changes by it. */
  readonly outcome: 'held' | 'failed' | 'refused' | 'skipped' | 'by-person';
  readonly message: string;
  /** Virtual milliseconds. */
  readonly tookMs: number;
}

/** Where it is carried out. */
export interface Site {
  readonly cluster: SimulatedCluster;
  /** Its requests may fail now and then. */
  readonly writer: ClusterWriter;
}

/** Between two looks at probes, and between two attempts of a request. */
const LOOK_MS = 10_000;
const ATTEMPTS = 5;

/** Carries out all phases in their order; actions that wait for one that did not succeed are skipped. */
export async function carryOut(site: Site, { phases }: Plan): Promise<readonly CarriedOut[]> {
  const results: CarriedOut[] = [];
  const succeeded = new Set<string>();
  for (const action of phases.flatMap(({ actions }) => actions)) {
    const startedAt = site.cluster.clock.now;
    const missing = action.after.find((id) => !succeeded.has(id));
    const [outcome, message] =
      missing === undefined ? await attempt(site, action) : (['skipped', `${missing} has not succeeded`] as const);
    if (outcome === 'held' || outcome === 'by-person') succeeded.add(action.id);
    results.push({ action, outcome, message, tookMs: site.cluster.clock.now - startedAt });
  }
  return results;
}

type Attempt = readonly [CarriedOut['outcome'], string];

async function attempt(site: Site, action: Action): Promise<Attempt> {
  const { cluster } = site;
  const view = viewOf(cluster, createDirectWrites(cluster, 'aia-bench'));
  const failing = (conditions: Action['preconditions']) => {
    const verdict = judgeConditions(conditions, view);
    return verdict.state === 'fails' ? verdict.why : undefined;
  };
  const broken = failing(action.preconditions);
  if (broken !== undefined) return ['skipped', broken];
  for (const { change } of action.steps) {
    const { outcome, message } = await perform(site, change);
    if (outcome === 'not-simulated') return ['by-person', message];
    if (outcome === 'refused') return ['refused', message];
  }
  const endAt = cluster.clock.now + action.probe.withinMs;
  let failure: string | undefined;
  do {
    cluster.clock.advance(LOOK_MS);
    failure = failing(action.probe.conditions);
  } while (failure !== undefined && cluster.clock.now < endAt);
  if (failure === undefined) return ['held', ''];
  if (action.inverse.kind === 'reversible') for (const { change } of action.inverse.steps) await perform(site, change);
  return ['failed', failure];
}

type Done = ReturnType<typeof performChange>;

/** Requests that a busy API server refuses are sent again. */
async function perform(site: Site, change: Change): Promise<Done> {
  for (let i = 1; ; i++) {
    const { status, ...done } = await performOnce(site, change);
    if (done.outcome !== 'refused' || i === ATTEMPTS || !isPassing(status)) return done;
    site.cluster.clock.advance(LOOK_MS);
  }
}

function isPassing(status: number): boolean {
  return status === 409 || status === 429 || status >= 500;
}

async function performOnce({ cluster, writer }: Site, change: Change): Promise<Done & { readonly status: number }> {
  const request = { fieldManager: 'aia-bench' };
  switch (change.kind) {
    case 'create':
      return outcomeOf(await writer.create(change.object as unknown as KubeObject, request));
    case 'patch':
      return outcomeOf(await writer.patch(change.target, change.patch as Patch, request));
    case 'delete': {
      const { target, gracePeriodSeconds, propagationPolicy } = change;
      const options = {
        ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
        ...(propagationPolicy !== undefined && { propagationPolicy }),
      };
      return outcomeOf(await writer.remove(target, { ...request, ...options }));
    }
    case 'scale':
      return outcomeOf(await writer.scale(change.target, change.replicas, request));
    case 'evict':
      return outcomeOf(await writer.evict(change.target, request));
    default:
      return { ...performChange(cluster, createDirectWrites(cluster, 'aia-bench'), change), status: 0 };
  }
}

function outcomeOf(outcome: Awaited<ReturnType<ClusterWriter['create']>>): Done & { readonly status: number } {
  if (outcome.kind === 'done') return { outcome: 'done', message: '', status: 200 };
  return { outcome: 'refused', message: outcome.message, status: outcome.status };
}
