/** A container runs into its CPU limit and is throttled. */
import { refText } from '@aia/cluster';
import {
  basisText,
  podsShareText,
  shareEvidence,
  shareFacts,
  sharesFrom,
  usedText,
  workloadContainers,
} from '../../usage/container-usage.ts';
import type { Rule } from '../../rule.ts';

/** Use ÷ limit from which throttling is to be expected: usage is an average over minutes, throttling happens within 100 ms. */
const NEAR = 0.9;
/** Use ÷ limit from which other tools warn. */
const WORTH_SAYING = 0.8;

/** Facts: as `shareFacts`, `used` and `allowed` in millicores. */
export const rule: Rule = {
  code: 'container-cpu-near-limit',
  title: 'Container is close to its CPU limit',
  severity: 'low',
  explanation:
    'A container uses 90 % or more of its CPU limit in at least one of twenty samples over a day or more (95th percentile). The kernel then ' +
    'holds it back for the rest of each period, which shows as slow answers and failing probes, not as an error. It is information from ' +
    '80 % on, and when only a single moment was measured. One finding stands for a container of a workload. The rule stays silent without ' +
    'usage or limit, and for samples older than an hour or taken while the pod started.',
  remediation: {
    class: 'resize-limits',
    text: 'Raise or drop the CPU limit, or give the workload more replicas; look at its latency and at throttled periods first.',
  },
  aliases: { popeye: ['111'], mixin: ['CPUThrottlingHigh'] },
  needs: ['pods'],
  *check(examination) {
    for (const group of workloadContainers(examination)) {
      const shares = sharesFrom(examination, group, WORTH_SAYING, 'cpu', 'limits', 'p95');
      const [worst] = shares;
      if (worst === undefined) continue;
      const { workload, container } = group;
      yield {
        resource: workload,
        part: container,
        severity: worst.isHistory && worst.share >= NEAR ? 'low' : 'info',
        message: `Container ${container} of ${refText(workload)} uses ${Math.floor(worst.share * 100)} % of its CPU limit${podsShareText(shares, group)}: ${usedText('cpu', worst.used)} of ${usedText('cpu', worst.allowed)}${basisText(worst, '95th percentile')}; near the limit it is throttled.`,
        evidence: shareEvidence(worst),
        facts: shareFacts(shares, group),
      };
    }
  },
};
