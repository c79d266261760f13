/** Why remedies are in or out, in figures. */
import type { Goal, Rejected } from '@aia/contract';
import { isManual, worthOf, type Candidate } from './candidate.ts';
import { costOf, costText, differenceText } from './cost.ts';
import type { Excess } from './limits.ts';

/** What stands against a remedy. */
export interface Against {
  readonly chosen: readonly Candidate[];
  readonly goals: readonly Goal[];
  /** A chosen one that cannot be had together with it. */
  readonly excluded: Candidate | undefined;
  /** A limit that it would exceed together with what is chosen. */
  readonly excess: Excess | undefined;
}

/** Why a remedy is not in the plan. */
export function whyOut(candidate: Candidate, against: Against): Rejected {
  const { because, reason } = reasonAgainst(candidate, against);
  return rejectedFor(candidate, because, reason);
}

/** A remedy that is out. */
export function rejectedFor({ remedy, actions }: Candidate, because: Rejected['because'], reason: string): Rejected {
  return {
    ...{ title: remedy.title, kind: actions[0]?.kind ?? '', actions: actions.map(({ id }) => id) },
    ...{ goals: remedy.resolves, because, reason },
  };
}

function reasonAgainst(
  candidate: Candidate,
  { chosen, goals, excluded, excess }: Against,
): Pick<Rejected, 'because' | 'reason'> {
  const open = goals.filter(({ id, state }) => state !== 'accepted' && candidate.remedy.resolves.includes(id));
  if (open.length === 0) return { because: 'unneeded', reason: 'None of what it would reach is a goal of this plan.' };
  const unserved = open.filter(({ id }) => !chosen.some(({ remedy }) => remedy.resolves.includes(id)));
  const rival = chosen.find(({ remedy }) => open.some(({ id }) => remedy.resolves.includes(id)));
  if (unserved.length === 0 && rival !== undefined) return { because: 'rival', reason: rivalText(candidate, rival) };
  if (excess !== undefined) return excess;
  if (excluded !== undefined)
    return {
      because: 'rival',
      reason: `It changes what “${excluded.remedy.title}” changes, to something else; that one is worth more.`,
    };
  const worth = unserved.reduce((sum, goal) => sum + worthOf(goal), 0);
  return {
    because: 'unneeded',
    reason: `It is not worth what it costs: ${costText(candidate)}, for goals that are worth ${worth} (${unserved.map(({ title }) => title).join('; ')}).`,
  };
}

function rivalText(candidate: Candidate, rival: Candidate): string {
  const name = `“${rival.remedy.title}” reaches the same`;
  if (isManual(candidate) && !isManual(rival))
    return `${name} by a change that can be tried and undone, where this leaves the work to a person.`;
  const better = differenceText(rival, candidate);
  const figures = `cost ${costOf(rival).toFixed(1)} against ${costOf(candidate).toFixed(1)}`;
  return better === ''
    ? `${name} as cheaply (${figures}), and reaches more or comes first by its name.`
    : `${name}: ${better} (${figures}).`;
}

/** How a remedy in the plan was weighed: what it reaches, at what cost, and what it is better than. */
export function whyIn(candidate: Candidate, goals: readonly Goal[], rivals: readonly Candidate[]): string {
  const titles = goals.filter(({ id }) => candidate.remedy.resolves.includes(id)).map(({ title }) => title);
  const served = `It serves ${list(titles)} (${costText(candidate)}).`;
  const nearest = rivals.toSorted((a, b) => costOf(a) - costOf(b))[0];
  if (nearest === undefined) return `${served} No other remedy is known for it.`;
  const better = differenceText(candidate, nearest);
  const others = rivals.length === 1 ? '' : ` and ${rivals.length - 1} more`;
  if (better === '') return `${served} It was taken instead of “${nearest.remedy.title}”${others}.`;
  return `${served} It was taken instead of “${nearest.remedy.title}”${others}: ${better}.`;
}

const SHOWN = 3;

function list(titles: readonly string[]): string {
  const shown = titles.slice(0, SHOWN).map((title) => `“${title}”`);
  return titles.length > SHOWN ? `${shown.join(', ')} and ${titles.length - SHOWN} more` : shown.join(', ');
}
