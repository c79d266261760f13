import type { ConformanceCase } from './conformance-case.ts';
import { CRON_JOB_CASES } from './workloads/cron-job.ts';
import { DAEMON_SET_CASES } from './workloads/daemon-set.ts';
import { DEPLOYMENT_CASES } from './workloads/deployment.ts';
import { JOB_CASES } from './workloads/job.ts';
import { REPLICA_SET_CASES } from './workloads/replica-set.ts';
import { ROLLOUT_CASES } from './workloads/rollout.ts';
import { SCALE_CASES } from './workloads/scale.ts';
import { STATEFUL_SET_CASES } from './workloads/stateful-set.ts';

/** Controllers that make pods, and the scale of what they keep. */
export const WORKLOADS_CASES: readonly ConformanceCase[] = [
  ...ROLLOUT_CASES,
  ...DEPLOYMENT_CASES,
  ...REPLICA_SET_CASES,
  ...STATEFUL_SET_CASES,
  ...DAEMON_SET_CASES,
  ...JOB_CASES,
  ...CRON_JOB_CASES,
  ...SCALE_CASES,
];
