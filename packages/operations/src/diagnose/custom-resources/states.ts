/** Kinds whose state stands in a field of its own instead of, or beside, their conditions. */

/** A value of a field that says that something is wrong. */
export interface StateRow {
  /** Group and kind; `*` for every kind of the group. */
  readonly kinds: readonly string[];
  /** Where the state stands. */
  readonly path: string;
  readonly bad: readonly string[];
  /** States on the way, bad only when they last. */
  readonly slow?: readonly string[];
  /** Where the reason stands in words. */
  readonly message?: string;
  /** When it came to this, as a timestamp. */
  readonly since?: string;
  readonly severity?: 'medium' | 'low';
}

/** Rows of one kind in the order in which they are told. */
export const STATES: readonly StateRow[] = [
  // Argo CD, https://argo-cd.readthedocs.io/en/stable/operator-manual/health/; OutOfSync may be wanted and is no failure.
  {
    kinds: ['argoproj.io/Application'],
    path: 'status.operationState.phase',
    bad: ['Failed', 'Error'],
    message: 'status.operationState.message',
    since: 'status.operationState.finishedAt',
  },
  {
    kinds: ['argoproj.io/Application'],
    path: 'status.health.status',
    bad: ['Degraded', 'Missing'],
    message: 'status.health.message',
    since: 'status.health.lastTransitionTime',
  },
  { kinds: ['argoproj.io/Rollout'], path: 'status.phase', bad: ['Degraded'], message: 'status.message' },
  {
    kinds: ['argoproj.io/Workflow'],
    path: 'status.phase',
    bad: ['Failed', 'Error'],
    message: 'status.message',
    since: 'status.finishedAt',
    severity: 'low',
  },
  // Operator Lifecycle Manager, https://olm.operatorframework.io/docs/concepts/crds/
  {
    kinds: ['operators.coreos.com/ClusterServiceVersion'],
    path: 'status.phase',
    bad: ['Failed', 'Unknown'],
    slow: ['Pending', 'InstallReady', 'Installing', 'Replacing', 'Deleting'],
    message: 'status.message',
    since: 'status.lastTransitionTime',
  },
  { kinds: ['operators.coreos.com/Subscription'], path: 'status.state', bad: ['UpgradeFailed'] },
  {
    kinds: ['operators.coreos.com/InstallPlan'],
    path: 'status.phase',
    bad: ['Failed'],
    slow: ['Planning', 'Installing'],
  },
  {
    kinds: ['operators.coreos.com/CatalogSource'],
    path: 'status.connectionState.lastObservedState',
    bad: ['TRANSIENT_FAILURE', 'SHUTDOWN'],
    slow: ['CONNECTING'],
    message: 'status.message',
    since: 'status.connectionState.lastConnect',
  },
  // Velero, https://velero.io/docs/main/api-types/
  {
    kinds: ['velero.io/Backup', 'velero.io/Restore'],
    path: 'status.phase',
    bad: ['Failed', 'PartiallyFailed', 'FailedValidation'],
    message: 'status.failureReason',
    since: 'status.completionTimestamp',
  },
  { kinds: ['velero.io/BackupStorageLocation'], path: 'status.phase', bad: ['Unavailable'], message: 'status.message' },
  { kinds: ['velero.io/Schedule'], path: 'status.phase', bad: ['FailedValidation'] },
  // Cluster API, https://cluster-api.sigs.k8s.io/
  {
    kinds: ['cluster.x-k8s.io/Machine', 'cluster.x-k8s.io/Cluster', 'cluster.x-k8s.io/MachineDeployment'],
    path: 'status.phase',
    bad: ['Failed'],
    message: 'status.failureMessage',
  },
  // Stores: Elastic, Rook, Longhorn, Zalando's PostgreSQL.
  { kinds: ['elasticsearch.k8s.elastic.co/*'], path: 'status.health', bad: ['red'] },
  { kinds: ['ceph.rook.io/CephCluster'], path: 'status.ceph.health', bad: ['HEALTH_ERR'] },
  { kinds: ['ceph.rook.io/*'], path: 'status.phase', bad: ['Failure'], message: 'status.message' },
  { kinds: ['longhorn.io/Volume'], path: 'status.robustness', bad: ['faulted'] },
  {
    kinds: ['acid.zalan.do/postgresql'],
    path: 'status.PostgresClusterStatus',
    bad: ['CreateFailed', 'UpdateFailed', 'SyncFailed', 'Invalid'],
  },
  // Runs of jobs.
  {
    kinds: ['sparkoperator.k8s.io/SparkApplication'],
    path: 'status.applicationState.state',
    bad: ['FAILED', 'SUBMISSION_FAILED'],
    message: 'status.applicationState.errorMessage',
    since: 'status.terminationTime',
    severity: 'low',
  },
];
