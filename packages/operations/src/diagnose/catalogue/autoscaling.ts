/** Rules about HorizontalPodAutoscalers. */
import type { Rule } from '../rule.ts';
import { rule as hpaAtMaximum } from '../rules/hpa-at-maximum/rule.ts';
import { rule as hpaExceedsCluster } from '../rules/hpa-exceeds-cluster/rule.ts';
import { rule as hpaMetricsUnavailable } from '../rules/hpa-metrics-unavailable/rule.ts';
import { rule as hpaReplicasMismatch } from '../rules/hpa-replicas-mismatch/rule.ts';
import { rule as hpaRequestsMissing } from '../rules/hpa-requests-missing/rule.ts';
import { rule as hpaScalingLimited } from '../rules/hpa-scaling-limited/rule.ts';
import { rule as hpaTargetMissing } from '../rules/hpa-target-missing/rule.ts';
import { rule as hpaTargetUnsupported } from '../rules/hpa-target-unsupported/rule.ts';
import { rule as hpaUnableToScale } from '../rules/hpa-unable-to-scale/rule.ts';

/** In the order of the reference pages. */
export const AUTOSCALING_RULES: readonly Rule[] = [
  hpaTargetMissing,
  hpaTargetUnsupported,
  hpaUnableToScale,
  hpaMetricsUnavailable,
  hpaRequestsMissing,
  hpaReplicasMismatch,
  hpaAtMaximum,
  hpaScalingLimited,
  hpaExceedsCluster,
];
