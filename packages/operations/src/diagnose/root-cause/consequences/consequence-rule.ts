/** One row of the tables that say which findings follow from which. */
import type { ClusterSnapshot } from '@aia/cluster';
import type { Evidence } from '../../evidence.ts';
import type { Finding } from '../../finding.ts';
import type { FindingIndex } from '../finding-index.ts';

export interface ConsequenceRule {
  /** Codes of the findings that bring something about. */
  readonly from: readonly string[];
  /** Completes "because …". */
  readonly relation: string;
  effects(finding: Finding, findings: FindingIndex, snapshot: ClusterSnapshot): readonly Finding[];
  /** What shows that the one brings about the other, where it is more than both having been seen. */
  evidence?(finding: Finding, effect: Finding): readonly Evidence[];
}

/** Codes that say something about a whole workload being short of pods. */
export const WORKLOAD_SYMPTOMS = [
  'deployment-unavailable',
  'deployment-rollout-stuck',
  'stateful-set-unavailable',
  'stateful-set-update-stuck',
  'daemon-set-unavailable',
  'replica-set-unavailable',
] as const;

/** What a pod template names and is not there, or lacks a key. */
export const MISSING_REFERENCES = [
  'config-map-missing',
  'config-map-key-missing',
  'secret-missing',
  'secret-key-missing',
];

/** Codes that say why one pod does not run; each leaves its workload short. */
export const POD_FAILURES = [
  'pod-unschedulable',
  'pod-scheduling-gated',
  'pod-volume-mount-failed',
  'pod-sandbox-failed',
  'pod-start-stalled',
  'pod-readiness-gate-pending',
  'pod-rejected',
  'pod-evicted',
  'pod-failed',
  'pod-stuck-terminating',
  'pod-on-missing-node',
  'container-crash-loop',
  'container-oom-killed',
  'container-image-pull-failed',
  'container-config-error',
  'container-start-failed',
  'container-terminated-with-error',
  'container-not-ready',
  'container-init-blocked',
] as const;
