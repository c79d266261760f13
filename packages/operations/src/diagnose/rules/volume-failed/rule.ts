/** A PersistentVolume could not be reclaimed. */
import { refOf } from '@aia/cluster';
import { eventEvidence, fieldEvidence } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { claimText, ofSize } from '../../storage/volume-wording.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { briefly } from '../../wording.ts';
import { knownFacts } from '../../finding.ts';

/** Facts: claim, reclaimPolicy. */
export const rule: Rule = {
  code: 'volume-failed',
  title: 'PersistentVolume has failed',
  severity: 'medium',
  explanation:
    'The claim of the volume is gone, and deleting or recycling the disk failed, so that the volume is in phase Failed. The disk still exists, is paid for ' +
    'and counts against quotas, and the volume is of no use to any claim. The status says what the driver answered. The rule stays silent ' +
    'for volumes that are being deleted, which volume-delete-failed reports.',
  remediation: {
    class: 'repair-storage',
    text: 'Remove what the message names (a disk still attached, missing permissions), or delete the disk and then the PersistentVolume by hand.',
  },
  aliases: { k8sgpt: ['Storage'], popeye: ['1002'], mixin: ['KubePersistentVolumeErrors'] },
  needs: [],
  *check(examination) {
    for (const volume of livingOf(examination, 'PersistentVolume')) {
      if (volume.status?.phase !== 'Failed') continue;
      const { message = '', reason = '' } = volume.status;
      const [event] = examination.warnings(volume, 'VolumeFailedDelete', 'VolumeFailedRecycle');
      const text = message === '' ? (event?.message ?? reason) : message;
      const claim = claimText(volume);
      yield {
        resource: refOf(volume),
        message: `Volume ${volume.metadata.name}${ofSize(volume)} has failed${claim === '' ? '' : ` after claim ${claim} was deleted`}${text === '' ? '' : `: ${briefly(text)}`}.`,
        evidence: [
          fieldEvidence(volume, 'status.phase', 'Failed'),
          ...(message === '' ? [] : [fieldEvidence(volume, 'status.message', message)]),
          ...(event === undefined ? [] : [eventEvidence(event)]),
        ],
        facts: knownFacts({
          claim: claim === '' ? undefined : claim,
          reclaimPolicy: volume.spec?.persistentVolumeReclaimPolicy,
        }),
      };
    }
  },
};
