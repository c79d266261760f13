/** What to say where there is no plan; a guess is never presented as one. */
import type { Goal, Plan, Rejected } from '@aia/contract';
import type { Planning } from './planning.ts';
import type { Excess } from './search/limits.ts';

/** An outcome without phases. */
export interface Unplanned {
  readonly outcome: Exclude<Plan['outcome'], 'plan'>;
  /** In a sentence that begins with the outcome. */
  readonly reason: string;
}

/** Inputs without which "nothing is wrong" would be a guess. */
const NEEDED: readonly string[] = ['pods', 'nodes', 'deployments', 'services', 'namespaces'];

/** Where there is nothing to plan for; `undefined` where goals are open. */
export function nothingToPlan({ goals, snapshot, assessment }: Planning): Unplanned | undefined {
  const { missing, cluster } = assessment;
  const asked = [...new Set(cluster.namespaces)];
  const absent = asked.flatMap((name) => missing.find(({ input }) => input === `namespace:${name}`) ?? []);
  if (absent.length > 0 && absent.length === asked.length)
    return notEnough(`${absent.map(({ input, reason }) => `${input.replace(':', ' ')}: ${reason}`).join('; ')}.`);
  if (goals.some(({ state }) => state === 'open')) return undefined;
  if (snapshot.objects.length === 0)
    return notEnough(
      `nothing that was read holds an object${list(
        missing.map(({ input, reason }) => `${input}: ${reason}`),
        '; ',
      )}.`,
    );
  const unread = unreadIn(missing);
  if (unread !== undefined) return unread;
  const noted = goals.length === 0 ? '' : ` What was noted (${goals.length}) needs nothing.`;
  return {
    outcome: 'nothing-to-do',
    reason: `nothing to do: no cause of a failure was found, and no KPI that the plan could better is off its target.${noted}`,
  };
}

/** Where goals are open and nothing was chosen. */
export function nothingChosen(
  { assessment: { missing } }: Planning,
  goals: readonly Goal[],
  rejected: readonly Rejected[],
  excess: Excess | undefined,
): Unplanned {
  if (excess !== undefined)
    return { outcome: 'refused', reason: `refused: no set of remedies keeps the policy. ${excess.reason}` };
  const open = goals.filter(({ state }) => state === 'open');
  const because = (...kinds: readonly Rejected['because'][]) => rejected.filter((one) => kinds.includes(one.because));
  if (rejected.length > 0 && because('policy', 'budget').length === rejected.length)
    return {
      outcome: 'refused',
      reason: `refused: the policy lets no known remedy through. ${rejected[0]?.reason ?? ''}`,
    };
  const isUnmoved = ({ kind, id }: Goal) =>
    kind === 'kpi' && !rejected.some(({ goals: served }) => served.includes(id));
  if (open.every(isUnmoved)) return unreadIn(missing) ?? offTarget(open);
  if (rejected.length > 0 && because('unneeded').length === rejected.length && !open.some(({ isMust }) => isMust))
    return {
      outcome: 'nothing-to-do',
      reason: `nothing to do: what is known would cost more than it is worth. ${rejected[0]?.reason ?? ''}`,
    };
  const what = open.slice(0, 3).map(({ title, because: why }) => `${title} (${why ?? ''})`);
  const more = open.length > what.length ? ` and ${open.length - what.length} more` : '';
  const unread = list(
    missing.map(({ input }) => input),
    ', ',
  );
  return notEnough(
    `no remedy is left for what was found: ${what.join('; ')}${more}.${unread === '' ? '' : ` Not read${unread}.`}`,
  );
}

/** Nothing fails, and "nothing is wrong" would still be a guess. */
function unreadIn(missing: Planning['assessment']['missing']): Unplanned | undefined {
  const unread = missing.filter(({ input }) => NEEDED.includes(input));
  if (unread.length === 0) return undefined;
  return notEnough(
    `nothing was found to do, but this was not read: ${unread.map(({ input, reason, consequence }) => `${input} (${reason}; ${consequence})`).join(', ')}.`,
  );
}

/** Only KPIs are open, and no kind of action sees how to move them: no failure, and no want of knowledge about one. */
function offTarget(open: readonly Goal[]): Unplanned {
  const titles = open.map(({ title }) => title).join('; ');
  return {
    outcome: 'nothing-to-do',
    reason: `nothing to do: no cause of a failure was found. Off target, and nothing that was read tells what to change about it: ${titles}.`,
  };
}

function notEnough(what: string): Unplanned {
  return { outcome: 'not-enough-known', reason: `not enough known: ${what}` };
}

function list(entries: readonly string[], separator: string): string {
  return entries.length === 0 ? '' : `: ${entries.join(separator)}`;
}
