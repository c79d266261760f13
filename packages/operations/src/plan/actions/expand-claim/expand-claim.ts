/** Lets a claim get the size that it asks for. */
import { refOf, refText, type PersistentVolumeClaim, type Pod } from '@aia/cluster';
import type { AssessedRootCause, Change } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { usersOf } from '../../../diagnose/storage/claim-users.ts';
import { classOf } from '../../../diagnose/storage/storage-class.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';
import { claimsOf } from '../../storage/claims-of-cause.ts';

const MINUTE = 60_000;

/** For claims that ask for more than their volume has. */
export const expandClaim: ActionKind = {
  kind: 'expand-claim',
  title: 'Expand a claim',
  explanation:
    'Lets the class of the claim expand volumes, or ends the pods that keep the file system from growing so that they are started again, by what the claim says it waits for. A driver that fails is for a person.',
  capability: 'storage',
  prior: { alpha: 9, beta: 1, basis: 'the step that is missing is stated by the claim' },
  durationMs: { optimistic: MINUTE, likely: 5 * MINUTE, pessimistic: 30 * MINUTE },
  baseRisk: 0.08,
  propose: (planning) =>
    planning.causesOf('claim-expansion-stuck').flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const [claim] = claimsOf(cause, planning);
  const waits = planning.findingsOf(cause).find(({ code }) => code === 'claim-expansion-stuck')?.facts['cause'];
  const found = claim === undefined ? undefined : wayFor(String(waits), claim, planning);
  if (claim === undefined || found === undefined) return undefined;
  const target = refOf(claim);
  const { fit, ...way } = found;
  const draft: ActionDraft = {
    ...{ kind: expandClaim.kind, target, evidence: cause.evidence.slice(0, 3), ...way },
    probe: { conditions: [{ kind: 'bound', target }] },
  };
  return { title: draft.title, resolves: [cause.id], fit, drafts: [draft] };
}

type Way = Pick<ActionDraft, 'title' | 'reason' | 'confidence' | 'changes'> & Partial<ActionDraft> & { fit: number };

function wayFor(waits: string, claim: PersistentVolumeClaim, planning: Planning): Way | undefined {
  const name = refText(refOf(claim));
  if (waits === 'class-forbids') return allowed(claim, planning);
  if (waits === 'waits-for-restart') return restarted(claim, planning);
  if (waits !== 'controller-failed' && waits !== 'node-failed') return undefined;
  return {
    title: `Find out why ${name} does not grow`,
    reason: 'Its driver tried to enlarge it and failed.',
    confidence: 0.5,
    fit: 0.4,
    changes: [
      {
        kind: 'manual',
        instruction: `Read the events of ${name} and the log of its driver's controller. Where the size itself is refused, lower spec.resources.requests.storage again (Kubernetes 1.34 on), but not below status.capacity.`,
      },
    ],
  };
}

function allowed(claim: PersistentVolumeClaim, { snapshot }: Planning): Way | undefined {
  const storageClass = classOf(snapshot, claim);
  if (storageClass === undefined) return undefined;
  const target = refOf(storageClass);
  const patch: Change = {
    kind: 'patch',
    target,
    patch: { type: 'merge', patch: { allowVolumeExpansion: true } },
  };
  return {
    title: `Let ${refText(target)} expand volumes`,
    reason: `${refText(refOf(claim))} asks for more than it has, and its class does not allow expansion.`,
    evidence: [fieldEvidence(storageClass, 'allowVolumeExpansion', storageClass.allowVolumeExpansion ?? false)],
    confidence: 0.85,
    fit: 0.95,
    changes: [patch],
  };
}

function restarted(claim: PersistentVolumeClaim, { snapshot }: Planning): Way | undefined {
  const pods: readonly Pod[] = usersOf(snapshot, claim).filter(
    ({ metadata }) => metadata.deletionTimestamp === undefined && (metadata.ownerReferences ?? []).length > 0,
  );
  if (pods.length === 0) return undefined;
  return {
    title: `Start the pods of ${refText(refOf(claim))} again`,
    reason: 'The disk has grown, and its file system grows when it is mounted again.',
    confidence: 0.9,
    fit: 0.95,
    changes: pods.map((pod): Change => ({ kind: 'evict', target: refOf(pod) })),
  };
}
