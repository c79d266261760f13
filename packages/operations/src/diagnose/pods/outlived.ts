/** Containers that stumbled, and have gone on since. */
import { timeOf, type ContainerStatus } from '@aia/cluster';

/** Who has run so many times as long as before its last end, and at least so long, has outlived what ended it. */
const OUTLIVED = { times: 3, leastMs: 120_000 } as const;

/** Whether a container that was restarted runs for much longer than it did before its last end; false where times are missing. `now`: epoch milliseconds. */
export function hasOutlived({ state, lastState }: Pick<ContainerStatus, 'state' | 'lastState'>, now: number): boolean {
  const since = timeOf(state?.running?.startedAt);
  const from = timeOf(lastState?.terminated?.startedAt);
  const to = timeOf(lastState?.terminated?.finishedAt);
  if (since === undefined || from === undefined || to === undefined) return false;
  return now - since >= Math.max(OUTLIVED.leastMs, OUTLIVED.times * (to - from));
}
