/** What both directions of the cluster autoscaler share. */
import type { AutoscalerContext } from './autoscaler-context.ts';
import type { AutoscalerEvents } from './autoscaler-events.ts';
import type { AutoscalerWorlds } from './autoscaler-world.ts';
import type { BackOff } from './back-off.ts';
import type { ClusterWatch } from './cluster-watch.ts';
import type { VisibilityLog } from './visibility-log.ts';

/** Parts that both directions share. */
export interface AutoscalerParts {
  readonly context: AutoscalerContext;
  readonly worlds: AutoscalerWorlds;
  readonly watch: ClusterWatch;
  readonly backOff: BackOff;
  readonly events: AutoscalerEvents;
  readonly visibility: VisibilityLog;
}
