/** A PersistentVolume that no claim uses. */
import { refOf } from '@aia/cluster';
import { fieldEvidence } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { claimText, ofSize } from '../../storage/volume-wording.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { knownFacts } from '../../finding.ts';

/** Facts: storageClass, reservedFor, capacity. */
export const rule: Rule = {
  code: 'volume-unused',
  title: 'PersistentVolume is not used',
  severity: 'info',
  explanation:
    'The volume is Available: no claim is bound to it. Volumes made by hand stand in reserve like that on purpose (local disks, for example), ' +
    'or wait for the claim that their claimRef names. Where nobody needs them they cost money and quota. The rule stays silent during the grace period.',
  remediation: { class: 'none', text: 'Leave it in reserve, or delete it and its disk when nobody needs it.' },
  aliases: { popeye: ['1000'] },
  needs: [],
  *check(examination) {
    for (const volume of livingOf(examination, 'PersistentVolume')) {
      const age = examination.ageMs(volume.metadata.creationTimestamp);
      if (volume.status?.phase !== 'Available' || (age !== undefined && age < examination.thresholds.graceMs)) continue;
      const claim = claimText(volume);
      yield {
        resource: refOf(volume),
        message: `Volume ${volume.metadata.name}${ofSize(volume)} is not used by any claim${claim === '' ? '' : ` and is kept for ${claim}`}.`,
        evidence: [fieldEvidence(volume, 'status.phase', 'Available')],
        facts: knownFacts({
          storageClass: volume.spec?.storageClassName,
          reservedFor: claim === '' ? undefined : claim,
          capacity: volume.spec?.capacity?.['storage'],
        }),
      };
    }
  },
};
