/** When disruptive actions may be carried out. */
import { nextTime, parseZonedSchedule } from '@aia/cluster';
import type { Action } from '@aia/contract';
import type { Policy } from '../../policy/policy.ts';

const MINUTE = 60_000;

/** Whether somebody may notice it while it is carried out. */
export function isDisruptive({ disruption }: Pick<Action, 'disruption'>): boolean {
  return disruption.isOutage || disruption.pods > 0;
}

/** The window that is open, or the next one; `undefined` where the policy has none. `now` 0: not known. */
export function nextWindow({ windows }: Pick<Policy, 'windows'>, now: number): string | undefined {
  const next = windows
    .flatMap(({ schedule, minutes, timeZone }) => {
      const parsed = parseZonedSchedule(schedule, timeZone);
      if ('problem' in parsed) return [];
      const at = now === 0 ? undefined : nextTime(parsed.schedule, now - minutes * MINUTE);
      return [{ at, text: `${minutes} minutes (${schedule}, ${timeZone})` }];
    })
    .sort((a, b) => (a.at ?? Infinity) - (b.at ?? Infinity) || (a.text < b.text ? -1 : 1))[0];
  if (next === undefined) return undefined;
  if (next.at === undefined) return `the next window: ${next.text}`;
  return `${new Date(next.at).toISOString().slice(0, 16).replace('T', ' ')} UTC, ${next.text}`;
}
