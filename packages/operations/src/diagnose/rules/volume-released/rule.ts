/** A PersistentVolume outlived its claim. */
import { refOf } from '@aia/cluster';
import { fieldEvidence } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { claimText, ofSize } from '../../storage/volume-wording.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { knownFacts } from '../../finding.ts';

/** Facts: claim, reclaimPolicy, capacity. */
export const rule: Rule = {
  code: 'volume-released',
  title: 'PersistentVolume is kept after its claim',
  severity: 'low',
  explanation:
    'The claim was deleted and the reclaim policy Retain keeps the volume with its data. Nothing uses it, no other claim gets it while its ' +
    'claimRef stands, and the disk is paid for and counts against quotas. It is there so that nobody loses data by mistake; somebody has ' +
    'to decide about it in the end. The rule stays silent for policy Delete, which volume-delete-failed reports where it fails.',
  remediation: {
    class: 'remove-object',
    text: 'Save what is wanted and delete the disk and the PersistentVolume, or take its claimRef off to give it to a new claim.',
  },
  aliases: { k8sgpt: ['Storage'] },
  needs: [],
  *check(examination) {
    for (const volume of livingOf(examination, 'PersistentVolume')) {
      const policy = volume.spec?.persistentVolumeReclaimPolicy;
      if (volume.status?.phase !== 'Released' || policy === 'Delete') continue;
      const claim = claimText(volume);
      yield {
        resource: refOf(volume),
        message: `Volume ${volume.metadata.name}${ofSize(volume)} is kept although ${claim === '' ? 'its claim' : `claim ${claim}`} is gone; nothing uses it.`,
        evidence: [
          fieldEvidence(volume, 'status.phase', 'Released'),
          ...(policy === undefined ? [] : [fieldEvidence(volume, 'spec.persistentVolumeReclaimPolicy', policy)]),
        ],
        facts: knownFacts({
          claim: claim === '' ? undefined : claim,
          reclaimPolicy: policy,
          capacity: volume.spec?.capacity?.['storage'],
        }),
      };
    }
  },
};
