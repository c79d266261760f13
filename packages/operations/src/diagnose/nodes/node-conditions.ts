/**
 * What the conditions of nodes mean. Types beyond Kubernetes' own come from node-problem-detector, cloud providers and
 * distributions, and their polarity differs: `KernelDeadlock` is bad when True, `EtcdIsVoter` and `NetworkingReady` when False.
 * Sources: https://kubernetes.io/docs/reference/node/node-status/ and https://github.com/kubernetes/node-problem-detector
 */
import type { Node } from '@aia/cluster';
import { conditionsOf, type FoundCondition } from '../conditions.ts';

/** What a condition of a node says; `unknown` types are those of no table. */
export type ConditionMeaning = 'fine' | 'pressure' | 'network' | 'problem' | 'ready' | 'unknown';

/** Bad when True. */
const PRESSURES: ReadonlySet<string> = new Set(['MemoryPressure', 'DiskPressure', 'PIDPressure', 'OutOfDisk']);

/** Bad when True. */
const PROBLEMS: ReadonlySet<string> = new Set([
  'KernelDeadlock',
  'ReadonlyFilesystem',
  'CorruptDockerOverlay2',
  'CorruptContainerdOverlay',
  'FrequentKubeletRestart',
  'FrequentContainerdRestart',
  'FrequentDockerRestart',
  'FrequentUnregisterNetDevice',
  'FrequentGcfsSnapshotterRestart',
  'FrequentGcfsdRestart',
  'KubeletUnhealthy',
  'KubeletProblem',
  'ContainerRuntimeUnhealthy',
  'ContainerRuntimeProblem',
  'DockerUnhealthy',
  'FilesystemCorruptionProblem',
  'XfsShutdown',
  'NTPProblem',
  'CperHardwareErrorFatal',
  'GPUProblem',
  'GcfsSnapshotterUnhealthy',
  'GcfsdUnhealthy',
]);

/** Bad when False: EKS node monitoring. */
const READINESSES: ReadonlySet<string> = new Set([
  'AcceleratedHardwareReady',
  'ContainerRuntimeReady',
  'KernelReady',
  'NetworkingReady',
  'StorageReady',
]);

/** Names that speak of a fault, for types of no table. */
const BAD_NAME =
  /(?:Problem|Unhealthy|Unavailable|NotReady|Fail|Deadlock|Corrupt|Readonly|ReadOnly|Pressure|Error|Missing|Hung|Fatal|Shutdown|Degraded|Exhausted|Flapping|Lost|Offline|Down$|Stuck|Throttl|Impaired|Expired|Outdated|Required|Panic)/;
/** Names that speak of health, for types of no table. */
const GOOD_NAME =
  /(?:Ready|Healthy|Available|Voter|Synced|Succeeded|Connected|Initialized|Valid|Enabled|Active|Running|Ok|OK|Operational|Applied|Configured|Registered|Installed|Joined|Member|Leader|Supported|Up|UpToDate|Completed?|Current)$/;

/** Conditions of a node with this meaning. */
export function nodeConditions(node: Node, meaning: ConditionMeaning): readonly FoundCondition[] {
  return conditionsOf(node.status?.conditions).filter((condition) => meaningOf(condition) === meaning);
}

/**
 * What one condition means. `ready` is Ready not being True; `unknown` is a type of no table that is Unknown, or True without
 * a name that speaks of health, or False with one. The rest is fine, so that healthy nodes stay healthy.
 */
function meaningOf({ type, status }: { readonly type: string; readonly status: string }): ConditionMeaning {
  if (type === 'Ready') return status === 'True' ? 'fine' : 'ready';
  if (type === 'NetworkUnavailable') return status === 'True' ? 'network' : 'fine';
  if (PRESSURES.has(type)) return status === 'True' ? 'pressure' : 'fine';
  if (PROBLEMS.has(type)) return status === 'True' ? 'problem' : 'fine';
  if (READINESSES.has(type)) return status === 'False' ? 'problem' : 'fine';
  if (status === 'Unknown') return 'unknown';
  const isHealth = GOOD_NAME.test(type) && !BAD_NAME.test(type);
  return (status === 'True') === isHealth ? 'fine' : 'unknown';
}
