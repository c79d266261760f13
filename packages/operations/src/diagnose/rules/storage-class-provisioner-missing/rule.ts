/** Claims wait for a provisioner that is not installed. */
import { refOf } from '@aia/cluster';
import { absenceEvidence, fieldEvidence } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { pendingClaim } from '../../storage/pending-claim.ts';
import { livingOf } from '../../workloads/workload-templates.ts';

/** Facts: provisioner, claims (at most 20 keys). */
export const rule: Rule = {
  code: 'storage-class-provisioner-missing',
  title: 'Provisioner of a StorageClass is not installed',
  severity: 'high',
  explanation:
    'Claims of the class wait for a volume, and the CSI driver that should make it is not there: no CSIDriver object has its name, and it ' +
    'has registered on no node. The class was left behind by a driver that was removed, or the driver was never installed here. The rule ' +
    'stays silent while no claim waits, for provisioners that are no CSI drivers (a slash in the name), which register nowhere, and where ' +
    'neither CSIDrivers nor CSINodes were read.',
  remediation: {
    class: 'repair-storage',
    text: 'Install the driver, or make the claims anew with a class whose provisioner is there.',
  },
  aliases: {},
  needs: [],
  *check(examination) {
    const waiting = livingOf(examination, 'PersistentVolumeClaim')
      .filter(({ status }) => status?.phase === 'Pending')
      .map((claim) => pendingClaim(examination, claim))
      .filter(({ cause }) => cause === 'provisioner-missing');
    const groups = Map.groupBy(waiting, ({ storageClass }) => storageClass ?? '');
    for (const [name, claims] of groups) {
      const storageClass = examination.snapshot.get('StorageClass', '', name);
      const isOld = claims.some(
        ({ claim }) =>
          (examination.ageMs(claim.metadata.creationTimestamp) ?? Infinity) >= examination.thresholds.graceMs,
      );
      if (storageClass === undefined || !isOld) continue;
      const { provisioner = '' } = storageClass;
      const waits = claims.length === 1 ? '1 claim waits' : `${claims.length} claims wait`;
      yield {
        resource: refOf(storageClass),
        message: `StorageClass ${name} is provisioned by ${provisioner}, which is not installed; ${waits} for a volume.`,
        evidence: [
          fieldEvidence(storageClass, 'provisioner', provisioner),
          absenceEvidence(
            'CSIDriver',
            '',
            provisioner,
            'neither a CSIDriver nor a driver on any node',
            'storage.k8s.io',
          ),
          ...claims.slice(0, 3).map(({ claim }) => fieldEvidence(claim, 'status.phase', 'Pending')),
        ],
        facts: {
          provisioner,
          claims: claims
            .map(({ claim: { metadata } }) => `${metadata.namespace ?? ''}/${metadata.name}`)
            .sort()
            .slice(0, 20),
        },
      };
    }
  },
};
