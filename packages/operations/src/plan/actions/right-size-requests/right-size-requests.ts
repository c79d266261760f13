/** Requests by measured use, where requests and not use fill the nodes. */
import type { AssessedRootCause } from '@aia/contract';
import { shrinkIntoBand, type Shares } from '../../capacity/band.ts';
import {
  outcomeOf,
  RIGHT_SIZE,
  rightSizingOf,
  ROOM_CAUSES,
  scarceResources,
  smallestOutcome,
  type Outcome,
} from '../../capacity/right-sizing.ts';
import type { Planning } from '../../planning.ts';
import { draftId, type ActionKind, type Remedy } from '../../remedy.ts';
import { resizeDrafts } from '../resize-node-pool/resize-draft.ts';
import { measureFirst } from './measure-first.ts';
import { rightSizeDraft } from './right-size-draft.ts';

const MINUTE = 60_000;

/** Proposes, for pods that wait because requests fill the nodes and for requests above the band, the fewest workloads that make room. */
export const rightSizeRequests: ActionKind = {
  kind: RIGHT_SIZE,
  title: 'Right-size requests',
  explanation:
    'Sets requests to the measured use (a percentile of CPU, the peak of memory) and a margin, never below the floors of the policy, the least that a LimitRange allows, a recommendation of a VerticalPodAutoscaler that only recommends, or the heap that a runtime was told to take. One action per workload; limits stay, but for Guaranteed pods, whose limits come down with the requests. Only what is scarce is changed: memory stays as it is where CPU is what pods wait for. Where no history is long enough for the policy, it names the workloads that a moment shows far below their requests and says how to have them measured. It refuses for a history shorter than the policy wants, for containers that were OOM-killed (raise-limits looks after them) or are held back by their CPU limit, for a resource whose utilisation a HorizontalPodAutoscaler scales by, where a VerticalPodAutoscaler sets requests, and for pods of the system. Pods that never ran keep their requests, unless pods of an earlier revision were measured. Where requests fall below the band, a second remedy takes the nodes away that nobody needs then.',
  capability: 'capacity',
  prior: { alpha: 18, beta: 2, basis: 'requests above a week of measured use are rarely missed' },
  durationMs: { optimistic: MINUTE, likely: 4 * MINUTE, pessimistic: 20 * MINUTE },
  baseRisk: 0.05,
  *propose(planning) {
    const causes = planning.causesOf(...ROOM_CAUSES);
    const resources = scarceResources(planning);
    if (resources.size === 0) return;
    const { sizings, refused } = rightSizingOf(planning, resources);
    if (sizings.length === 0) {
      yield* measureFirst(refused, resources, causes, planning);
      return;
    }
    const before = outcomeOf([], planning);
    const all = outcomeOf(sizings, planning);
    const smallest = smallestOutcome(all, planning);
    yield* sizedOnly(smallest, before, causes, planning);
    yield* sizedAndShrunk(all, before, causes, planning);
  },
};

function* sizedOnly(
  outcome: Outcome,
  before: Outcome,
  causes: readonly AssessedRootCause[],
  planning: Planning,
): Iterable<Remedy> {
  const reached = goalsReached(outcome, outcome.shares, before, causes, planning);
  if (outcome.sizings.length === 0 || reached.length === 0) return;
  yield {
    title: `Right-size ${workloadsText(outcome.sizings.length)}: ${outcomeText(outcome, before)}`,
    resolves: reached,
    fit: fitOf(outcome, before),
    drafts: outcome.sizings.map((sizing) => rightSizeDraft(sizing, planning)),
  };
}

function* sizedAndShrunk(
  outcome: Outcome,
  before: Outcome,
  causes: readonly AssessedRootCause[],
  planning: Planning,
): Iterable<Remedy> {
  const shrinking = shrinkIntoBand(outcome.world, planning);
  if (shrinking === undefined) return;
  const drafts = outcome.sizings.map((sizing) => rightSizeDraft(sizing, planning));
  yield {
    title: `Right-size ${workloadsText(outcome.sizings.length)} and give back nodes: ${outcomeText(outcome, before)}, CPU at ${percent(shrinking.after.cpu)}`,
    resolves: goalsReached(outcome, shrinking.after, before, causes, planning),
    fit: fitOf(outcome, before),
    drafts: [...drafts, ...resizeDrafts(shrinking, planning, drafts.map(draftId))],
  };
}

/** Causes whose pods are placed, and KPIs that come into the band; nothing where nothing is better than before. */
function goalsReached(
  outcome: Outcome,
  shares: Shares,
  before: Outcome,
  causes: readonly AssessedRootCause[],
  planning: Planning,
): readonly string[] {
  const { min, max } = planning.policy.targets.utilisation;
  const isWithin = (share: number) => share >= min && share <= max;
  const isHelp = outcome.placed > before.placed;
  const kpis = [
    ...(isWithin(shares.cpu) ? ['cpu-requests'] : []),
    ...(isWithin(shares.memory) ? ['memory-requests'] : []),
  ].flatMap((id) => planning.kpiGoal(id)?.id ?? []);
  const served = causes.filter((cause) => (isAboutWaiting(cause, planning) ? isHelp : shares.cpu <= max));
  return [...served.map(({ id }) => id), ...kpis];
}

function isAboutWaiting(cause: AssessedRootCause, planning: Planning): boolean {
  return planning.findingsOf(cause).some(({ code }) => code === 'pod-unschedulable');
}

/** 1 where all pods that wait find a node, less where some do. */
function fitOf({ placed, waiting }: Outcome, before: Outcome): number {
  const open = waiting.length - before.placed;
  return open <= 0 ? 1 : (placed - before.placed) / open;
}

function workloadsText(count: number): string {
  return `${count} ${count === 1 ? 'workload' : 'workloads'}`;
}

function outcomeText({ placed, waiting }: Outcome, before: Outcome): string {
  const open = waiting.length - before.placed;
  return open <= 0 ? 'no pod waits' : `${placed - before.placed} of ${open} waiting pods are placed`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
