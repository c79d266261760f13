/** A claim asks for a size that the provider does not make. */
import { readableBytes, refOf } from '@aia/cluster';
import { fieldEvidence } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { isExpanding, requestedBytes } from '../../storage/claim-size.ts';
import { sizeLimitsOf } from '../../storage/provider-limits.ts';
import { classOf } from '../../storage/storage-class.ts';
import { livingOf } from '../../workloads/workload-templates.ts';

/** Facts: storageClass, type, minBytes, maxBytes, requestedBytes. */
export const rule: Rule = {
  code: 'claim-size-unsupported',
  title: 'Claim asks for a size that its class cannot give',
  severity: 'high',
  explanation:
    'Types of disks have a smallest and a largest size (64 TiB for a Persistent Disk, 16 TiB for gp2, 125 GiB at least for st1). A claim ' +
    'outside of them is refused each time, and so is an expansion beyond them. Where the driver makes the smallest disk instead, the claim works ' +
    'and this is information: the disk is larger than asked, and paid for. The rule knows the drivers of Google, Amazon and Azure, and stays ' +
    'silent for others and for claims that have what they ask for.',
  remediation: {
    class: 'repair-storage',
    text: 'Make the claim anew with a size within the bounds, or with a class whose disks may have that size.',
  },
  aliases: {},
  needs: [],
  *check(examination) {
    for (const claim of livingOf(examination, 'PersistentVolumeClaim')) {
      const storageClass = classOf(examination.snapshot, claim);
      const limits = storageClass === undefined ? undefined : sizeLimitsOf(storageClass);
      const requested = requestedBytes(claim);
      if (storageClass === undefined || limits === undefined || requested === undefined) continue;
      const { type, minBytes, maxBytes, roundsUp } = limits;
      const isSmall = requested < minBytes;
      const isOpen = claim.status?.phase === 'Pending' || isExpanding(claim);
      const isRounded = isSmall && roundsUp;
      if (!(isSmall || requested > maxBytes) || !(isOpen || isRounded)) continue;
      const { namespace = '', name } = claim.metadata;
      const bound = isSmall ? `at least ${readableBytes(minBytes)}` : `at most ${readableBytes(maxBytes)}`;
      yield {
        resource: refOf(claim),
        ...(isRounded ? { severity: 'info' as const } : {}),
        message: `Claim ${namespace}/${name} asks for ${readableBytes(requested)}, and a disk of type ${type} has ${bound}${isRounded ? '; it gets that much' : ''}.`,
        evidence: [
          fieldEvidence(claim, 'spec.resources.requests.storage', String(claim.spec?.resources?.requests?.['storage'])),
          fieldEvidence(storageClass, 'provisioner', storageClass.provisioner ?? ''),
        ],
        facts: {
          storageClass: storageClass.metadata.name,
          type,
          minBytes,
          maxBytes,
          requestedBytes: requested,
        },
      };
    }
  },
};
