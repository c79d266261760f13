/** A plan on a calendar: when its phases are carried out, by a stated rule. Pure. */
import { nextTime, parseZonedSchedule } from '@aia/cluster';
import type { Action, Phase, Plan, Schedule } from '@aia/contract';
import { reckoned } from '../plan/forecast/waiting.ts';
import type { Policy } from '../policy/policy.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const OPENS = 9 * HOUR;
const CLOSES = 17 * HOUR;
/** The last moment that a date can hold, with room for a long plan. */
const LATEST = 8.64e15 - 10_000 * DAY;

/** How days follow from durations, for people. */
export const CALENDAR_RULE =
  'Work begins at 09:00 UTC on the first working day (Monday to Friday) after the cluster was observed. Phases follow one another; each takes its longest chain of actions with their waits for approvals, reviews and people, by expected durations for its end and by pessimistic ones for its deadline, which lies in working hours unless the phase has a window. What does not fit before 17:00 goes on at 09:00 of the next working day; what takes longer than such a day mostly waits for others and counts in calendar time. A phase that needs a maintenance window begins with its next one. Quota is asked for when work begins; the answer is waited for at the barrier that needs it.';

/** Puts a plan on the calendar; `undefined` where it has no phases or the cluster's moment is not known. */
export function scheduleOf(
  { phases }: Plan,
  observedAt: number,
  policy: Pick<Policy, 'windows'>,
): Schedule | undefined {
  if (phases.length === 0 || observedAt <= 0 || observedAt > LATEST) return undefined;
  const startsAt = firstOpening(Math.floor(observedAt / DAY) * DAY + DAY);
  const awaited = new Set(phases.flatMap(({ awaits = [] }) => awaits));
  const answers = new Map(
    phases
      .flatMap(({ actions }) => actions)
      .filter(({ id }) => awaited.has(id))
      .map((action) => [action.id, wholeMs(action)]),
  );
  const answered = (ids: readonly string[], by: 'expected' | 'pessimistic') =>
    Math.max(startsAt, ...ids.map((id) => startsAt + (answers.get(id)?.[by] ?? 0)));
  let likely = startsAt;
  let latest = startsAt;
  const placed = phases.map((phase) => {
    const { number, awaits = [] } = phase;
    const own = phase.actions.filter(({ id }) => !awaited.has(id));
    const builtOn = own.flatMap((action) => action.after);
    const begins = beginning(phase, Math.max(likely, answered(builtOn, 'expected')), policy);
    const workMs = chainMs(own, (action) => wholeMs(action).expected);
    likely = Math.max(after(begins, workMs), answered(awaits, 'expected'));
    const atLatest = beginning(phase, Math.max(latest, answered(builtOn, 'pessimistic')), policy);
    const worked = deadline(
      phase,
      atLatest,
      chainMs(own, (action) => wholeMs(action).pessimistic),
    );
    latest = awaits.length === 0 ? worked : Math.max(worked, firstOpening(answered(awaits, 'pessimistic')));
    return { number, startsAt: begins, endsAt: likely, latestAt: latest, workMs };
  });
  const work = placed.reduce((sum, { workMs }) => sum + workMs, 0);
  return {
    ...{ rule: CALENDAR_RULE, startsAt, endsAt: likely, latestAt: latest },
    phases: placed.map((phase) => ({ ...phase, share: work === 0 ? 0 : Math.min(1, phase.workMs / work) })),
  };
}

/** What is reckoned with, in whole milliseconds, as moments are. */
function wholeMs(action: Action): ReturnType<typeof reckoned> {
  const { expected, pessimistic } = reckoned(action);
  return { expected: Math.round(expected), pessimistic: Math.round(pessimistic) };
}

/** The longest chain of actions of a phase by their `after`; actions outside of it are done. */
export function chainMs(actions: readonly Action[], durationOf: (action: Action) => number): number {
  const byId = new Map(actions.map((action) => [action.id, action]));
  const ends = new Map<string, number>();
  const endOf = (action: Action, path: ReadonlySet<string>): number => {
    const known = ends.get(action.id);
    if (known !== undefined) return known;
    const before = action.after.flatMap((id) => (path.has(id) ? [] : (byId.get(id) ?? [])));
    const begins = Math.max(0, ...before.map((one) => endOf(one, new Set([...path, action.id]))));
    const end = begins + durationOf(action);
    ends.set(action.id, end);
    return end;
  };
  return Math.max(0, ...actions.map((action) => endOf(action, new Set())));
}

function beginning({ window }: Phase, at: number, { windows }: Pick<Policy, 'windows'>): number {
  const ready = firstOpening(at);
  if (window === undefined) return ready;
  const openings = windows.flatMap(({ schedule, timeZone }) => {
    const parsed = parseZonedSchedule(schedule, timeZone);
    // A moment before, since a window that opens now is open.
    return 'problem' in parsed ? [] : (nextTime(parsed.schedule, ready - 1) ?? []);
  });
  return openings.length === 0 ? ready : Math.min(...openings);
}

/** A moment of working hours, this one or the next. */
function firstOpening(at: number): number {
  const day = Math.floor(at / DAY) * DAY;
  const weekday = new Date(day).getUTCDay();
  const isWorkday = weekday !== 0 && weekday !== 6;
  if (isWorkday && at < day + OPENS) return day + OPENS;
  if (isWorkday && at < day + CLOSES) return at;
  return firstOpening(day + DAY);
}

/** Nobody is to have finished at night: so much work later, and then at the next moment of working hours, windows apart. */
function deadline({ window }: Phase, begins: number, ms: number): number {
  const end = after(begins, ms);
  const isClosing = firstOpening(end - 1) === end - 1;
  return window !== undefined || isClosing ? end : firstOpening(end);
}

/** So much work later. Windows may lie outside of working hours, and what begins in one goes on. */
function after(begins: number, ms: number): number {
  const day = Math.floor(begins / DAY) * DAY;
  const isInHours = firstOpening(begins) === begins;
  if (!isInHours || ms > CLOSES - OPENS) return begins + ms;
  const left = day + CLOSES - begins;
  return ms <= left ? begins + ms : firstOpening(day + DAY) + (ms - left);
}
