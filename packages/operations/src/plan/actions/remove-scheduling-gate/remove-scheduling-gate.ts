/** Lets the scheduler look at pods that a gate holds back. */
import { refOf, refText, type Pod } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { controllersOf } from './gate-controllers.ts';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { without } from '../../rollout/without.ts';
import { podSpecOf, restored, templateRemedies } from '../../rollout/template-repair.ts';

const MINUTE = 60_000;

/** For gates that nothing in the cluster removes. */
export const removeSchedulingGate: ActionKind = {
  kind: 'remove-scheduling-gate',
  title: 'Remove a scheduling gate',
  explanation:
    'Takes scheduling gates out of the template (or off a pod that nobody owns) where nothing that runs bears the name of whoever removes them. Where such a controller runs, it is asked to be looked at instead: it may hold the pods back with reason.',
  capability: 'scheduling',
  prior: { alpha: 8, beta: 2, basis: 'a gate may stand for a decision that nobody has written down' },
  durationMs: { optimistic: MINUTE, likely: 5 * MINUTE, pessimistic: 60 * MINUTE },
  baseRisk: 0.1,
  propose: (planning) => planning.causesOf('scheduling-gated').flatMap((cause) => remediesFor(cause, planning)),
};

function remediesFor(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const found = podSpecOf(cause, planning);
  if (found === undefined) return [];
  const { workload, spec } = found;
  const gates = (spec.schedulingGates ?? []).map(({ name }) => name);
  const controllers = gates.flatMap((gate) => controllersOf(gate, planning));
  if (controllers.length > 0) return [asked(cause, gates, controllers, planning)];
  if (workload.kind === 'Pod') return ungated(cause, workload as Pod, gates);
  const repairs = [
    ...restored(workload, spec, ['schedulingGates'], 'the scheduling gates', planning),
    {
      spec: without(spec, 'schedulingGates'),
      title: `Take the gate ${gates.join(', ')} out`,
      reason: `Nothing that runs in the cluster bears the name of who would remove ${gates.join(', ')}.`,
      confidence: 0.75,
      fit: 0.93,
    },
  ];
  return gates.length === 0
    ? []
    : templateRemedies({ kind: removeSchedulingGate.kind, cause, workload, repairs }, planning);
}

/** Gates are the one thing that may be taken off a pod that waits. */
function ungated(cause: AssessedRootCause, pod: Pod, gates: readonly string[]): readonly Remedy[] {
  const target = refOf(pod);
  if (gates.length === 0) return [];
  const title = `Take the gate ${gates.join(', ')} off ${refText(target)}`;
  return [
    {
      title,
      resolves: [cause.id],
      fit: 0.9,
      drafts: [
        {
          ...{ kind: removeSchedulingGate.kind, title, target },
          reason: `Nothing that runs in the cluster bears the name of who would remove ${gates.join(', ')}.`,
          evidence: [fieldEvidence(pod, 'spec.schedulingGates', gates.join(', '))],
          confidence: 0.7,
          changes: [
            {
              kind: 'patch',
              target,
              patch: { type: 'json', operations: [{ op: 'remove', path: '/spec/schedulingGates' }] },
            },
          ],
          probe: { conditions: [{ kind: 'scheduled', target }] },
        },
      ],
    },
  ];
}

function asked(
  cause: AssessedRootCause,
  gates: readonly string[],
  controllers: readonly string[],
  planning: Planning,
): Remedy {
  const target = planning.workloadOf(cause.resource);
  const title = `Ask ${controllers.join(', ')} why ${gates.join(', ')} is not removed`;
  return {
    title,
    resolves: [cause.id],
    fit: 0.4,
    drafts: [
      {
        ...{ kind: removeSchedulingGate.kind, title, target: target === undefined ? cause.resource : refOf(target) },
        reason: `${controllers.join(', ')} runs and is to remove ${gates.join(', ')} when its time has come.`,
        evidence: cause.evidence.slice(0, 2),
        confidence: 0.5,
        changes: [
          {
            kind: 'manual',
            instruction: `Look into the log and the queues of ${controllers.join(', ')} for why the scheduling gate ${gates.join(', ')} of ${refText(cause.resource)} is still there; it may wait for room with reason.`,
          },
        ],
      },
    ],
  };
}
