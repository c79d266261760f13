/**
 * What a HorizontalPodAutoscaler says when it cannot count or cannot scale: messages of its conditions ScalingActive and AbleToScale,
 * and events FailedGetResourceMetric, FailedComputeMetricsReplicas, FailedGetScale and their like, 1.14–1.36.
 * Sources: `pkg/controller/podautoscaler`, `pkg/controller/podautoscaler/metrics`.
 */
import { plainText } from './event-text.ts';
import type { AutoscalingMessage } from './message.ts';
import { firstMatch, groupsOf, type Row } from './row.ts';

type AutoscalingCause = AutoscalingMessage['cause'];

const row = (versions: string, cause: AutoscalingCause, pattern: RegExp): Row<AutoscalingCause> => ({
  versions,
  cause,
  pattern,
});

const ROWS: readonly Row<AutoscalingCause>[] = [
  row('all', 'scaling-disabled', /scaling is disabled since the replica count of the target is zero/),
  row(
    '1.21–',
    'request-missing',
    /missing request for (?<resource>[\w./-]{1,320}) in container (?<container>[\w.-]{1,320}) of Pod /,
  ),
  row('1.14–1.20', 'request-missing', /missing request for (?<resource>[\w./-]{1,320})(?= |$)/),
  row(
    '1.20–',
    'container-missing',
    /container (?<container>[\w.-]{1,320}) not (?:found in Pod|present in metrics for pod) /,
  ),
  row('all', 'pods-not-ready', /did not receive metrics for (?:any ready pods|targeted pods)/),
  row('all', 'no-pods', /no pods returned by selector while calculating replica count/),
  row('all', 'metrics-forbidden', /from (?<api>resource|custom|external) metrics API: .{0,640}? is forbidden: /),
  row(
    'all',
    'metrics-api-missing',
    /(?:from|for) (?<api>resource|custom|external) metrics API: .{0,640}?(?:could not find the requested resource|currently unable to handle the request|no .{0,40}metrics API .{0,20}registered|connection refused|i\/o timeout|no endpoints available)/,
  ),
  row('all', 'no-metrics', /no metrics returned from (?<api>resource|custom|external) metrics API/),
  row('all', 'no-metrics', /unable to (?:fetch|get) metrics from (?<api>resource|custom|external) metrics API/),
  row(
    'all',
    'no-metrics',
    /no metrics returned matched known pods|metrics? .{0,320} (?:not found|does not exist) for /,
  ),
  row('1.27–', 'selector-ambiguous', /pods by selector .{0,640} are controlled by multiple HPAs/),
  row('all', 'selector-invalid', /selector is required|is missing a selector|couldn't convert selector/),
  row('all', 'kind-unknown', /no matches for kind "(?<kind>[^"]{1,320})" in (?:group|version) "/),
  row('all', 'kind-unknown', /invalid API version in scale target reference/),
  row('all', 'kind-unknown', /target's current scale: the server could not find the requested resource/),
  row('all', 'target-missing', / "(?<name>[^" ]{1,320})" not found(?= |$)/),
];

const SHAPE =
  /the HPA (?:was unable to compute the replica count|controller was unable to (?:get|update) the target's (?:current )?scale)|the HPA target's scale is missing a selector|failed to get \S{1,160} (?:container )?(?:utilization|usage)|unable to get (?:metrics? for|external metric|metric)|invalid metrics \(\d{1,9} invalid out of \d{1,9}\)|scaling is disabled since|missing request for|did not receive metrics for|no pods returned by selector|no metrics returned|unable to (?:fetch|get) metrics|selector is required|pods by selector|no matches for kind|" not found$/;

/** Reads why an autoscaler does not scale; `other` where the words behind are unknown, `undefined` for any other text. */
export function parseAutoscaling(message: string): AutoscalingMessage | undefined {
  const text = plainText(message);
  if (!SHAPE.test(text)) return undefined;
  const found = firstMatch(ROWS, text);
  if (found === undefined) return { cause: 'other', text };
  return { cause: found.row.cause, ...groupsOf(found.match, 'api', 'resource', 'container', 'name', 'kind'), text };
}
