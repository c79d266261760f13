/** A PersistentVolume that does not become available. */
import { refOf, timeOf } from '@aia/cluster';
import { fieldEvidence } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { ofSize } from '../../storage/volume-wording.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { briefly, forText } from '../../wording.ts';

/** Facts: none. */
export const rule: Rule = {
  code: 'volume-pending',
  title: 'PersistentVolume does not become available',
  severity: 'medium',
  explanation:
    'The volume has been in phase Pending for longer than the grace period. The volume controller makes a volume Available within seconds, so ' +
    'either that controller does not run or it cannot work with the volume as it is written. No claim can be bound to it meanwhile. The rule ' +
    'stays silent during the grace period.',
  remediation: {
    class: 'repair-storage',
    text: 'Look at the events of the volume and at the kube-controller-manager; correct the source that the volume names.',
  },
  aliases: { popeye: ['1001'], mixin: ['KubePersistentVolumeErrors'] },
  needs: [],
  *check(examination) {
    for (const volume of livingOf(examination, 'PersistentVolume')) {
      const age = examination.ageMs(volume.metadata.creationTimestamp);
      if (volume.status?.phase !== 'Pending' || (age !== undefined && age < examination.thresholds.graceMs)) continue;
      const since = timeOf(volume.metadata.creationTimestamp);
      const text = volume.status.message ?? '';
      yield {
        resource: refOf(volume),
        message: `Volume ${volume.metadata.name}${ofSize(volume)} has been Pending${forText(examination, since)}${text === '' ? '' : `: ${briefly(text)}`}.`,
        evidence: [
          fieldEvidence(volume, 'status.phase', 'Pending'),
          ...(text === '' ? [] : [fieldEvidence(volume, 'status.message', text)]),
        ],
        since,
      };
    }
  },
};
