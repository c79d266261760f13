/** A PersistentVolumeClaim is not bound to a volume. */
import { refOf, timeOf, type PersistentVolumeClaim } from '@aia/cluster';
import type { Examination } from '../../examination.ts';
import { knownFacts, type FindingDraft, type Severity } from '../../finding.ts';
import type { CloudCause } from '../../messages/message.ts';
import type { Rule } from '../../rule.ts';
import { podKeys } from '../../storage/claim-users.ts';
import { pendingClaim, type PendingCause, type PendingClaim } from '../../storage/pending-claim.ts';
import { isOfStatefulSet } from '../../storage/stateful-claims.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { briefly, forText } from '../../wording.ts';

/** Facts: cause, refusal, metric, region, storageClass, provisioner, volume, pods (at most 20 keys). */
export const rule: Rule = {
  code: 'claim-pending',
  title: 'PersistentVolumeClaim is not bound',
  severity: 'high',
  explanation:
    'The claim has no volume, so pods that use it do not start. The cause says why: its class does not exist, it names none and none is ' +
    'the default, the provisioner was refused (with the reason of the cloud), is not registered or does not answer, or no volume made by ' +
    'hand fits. A claim whose class waits for its first consumer is bound only once a pod that uses it gets a node: low while such a pod waits, ' +
    'information while no pod uses it. Without a pod or StatefulSet that needs it, a claim that cannot be bound is medium. The rule stays ' +
    'silent during the grace period, unless the class is missing or the cloud refused for good.',
  remediation: {
    class: 'repair-storage',
    text: 'Fix what the message names: the class (a claim must be made anew for another one), the provisioner, the quota or the volume.',
  },
  aliases: {
    k8sgpt: ['PVC', 'Storage'],
    popeye: ['1003'],
  },
  needs: [],
  *check(examination) {
    for (const claim of livingOf(examination, 'PersistentVolumeClaim')) {
      if (claim.status?.phase !== 'Pending') continue;
      const pending = pendingClaim(examination, claim);
      if (isSettled(examination, claim, pending)) yield notBound(examination, pending);
    }
  },
};

/** Refusals that repeating does not mend. */
const FINAL: ReadonlySet<CloudCause> = new Set([
  'quota',
  'permission',
  'service-account',
  'organisation-policy',
  'invalid-request',
]);

function isSettled(examination: Examination, claim: PersistentVolumeClaim, pending: PendingClaim): boolean {
  const { cause, said, pods } = pending;
  if (cause === 'class-missing' || (said?.refusal !== undefined && FINAL.has(said.refusal.cause))) return true;
  const isOld = ({ metadata }: { readonly metadata: { readonly creationTimestamp?: string } }): boolean => {
    const age = examination.ageMs(metadata.creationTimestamp);
    return age === undefined || age >= examination.thresholds.graceMs;
  };
  return isOld(claim) && (pods.length === 0 || pods.some(isOld));
}

function notBound(examination: Examination, pending: PendingClaim): FindingDraft {
  const { claim, cause, pods, storageClass, provisioner, volume, said, evidence } = pending;
  const { namespace = '', name, creationTimestamp } = claim.metadata;
  const since = timeOf(creationTimestamp);
  const refusal = said?.refusal;
  return {
    resource: refOf(claim),
    severity: severityOf(examination, pending),
    message: `Claim ${namespace}/${name} has had no volume${forText(examination, since)}: ${WORDS[cause](pending)}.`,
    evidence,
    facts: knownFacts({
      cause,
      refusal: refusal?.cause,
      metric: refusal?.metric,
      region: refusal?.region,
      storageClass,
      provisioner,
      volume,
      pods: podKeys(pods),
    }),
    since,
  };
}

function severityOf({ snapshot }: Examination, { cause, claim, pods }: PendingClaim): Severity {
  if (cause === 'waits-for-pod') return pods.length === 0 ? 'info' : 'low';
  return pods.length > 0 || isOfStatefulSet(snapshot, claim) ? 'high' : 'medium';
}

const WORDS: Readonly<Record<PendingCause, (pending: PendingClaim) => string>> = {
  'class-missing': ({ storageClass = '(not named)' }) => `StorageClass ${storageClass} does not exist`,
  'no-class': () => 'it names no StorageClass, and none is the default',
  'provisioning-failed': ({ said, storageClass = '(not named)' }) =>
    `no disk of class ${storageClass} can be made: ${briefly(said?.text ?? '')}`,
  'provisioner-missing': ({ storageClass, provisioner }) =>
    `its class ${storageClass ?? ''} is provisioned by ${provisioner ?? ''}, which is not installed`,
  'provisioner-silent': ({ provisioner }) =>
    `provisioner ${provisioner ?? '(not named)'} was asked for a volume and has not answered; its controller may not run`,
  'no-volume': ({ storageClass = '' }) =>
    `no free volume ${storageClass === '' ? 'without a class' : `of class ${storageClass}`} fits it, and none is made on demand`,
  mismatch: ({ volume = '(not named)' }) => `volume ${volume}, which it names, is gone, taken or does not fit`,
  'waits-for-pod': ({ pods }) =>
    pods.length === 0
      ? 'its class waits for the first pod that uses it, and no pod does'
      : 'its class waits until a pod that uses it has a node',
  unknown: ({ said }) => (said === undefined ? 'what was read does not say why' : briefly(said.text)),
};
