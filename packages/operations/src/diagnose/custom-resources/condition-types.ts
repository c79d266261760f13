/**
 * Types of conditions that many controllers write, and which status of each is bad. A type that is not listed is never judged:
 * what it means is known to its controller alone.
 * Source: https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties
 */

/** One type of condition. */
export interface ConditionType {
  /** The status that says that something is wrong. */
  readonly bad: 'True' | 'False';
  /** Says how something ended that runs once: a failure of the past. */
  readonly isOutcome?: boolean;
}

const WANTED: ConditionType = { bad: 'False' };
const UNWANTED: ConditionType = { bad: 'True' };

/** By type, the most telling first: an object with several bad conditions is told by the first of them. */
export const CONDITION_TYPES: ReadonlyMap<string, ConditionType> = new Map<string, ConditionType>([
  // Stated as errors. Flux, Argo CD, OpenShift, the autoscaler of vertical pods, OLM, Strimzi, KEDA.
  ['Stalled', UNWANTED],
  ['ComparisonError', UNWANTED],
  ['InvalidSpecError', UNWANTED],
  ['SyncError', UNWANTED],
  ['ReconcileError', UNWANTED],
  ['CatalogSourcesUnhealthy', UNWANTED],
  ['ResolutionFailed', UNWANTED],
  ['BundleUnpackFailed', UNWANTED],
  ['InstallPlanFailed', UNWANTED],
  ['ConfigUnsupported', UNWANTED],
  ['Failing', UNWANTED],
  ['Degraded', UNWANTED],
  ['Fallback', UNWANTED],
  ['NotReady', UNWANTED],
  ['Failed', { bad: 'True', isOutcome: true }],
  // Stated as goals. Crossplane, Flux, Knative, external-secrets, Kyverno, Prometheus operator, Karpenter, OLM, Contour.
  ['Synced', WANTED],
  ['Reconciled', WANTED],
  ['Accepted', WANTED],
  ['Valid', WANTED],
  ['Validated', WANTED],
  ['Installed', WANTED],
  ['Serving', WANTED],
  ['Established', WANTED],
  ['Released', WANTED],
  ['Deployed', WANTED],
  ['Programmed', WANTED],
  ['Healthy', WANTED],
  ['Ready', WANTED],
  ['Available', WANTED],
  ['Succeeded', { bad: 'False', isOutcome: true }],
]);

/** Reasons with which a condition that otherwise only tells of progress says that there will be none. */
export const STUCK_REASONS: ReadonlySet<string> = new Set([
  // Argo Rollouts, OLM's ClusterExtension and ClusterCatalog.
  'ProgressDeadlineExceeded',
  'RolloutAborted',
  'Retrying',
  'Blocked',
]);

/** Reasons that say that something is still going on; given more time before they count. */
export const UNDERWAY =
  /progress|pending|creating|provisioning|waiting|reconciling|initiali[sz]|installing|deploying|starting|scaling|unknown/i;
