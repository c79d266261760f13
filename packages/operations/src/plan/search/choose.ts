/** Which remedies to take: the smallest and least risky set that reaches all goals within the policy. */
import type { Action, Goal, Rejected } from '@aia/contract';
import { compare } from '@aia/cluster';
import type { Policy } from '../../policy/policy.ts';
import type { Remedy } from '../remedy.ts';

/** A remedy with its actions. */
export interface Candidate {
  readonly remedy: Remedy;
  readonly actions: readonly Action[];
}

/** What was chosen. */
export interface Choice {
  readonly chosen: readonly Candidate[];
  readonly rejected: readonly Rejected[];
}

/** Takes the best remedy of each goal that none serves yet, worst goals first. */
export function choose(candidates: readonly Candidate[], goals: readonly Goal[], _policy: Policy): Choice {
  const chosen: Candidate[] = [];
  const reached = new Set<string>();
  const sorted = candidates.toSorted((a, b) => costOf(a) - costOf(b) || compare(a.remedy.title, b.remedy.title));
  for (const goal of goals) {
    if (reached.has(goal.id)) continue;
    const best = sorted.find(({ remedy }) => remedy.resolves.includes(goal.id));
    if (best === undefined) continue;
    chosen.push(best);
    for (const id of best.remedy.resolves) reached.add(id);
  }
  const rejected = sorted.filter((one) => !chosen.includes(one)).map(rivalOf);
  return { chosen, rejected };
}

function costOf({ remedy, actions }: Candidate): number {
  return actions.length * 0.1 + actions.reduce((sum, { risk }) => sum + risk.score, 0) + (1 - remedy.fit) * 2;
}

function rivalOf({ remedy, actions }: Candidate): Rejected {
  return {
    title: remedy.title,
    kind: actions[0]?.kind ?? '',
    actions: actions.map(({ id }) => id),
    goals: remedy.resolves,
    because: 'rival',
    reason: 'Another remedy reaches the same goals with fewer or less risky actions.',
  };
}
