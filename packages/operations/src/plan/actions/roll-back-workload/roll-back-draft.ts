/** What rolls one workload back. */
import { refKey, refOf, refText, type KubeObject } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { REVISION } from '../../../diagnose/workloads/rollout.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft } from '../../remedy.ts';
import { namedContainer } from '../../revisions/concerned-workloads.ts';
import { isFailingNow } from '../../revisions/failing-now.ts';
import { imageHolders } from '../../revisions/image-holders.ts';
import { containersOf, rolledOutAt, type PodTemplate } from '../../revisions/revisions.ts';
import { soundRevision, type SoundRevision } from '../../revisions/sound-revision.ts';
import { templateReplaced } from '../../revisions/template-change.ts';
import { rolledBackFor } from './causes.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The revision to go back to for a cause; `undefined` where none is better. */
export function revisionBefore(
  workload: KubeObject,
  cause: AssessedRootCause,
  planning: Planning,
): SoundRevision | undefined {
  const isOfRegistry = cause.class.startsWith('registry-');
  // What a registry does not give, nodes must have.
  const isOut = (template: PodTemplate) =>
    isOfRegistry && containersOf(template).some(({ image = '' }) => imageHolders(planning).isNowhere(image));
  const [container, key] = [namedContainer(cause, planning), keyOf(cause, planning)];
  return soundRevision(workload, { cause, container, key, isOut }, planning.snapshot);
}

/** The draft that rolls one workload back for a cause; `undefined` where no revision is better, or the cause did not begin with the newest one. */
export function rollBackDraft(
  workload: KubeObject,
  cause: AssessedRootCause,
  planning: Planning,
): ActionDraft | undefined {
  const { snapshot } = planning;
  const rule = rolledBackFor(cause);
  if (rule === undefined) return undefined;
  const { isStatic, why } = rule;
  if (!isFailingNow(workload, snapshot) && !isEvictedAgain(workload, cause, planning)) return undefined;
  const sound = revisionBefore(workload, cause, planning);
  if (sound === undefined) return undefined;
  const timing = isStatic ? 1 : timingOf(cause, rolledOutAt(workload, snapshot));
  if (timing === undefined) return undefined;
  const ref = refOf(workload);
  const { revision, because } = sound;
  const title = `Roll ${refText(ref)} back to ${nameOf(sound)}`;
  const command = commandOf(workload, sound);
  return {
    kind: 'roll-back-workload',
    title,
    target: ref,
    reason: `${refText(ref)} ${why}: ${cause.title}. ${capitalised(nameOf(sound))} ${because}, and it has not what is wrong.`,
    evidence: [evidenceOf(sound), ...cause.evidence.slice(0, 2)],
    confidence: Math.round(100 * sound.confidence * timing) / 100,
    changes: templateReplaced(workload, revision.template, snapshot),
    ...(command !== undefined && { commands: [command] }),
  };
}

/** Whether its pods are evicted again and again, and made anew in between as if nothing had been: the finding is about the workload itself then. */
function isEvictedAgain(workload: KubeObject, cause: AssessedRootCause, planning: Planning): boolean {
  const key = refKey(refOf(workload));
  return planning
    .findingsOf(cause)
    .some(({ code, resource }) => code === 'pod-evicted' && workload.kind !== 'Deployment' && refKey(resource) === key);
}

/** How well it fits that the newest revision brought it about; `undefined` where it does not. */
function timingOf({ since }: AssessedRootCause, rolledOut: number | undefined): number | undefined {
  if (since === undefined || rolledOut === undefined) return 0.9;
  const later = since - rolledOut;
  if (later < -5 * MINUTE) return undefined;
  if (later <= HOUR) return 1;
  return later <= 24 * HOUR ? 0.7 : undefined;
}

function keyOf(cause: AssessedRootCause, planning: Planning): string | undefined {
  const keys = planning.findingsOf(cause).flatMap(({ code, facts }) => {
    const key = /-key-missing$/.test(code) ? facts?.['key'] : undefined;
    return typeof key === 'string' && key !== '' ? [key] : [];
  });
  return keys[0];
}

function nameOf({ revision: { object, name } }: SoundRevision): string {
  return object.kind === 'Job' ? `what Job ${name} ran` : `revision ${name}`;
}

function evidenceOf({ revision: { object, name, ready } }: SoundRevision) {
  switch (object.kind) {
    case 'ReplicaSet':
      return ready > 0
        ? fieldEvidence(object, 'status.readyReplicas', ready)
        : fieldEvidence(object, `metadata.annotations["${REVISION}"]`, name);
    case 'Job':
      return fieldEvidence(object, 'status.succeeded', ready);
    default:
      return fieldEvidence(object, 'revision', Number(name));
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What people type; CronJobs have no history that kubectl knows. */
function commandOf({ kind, metadata }: KubeObject, { revision }: SoundRevision): string | undefined {
  if (kind === 'CronJob') return undefined;
  return `kubectl rollout undo ${kind.toLowerCase()}/${metadata.name} -n ${metadata.namespace ?? ''} --to-revision=${revision.name}`;
}
