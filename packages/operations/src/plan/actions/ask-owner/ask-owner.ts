/** Programs that fail for a reason that nothing outside of them shows: handed to whoever owns them, with everything that was seen. */
import { refOf, refText, type KubeObject } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { shellWord } from '../../effects/shell.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { concernedWorkloads, namedContainer } from '../../revisions/concerned-workloads.ts';

const HOUR = 3_600_000;

const CLASSES = [
  'program-fails',
  'program-not-ready',
  'liveness-probe-kills',
  'memory-grows',
  'container-init-blocked',
  'container-cannot-start',
  'container-cannot-be-configured',
  'executable-missing',
  'image-unavailable',
  'job-failed',
  'cron-job-failing',
  'host-unreachable',
  'service-name-unknown',
  'service-unreachable',
  'dependency-unavailable',
] as const;

/** Proposes that the owner looks, and where. */
export const askOwner: ActionKind = {
  kind: 'ask-owner',
  title: 'Have the owner of a program look',
  explanation:
    'For programs that fail by themselves, where no earlier revision and nothing else in the cluster tells what would be right: says what was seen and where to look on. A restart is no repair, so none is proposed. Causes that must go and that no other kind of action has a remedy for are handed over in the same way.',
  capability: 'coordination',
  prior: { alpha: 1, beta: 1, basis: 'it depends on what the owner finds' },
  durationMs: { optimistic: HOUR / 2, likely: 4 * HOUR, pessimistic: 48 * HOUR },
  baseRisk: 0.02,
  propose: (planning) => planning.causesOf(...CLASSES).map((cause) => remedyFor(cause, planning)),
  proposeForRest: (causes, planning) => causes.map((cause) => remedyFor(cause, planning)),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy {
  const [workload] = concernedWorkloads(cause, planning);
  const target = workload === undefined ? cause.resource : refOf(workload);
  const title = `Have the owner of ${refText(target)} look into it`;
  return {
    title,
    resolves: [cause.id],
    fit: 0.3,
    drafts: [
      {
        kind: askOwner.kind,
        title,
        target,
        part: cause.class,
        reason: `${cause.statement} Nothing that was read tells what would be right.`,
        evidence: cause.evidence.slice(0, 6),
        confidence: 0.9,
        changes: [
          {
            kind: 'manual',
            instruction: `${cause.statement} ${cause.remediation.text}${looks(workload, cause, planning)}`,
          },
        ],
        probe: { conditions: [{ kind: 'told', statement: `${refText(target)} works again.` }] },
      },
    ],
  };
}

/** Commands that only read. */
function looks(workload: KubeObject | undefined, cause: AssessedRootCause, planning: Planning): string {
  if (workload === undefined) return '';
  const { kind, metadata } = workload;
  const { name, namespace = '' } = metadata;
  const container = namedContainer(cause, planning);
  const of = `${shellWord(`${kind.toLowerCase()}/${name}`)} -n ${shellWord(namespace)}`;
  const log =
    kind === 'CronJob' || !(CLASSES as readonly string[]).includes(cause.class)
      ? ''
      : ` kubectl logs ${of}${container === undefined ? ' --all-containers' : ` -c ${shellWord(container)}`} --previous;`;
  return ` See:${log} kubectl describe ${of}.`;
}
