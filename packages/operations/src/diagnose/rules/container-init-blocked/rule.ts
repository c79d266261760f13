/** An init container does not finish, so the others never start. */
import { timeOf } from '@aia/cluster';
import { containersWith, isSidecar, type ContainerCase } from '../../pods/container-state.ts';
import { fieldEvidence, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import {
  containerDraft,
  endEvidence,
  podName,
  restartEvidence,
  restartsText,
  waitingEvidence,
} from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';
import { forText, listText } from '../../wording.ts';

/** Facts: container, workload, cause (running, crash-loop), blocked (names of the containers that wait), restarts. */
export const rule: Rule = {
  code: 'container-init-blocked',
  title: 'Init container blocks its pod',
  severity: 'medium',
  explanation:
    'Init containers run one after the other before the rest of the pod. One that keeps running (it waits for a database, a ' +
    'migration or a lock) or crash-loops holds everything behind it back. For a crash loop, which is high, container-crash-loop ' +
    'says how the init container ends and this finding what it blocks. Native sidecars (init containers with restartPolicy ' +
    'Always) are meant to keep running and are no finding, nor are init containers of Jobs that take their time.',
  remediation: { class: 'investigate', text: "Read the init container's log and see what it waits for." },
  aliases: { k8sgpt: ['Pod/6'], popeye: ['202', '203', '204'] },
  needs: [],
  *check(examination) {
    for (const found of containersWith(examination, 'init-running')) yield blocked(examination, found);
    for (const found of containersWith(examination, 'crash-loop')) {
      if (found.init && !isSidecar(found)) yield blocked(examination, found);
    }
  },
};

function blocked(examination: Examination, found: ContainerCase): FindingDraft {
  const running = found.status?.state?.running?.startedAt;
  const looping = running === undefined;
  const since = timeOf(running) ?? timeOf(found.pod.metadata.creationTimestamp);
  const waiting = waitingFor(found);
  const does = looping
    ? `is crash-looping (${restartsText(found.restarts)})`
    : `has been running${forText(examination, since)}`;
  return containerDraft(examination, found, {
    severity: looping ? 'high' : 'medium',
    message: `Init container ${found.container.name} of pod ${podName(found.pod)} ${does}, so ${listText(waiting)} cannot start`,
    evidence: looping
      ? [...waitingEvidence(found), ...endEvidence(found), restartEvidence(found)]
      : [fieldEvidence(found.pod, `${found.statusPath}.state.running.startedAt`, running)],
    facts: { cause: looping ? 'crash-loop' : 'running', blocked: waiting, restarts: found.restarts },
    since,
  });
}

/** Everything behind it in the order of starting. */
function waitingFor({ pod, container }: ContainerCase): readonly string[] {
  const inits = pod.spec?.initContainers ?? [];
  const later = inits.slice(inits.findIndex(({ name }) => name === container.name) + 1);
  return [...later, ...(pod.spec?.containers ?? [])].map(({ name }) => name);
}
