/** A PersistentVolume should be gone and is not. */
import { refOf, timeOf, type Event, type PersistentVolume } from '@aia/cluster';
import { eventEvidence, fieldEvidence, inOrder, type Examination } from '../../examination.ts';
import { knownFacts, type FindingDraft, type Severity } from '../../finding.ts';
import type { Rule } from '../../rule.ts';
import { claimText, ofSize } from '../../storage/volume-wording.ts';
import { briefly, forText, listText } from '../../wording.ts';

/** Facts: claim, finalizers. */
export const rule: Rule = {
  code: 'volume-delete-failed',
  title: 'Volume cannot be deleted',
  severity: 'medium',
  explanation:
    'The claim is gone and the reclaim policy is Delete, or the volume itself was deleted, but the disk is still there: the driver refuses ' +
    '(event VolumeFailedDelete), or a finalizer keeps the object, often because the disk is still attached to a node. It is paid for and counts ' +
    'against quotas. Without such an event the rule speaks after ten minutes, and at low where the time is not known. It stays silent for volumes that a claim still uses, and for phase ' +
    'Failed, which volume-failed reports.',
  remediation: {
    class: 'repair-storage',
    text: 'Remove what the message names: detach the disk, delete snapshots that keep it, give the driver its permissions; then it goes by itself.',
  },
  aliases: {},
  needs: [],
  *check(examination) {
    for (const volume of inOrder(examination.snapshot.list('PersistentVolume'))) {
      const [event] = examination.warnings(volume, 'VolumeFailedDelete') as readonly (Event | undefined)[];
      const severity = severityOf(examination, volume, event !== undefined);
      if (severity !== undefined) yield { ...overdue(examination, volume, event), severity };
    }
  },
};

/** `undefined` while there is nothing to report; low where how long it has been so is not known. */
function severityOf(
  examination: Examination,
  { metadata, spec, status }: PersistentVolume,
  isSaid: boolean,
): Severity | undefined {
  const isDeleted = metadata.deletionTimestamp !== undefined;
  const isReleased = status?.phase === 'Released' && spec?.persistentVolumeReclaimPolicy === 'Delete';
  if (!isReleased && (!isDeleted || status?.phase === 'Bound')) return undefined;
  if (isSaid) return 'medium';
  const age = examination.ageMs(sinceOf(metadata.deletionTimestamp, status?.lastPhaseTransitionTime));
  if (age === undefined) return 'low';
  return age >= examination.thresholds.terminatingMs ? 'medium' : undefined;
}

/** The phase's time is written from 1.29 on. */
function sinceOf(deleted: string | undefined, released: string | undefined): string | undefined {
  return deleted ?? released;
}

function overdue(examination: Examination, volume: PersistentVolume, event: Event | undefined): FindingDraft {
  const { name, deletionTimestamp, finalizers = [] } = volume.metadata;
  const claim = claimText(volume);
  const since = timeOf(sinceOf(deletionTimestamp, volume.status?.lastPhaseTransitionTime));
  const why = event === undefined ? keptBy(finalizers) : briefly(event.message ?? '');
  return {
    resource: refOf(volume),
    message: `Volume ${name}${ofSize(volume)} should be gone${claim === '' ? '' : ` with claim ${claim}`} and is still there${forText(examination, since)}: ${why}.`,
    evidence: [
      ...(event === undefined ? [] : [eventEvidence(event)]),
      ...(deletionTimestamp === undefined
        ? []
        : [fieldEvidence(volume, 'metadata.deletionTimestamp', deletionTimestamp)]),
      fieldEvidence(volume, 'status.phase', volume.status?.phase ?? ''),
    ],
    facts: knownFacts({ claim: claim === '' ? undefined : claim, finalizers: finalizers.toSorted() }),
    since,
  };
}

function keptBy(finalizers: readonly string[]): string {
  return finalizers.length === 0 ? 'nothing says why' : `finalizers ${listText(finalizers)} are left`;
}
