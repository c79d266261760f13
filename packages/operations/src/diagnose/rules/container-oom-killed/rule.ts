/** A container was killed for using more memory than it may. */
import { timeOf } from '@aia/cluster';
import { memoryOf, memoryText, type ContainerMemory } from '../../pods/container-memory.ts';
import { containersWith, type ContainerCase } from '../../pods/container-state.ts';
import { fieldEvidence, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { containerDraft, containerName, endEvidence, restartEvidence, restartsText } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';

/** Facts: container, workload, restarts, limitBytes, requestBytes, workingSetBytes. */
export const rule: Rule = {
  code: 'container-oom-killed',
  title: 'Container was killed for lack of memory',
  severity: 'high',
  explanation:
    "The kernel killed the container's process because its memory use reached the container's limit, or, where it has no limit, " +
    'because the node itself ran out. The usual causes are a limit below what the program needs, a runtime that sizes its heap ' +
    'by the node instead of the limit, and a leak. When the container also waits in CrashLoopBackOff, container-crash-loop is ' +
    'reported as well: this finding names the cause, that one the state. Only the latest end of a container is recorded, so the ' +
    'number of restarts may include other reasons. It is medium while the container is ready again and has been restarted seldom. The rule stays silent when the kill lies longer back than the restart window ' +
    'while the container runs, and for pods of a Job that still retries.',
  remediation: {
    class: 'resize-limits',
    text: 'Raise the memory limit above the measured working set plus a margin, then watch whether memory still grows without bound.',
  },
  aliases: { k8sgpt: ['Pod/5', 'Pod/7'], popeye: ['203', '205'], mixin: ['KubePodCrashLooping'] },
  needs: [],
  *check(examination) {
    for (const found of containersWith(examination, 'oom')) yield killed(examination, found);
  },
};

function killed(examination: Examination, found: ContainerCase): FindingDraft {
  const memory = memoryOf(examination, found);
  const { limitBytes, requestBytes, workingSetBytes } = memory;
  const { limits } = found.container.resources ?? {};
  const index =
    (found.init ? found.pod.spec?.initContainers : found.pod.spec?.containers)?.indexOf(found.container) ?? 0;
  const path = `spec.${found.init ? 'initContainers' : 'containers'}[${index}].resources.limits.memory`;
  const times = found.restarts === 0 ? '' : ` (${restartsText(found.restarts)})`;
  // One that serves again is a warning; one that is down, or is killed again and again, an outage.
  const isServing = found.status?.ready === true && found.restarts <= examination.thresholds.restarts;
  return containerDraft(examination, found, {
    severity: isServing ? 'medium' : 'high',
    message: `${containerName(found)} was OOM-killed${times}; ${memorySentence(memory)}`,
    evidence: [
      ...endEvidence(found),
      ...(limitBytes === undefined ? [] : [fieldEvidence(found.pod, path, String(limits?.['memory']))]),
      ...memory.evidence,
      restartEvidence(found),
    ],
    facts: {
      restarts: found.restarts,
      limitBytes,
      requestBytes,
      workingSetBytes,
      ...(memory.earlier !== undefined && { earlierWorkingSetBytes: memory.earlier.workingSetBytes }),
    },
    since: timeOf(found.last?.finishedAt),
  });
}

function memorySentence({ limitBytes, workingSetBytes, earlier }: ContainerMemory): string {
  const used = workingSetBytes === undefined ? '' : `, its working set reached ${memoryText(workingSetBytes)}`;
  return limitBytes === undefined
    ? `it has no memory limit, so its node ran out of memory${used}`
    : `its limit is ${memoryText(limitBytes)}${used}${earlierText(earlier)}`;
}

function earlierText(earlier: ContainerMemory['earlier']): string {
  if (earlier === undefined) return '';
  const under =
    earlier.limitBytes === undefined ? 'without a limit' : `under a limit of ${memoryText(earlier.limitBytes)}`;
  return `; ${under}, earlier pods of it reached ${memoryText(earlier.workingSetBytes)}`;
}
