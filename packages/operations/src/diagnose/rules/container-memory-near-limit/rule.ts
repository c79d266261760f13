/** A container is close to being killed for lack of memory. */
import { refText } from '@aia/cluster';
import {
  basisText,
  isKilledForMemory,
  podsShareText,
  shareEvidence,
  shareFacts,
  sharesFrom,
  usedText,
  workloadContainers,
  type Share,
  type WorkloadContainer,
} from '../../usage/container-usage.ts';
import type { Examination } from '../../examination.ts';
import type { FindingDraft, Severity } from '../../finding.ts';
import type { Rule } from '../../rule.ts';

/** Use ÷ limit from which the next peak may be the last. */
const NEAR = 0.9;
/** Use ÷ limit from which other tools warn; a limit that is filled so far may be well chosen. */
const WORTH_SAYING = 0.8;

/** Facts: as `shareFacts`, `used` and `allowed` in bytes. */
export const rule: Rule = {
  code: 'container-memory-near-limit',
  title: 'Container is close to its memory limit',
  severity: 'medium',
  explanation:
    'The working set of a container has come within 10 % of its memory limit; at the limit the kernel kills it. It is medium when a history ' +
    'of at least a day shows that peak, low when a single sample does, since one moment may be the worst or the best of the day, and ' +
    'information from 80 % on, where a limit may just be well chosen. One finding stands for a container of a workload, whatever the ' +
    'number of its pods. The rule stays silent without usage or limit, for samples older than an hour or taken while the pod started, and ' +
    'for containers that were OOM-killed, which container-oom-killed reports.',
  remediation: {
    class: 'resize-limits',
    text: 'Raise the memory limit above the measured peak plus a margin, or find out what fills the memory.',
  },
  aliases: { popeye: ['112'] },
  needs: ['pods'],
  *check(examination) {
    for (const group of workloadContainers(examination)) {
      if (isKilledForMemory(examination, group)) continue;
      const draft = nearLimit(examination, group);
      if (draft !== undefined) yield draft;
    }
  },
};

function nearLimit(examination: Examination, group: WorkloadContainer): FindingDraft | undefined {
  const shares = sharesFrom(examination, group, WORTH_SAYING, 'memory', 'limits', 'max');
  const near = shares.filter(({ share }) => share >= NEAR);
  const told = near.length > 0 ? near : shares;
  const [worst] = told;
  if (worst === undefined) return undefined;
  const { workload, container } = group;
  return {
    resource: workload,
    part: container,
    severity: severityOf(worst),
    message: `Container ${container} of ${refText(workload)} filled ${Math.floor(worst.share * 100)} % of its memory limit${podsShareText(told, group)}: ${usedText('memory', worst.used)} of ${usedText('memory', worst.allowed)}${basisText(worst, 'peak')}; at the limit it is killed.`,
    evidence: shareEvidence(worst),
    facts: shareFacts(told, group),
  };
}

function severityOf({ share, isHistory }: Share): Severity {
  if (share < NEAR) return 'info';
  return isHistory ? 'medium' : 'low';
}
