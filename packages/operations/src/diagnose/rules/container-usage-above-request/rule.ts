/** A container uses more than it asked for. */
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
  type MeasuredResource,
  type Share,
  type WorkloadContainer,
} from '../../usage/container-usage.ts';
import type { Examination } from '../../examination.ts';
import type { FindingDraft, Severity } from '../../finding.ts';
import type { Rule } from '../../rule.ts';
import { isSystemNamespace } from '../../namespaces/system-namespaces.ts';

/** Use ÷ request from which a request no longer describes the container. */
const FAR_ABOVE: Readonly<Record<MeasuredResource, number>> = { cpu: 2, memory: 1.5 };
/** Memory beyond the request below which a pod cannot press a node. */
const PRESSING_BYTES = 256 * 2 ** 20;

const RISK: Readonly<Record<MeasuredResource, string>> = {
  cpu: 'it takes CPU that is free only as long as its neighbours do not need it',
  memory: 'it is among the first to be evicted when its node runs short of memory',
};

/** Facts: as `shareFacts`. */
export const rule: Rule = {
  code: 'container-usage-above-request',
  title: 'Container uses more than it requests',
  severity: 'low',
  explanation:
    'A container needs more CPU or memory than it requests (95th percentile over at least a day, else a single sample). The scheduler ' +
    'goes by requests, so it puts more on the node than fits: the neighbours slow down, and when memory runs short the kubelet evicts the ' +
    'pods that exceed their requests most. Memory is medium when a history shows half as much again as requested and at least 256 MiB ' +
    'beyond it; low for twice the requested CPU, for less memory, and for single samples; information for use just above the request, which ' +
    'burstable pods may be meant to have. Use of 80 to 100 % of the request, of which other tools warn, is what a good request looks like ' +
    'and no finding. The rule stays silent without usage or request, for samples older than an hour or taken while the pod started, ' +
    'for the memory of containers that were OOM-killed, which container-oom-killed reports, and in system namespaces, whose requests belong to the provider.',
  remediation: {
    class: 'resize-requests',
    text: 'Raise the request to the measured need plus a margin; for memory, to the peak.',
  },
  aliases: { popeye: ['109', '110', '503', '505'] },
  needs: ['pods'],
  *check(examination) {
    for (const group of workloadContainers(examination)) {
      if (isSystemNamespace(group.workload.namespace)) continue;
      for (const resource of ['cpu', 'memory'] as const) {
        if (resource === 'memory' && isKilledForMemory(examination, group)) continue;
        const draft = aboveRequest(examination, group, resource);
        if (draft !== undefined) yield draft;
      }
    }
  },
};

function aboveRequest(
  examination: Examination,
  group: WorkloadContainer,
  resource: MeasuredResource,
): FindingDraft | undefined {
  const above = sharesFrom(examination, group, 1, resource, 'requests', 'p95').filter(({ share }) => share > 1);
  const [worst] = above;
  if (worst === undefined) return undefined;
  const { workload, container } = group;
  return {
    resource: workload,
    part: `${container}:${resource}`,
    severity: severityOf(worst),
    message: `Container ${container} of ${refText(workload)} uses ${usedText(resource, worst.used)}${basisText(worst, '95th percentile')} and requests ${usedText(resource, worst.allowed)}${podsShareText(above, group)}; ${RISK[resource]}.`,
    evidence: shareEvidence(worst),
    facts: shareFacts(above, group),
  };
}

function severityOf({ resource, share, used, allowed, isHistory }: Share): Severity {
  if (share < FAR_ABOVE[resource]) return 'info';
  return resource === 'memory' && isHistory && used - allowed >= PRESSING_BYTES ? 'medium' : 'low';
}
