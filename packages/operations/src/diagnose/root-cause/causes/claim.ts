/** Causes for pods that wait for a PersistentVolumeClaim: what keeps the claim from being bound. */
import { refText, type Pod, type ResourceRef } from '@aia/cluster';
import type { Weighing } from '@aia/contract';
import { quotaRef } from '../../cloud/cloud-quota.ts';
import type { Evidence } from '../../evidence.ts';
import { absenceEvidence } from '../../examination.ts';
import type { Finding } from '../../finding.ts';
import type { RemediationClass } from '../../rule.ts';
import { claimNamesOf, unboundClaims } from '../../storage/claim-users.ts';
import { pendingClaim, type PendingCause, type PendingClaim } from '../../storage/pending-claim.ts';
import { text, texts } from '../finding-index.ts';
import { effectsOn, partsOf, STRENGTH, type CauseContext, type Hypothesis } from '../hypothesis.ts';
import { workloadRef } from './workload-ref.ts';

/** What stands behind one claim; equal for claims that share it. */
interface Obstacle {
  readonly class: string;
  readonly resource: ResourceRef;
  /** Completes "…: ". */
  readonly why: string;
  readonly weighing: Weighing;
  readonly evidence: readonly Evidence[];
  readonly remediation: readonly [RemediationClass, string];
}

/** A finding, and one thing that stands behind it. */
interface Obstructed {
  readonly finding: Finding;
  readonly obstacle: Obstacle;
}

/** Of claims only those whose finding no other one brings about. */
export function explainByClaim(roots: ReadonlySet<string>) {
  return function* (context: CauseContext): Iterable<Hypothesis> {
    const { findings } = context;
    const found = [
      ...claimsAlone(context, roots),
      ...findings
        .ofCode('pod-unschedulable')
        .filter((finding) => texts(finding, 'classes').some((one) => one === 'claim' || one === 'volume'))
        .flatMap((finding) => obstaclesOf(finding, context, roots).map((obstacle) => ({ finding, obstacle }))),
    ];
    const groups = Map.groupBy(found, ({ obstacle: { class: name, resource } }) => `${name} ${refText(resource)}`);
    for (const group of groups.values()) yield hypothesisOf(group, apartFrom(group, context));
  };
}

function* claimsAlone({ examination, findings }: CauseContext, roots: ReadonlySet<string>): Iterable<Obstructed> {
  for (const finding of findings.ofCode('claim-pending')) {
    const { namespace, name } = finding.resource;
    const claim = examination.snapshot.get('PersistentVolumeClaim', namespace, name);
    if (claim === undefined || !roots.has(finding.id) || finding.severity === 'info') continue;
    const pending = pendingClaim(examination, claim);
    if (pending.cause !== 'waits-for-pod') yield { finding, obstacle: obstacleOf(pending) };
  }
}

function apartFrom(group: readonly Obstructed[], { findings }: CauseContext): readonly Finding[] {
  const codes = ['quota-exhausted', 'quota-near-limit', 'volume-quota-short', 'stateful-set-storage-class-missing'];
  return group.slice(0, 1).flatMap(({ obstacle }) => statedApart(obstacle, findings.ofCode(...codes)));
}

/** Findings that say the same without a pod. */
function statedApart({ class: name, resource }: Obstacle, candidates: readonly Finding[]): readonly Finding[] {
  if (name === 'volume-quota-exhausted')
    return candidates.filter((finding) => finding.resource.kind === 'Quota' && finding.resource.name === resource.name);
  if (name !== 'storage-class-missing') return [];
  return candidates.filter(
    (finding) => text(finding, 'objectName') === resource.name && finding.code.startsWith('stateful'),
  );
}

function hypothesisOf(group: readonly Obstructed[], apart: readonly Finding[]): Hypothesis {
  const [{ obstacle }] = group as [Obstructed];
  const { class: name, resource, why, weighing, remediation } = obstacle;
  const evidence = group.flatMap((one) => one.obstacle.evidence);
  const told = [...new Set(group.map(({ finding }) => finding))];
  const pods = told.filter(({ code }) => code === 'pod-unschedulable');
  const claims = told.filter(({ code }) => code === 'claim-pending');
  return {
    class: name,
    resource,
    title: name === 'storage-class-missing' ? `${refText(resource)} does not exist` : `${refText(resource)}: ${why}`,
    statement: `${countText(pods.length, claims.length)}: ${why}.`,
    effects: [
      ...partsOf(apart, 'it is the same obstacle, seen on its own'),
      ...effectsOn(claims, 'the claim gets no volume because of it'),
      ...pods.map((finding) => ({
        finding: finding.id,
        relation: 'a pod is not placed before its claims are bound',
        evidence: [...finding.evidence.slice(0, 1), ...evidence.slice(0, 1)],
      })),
    ],
    evidence: [...evidence.slice(0, 4), ...pods.slice(0, 1).flatMap((finding) => finding.evidence.slice(0, 2))],
    weighings: [
      pods.length > 0
        ? { observation: 'the scheduler says that a claim of the pod cannot be used', ratio: STRENGTH.typical }
        : { observation: 'the claim is not bound', ratio: STRENGTH.typical },
      weighing,
    ],
    remediation: { class: remediation[0], text: remediation[1] },
  };
}

function countText(pods: number, claims: number): string {
  if (pods > 0) return `${pods === 1 ? 'One pod waits' : `${pods} pods wait`} for a claim that cannot be used`;
  return claims === 1 ? 'One claim has no volume' : `${claims} claims have no volume`;
}

/** Codes that say of a claim in use that it is of no use. */
const TOLD = ['claim-lost', 'claim-deletion-blocked', 'claim-pending'];

/** What a pod waits for: claims that are not there, and claims without a volume, unless another finding stands behind them. */
function obstaclesOf(finding: Finding, context: CauseContext, roots: ReadonlySet<string>): readonly Obstacle[] {
  const { examination, findings } = context;
  const { snapshot } = examination;
  const { namespace } = finding.resource;
  const pod = snapshot.resolve(finding.resource) as Pod | undefined;
  const isForClaim = texts(finding, 'classes').includes('claim');
  const isTold = (name: string): boolean =>
    findings
      .about({ group: '', kind: 'PersistentVolumeClaim', namespace, name }, ...TOLD)
      .some(
        ({ code, facts, id }) => facts['cause'] !== 'waits-for-pod' && !(code === 'claim-pending' && roots.has(id)),
      );
  const waiting = unboundClaims(pod, snapshot)
    .filter((name) => !isTold(name))
    .flatMap((name) => snapshot.get('PersistentVolumeClaim', namespace, name) ?? [])
    .map((claim) => pendingClaim(examination, claim));
  const found = [
    ...absentClaims(finding, pod, context, isForClaim),
    ...waiting.filter(({ cause }) => cause !== 'waits-for-pod').map(obstacleOf),
  ];
  if (found.length > 0 || (pod !== undefined && claimNamesOf(pod).some(isTold))) return found;
  return isForClaim ? [unknown(finding)] : waiting.map(obstacleOf);
}

function absentClaims(
  { evidence, resource: { namespace } }: Finding,
  pod: Pod | undefined,
  { examination: { snapshot } }: CauseContext,
  isForClaim: boolean,
): readonly Obstacle[] {
  const isRead = isForClaim && snapshot.listIn('PersistentVolumeClaim', namespace).length > 0;
  return (pod === undefined ? [] : claimNamesOf(pod))
    .filter((name) => snapshot.get('PersistentVolumeClaim', namespace, name) === undefined)
    .filter((name) => isRead || evidence.some((one) => JSON.stringify(one).includes(`\\"${name}\\" not found`)))
    .map((name) => absent(namespace, name));
}

function obstacleOf(pending: PendingClaim): Obstacle {
  const { cause, said, storageClass, evidence } = pending;
  if (cause === 'class-missing') return classMissing(storageClass ?? '(not named)', evidence, said !== undefined);
  const { refusal } = said ?? {};
  if (refusal?.cause === 'quota') return quotaRefused(refusal.metric, refusal.region, evidence);
  return unbound(pending);
}

function absent(namespace: string, name: string): Obstacle {
  const evidence = [absenceEvidence('PersistentVolumeClaim', namespace, name, 'not in the cluster')];
  return {
    class: 'claim-unusable',
    resource: { group: '', kind: 'PersistentVolumeClaim', namespace, name },
    why: 'the claim does not exist',
    weighing: { observation: 'the pod names it and it is not there', ratio: STRENGTH.measured },
    evidence,
    remediation: ['repair-storage', 'Create the claim, or name one that exists.'],
  };
}

function classMissing(name: string, evidence: readonly Evidence[], isSaid: boolean): Obstacle {
  return {
    class: 'storage-class-missing',
    resource: { group: 'storage.k8s.io', kind: 'StorageClass', namespace: '', name },
    why: `storage class ${name} does not exist`,
    weighing: {
      observation: isSaid ? 'the volume controller says so' : 'it is not among the StorageClasses',
      ratio: isSaid ? STRENGTH.stated : STRENGTH.measured,
    },
    evidence,
    remediation: [
      'repair-storage',
      'Create the StorageClass, or make the claim anew with one that exists; the class of a claim cannot be changed.',
    ],
  };
}

function quotaRefused(metric: string | undefined, region: string | undefined, evidence: readonly Evidence[]): Obstacle {
  return {
    class: 'volume-quota-exhausted',
    resource: quotaRef(metric ?? '(not named)', region ?? 'unknown'),
    why: `the cloud refuses the disk because quota ${metric ?? '(not named)'} is used up`,
    weighing: { observation: "the cloud's refusal says quota", ratio: STRENGTH.stated },
    evidence,
    remediation: ['raise-quota', 'Delete disks that nobody uses, use smaller or standard ones, or ask for more quota.'],
  };
}

const WHY: Readonly<Record<PendingCause, string>> = {
  'class-missing': 'its storage class does not exist',
  'no-class': 'no volume matches it, and neither does it name a storage class nor is there a default one',
  'provisioning-failed': 'its provisioner is refused the disk',
  'provisioner-missing': 'the provisioner of its class is not installed',
  'provisioner-silent': 'its provisioner has not answered',
  'no-volume': 'no volume that is free fits it',
  mismatch: 'the volume that it names cannot be used',
  'waits-for-pod': 'it waits for its pod to be placed',
  unknown: 'it is not bound, and what was read does not say why',
};

function unbound({ claim, cause, said, evidence }: PendingClaim): Obstacle {
  const { namespace = '', name } = claim.metadata;
  const isTimeout = said?.cause === 'timeout';
  return {
    class: 'claim-unusable',
    resource: { group: '', kind: 'PersistentVolumeClaim', namespace, name },
    why: isTimeout ? 'its provisioner did not answer in time' : WHY[cause],
    weighing:
      said === undefined
        ? { observation: 'the claim is not bound', ratio: STRENGTH.typical }
        : { observation: 'an event on the claim says why', ratio: STRENGTH.measured },
    evidence,
    remediation: ['repair-storage', 'Look at the events of the claim; fix its class, provisioner or volume.'],
  };
}

function unknown(finding: Finding): Obstacle {
  return {
    class: 'claim-unusable',
    resource: workloadRef(finding),
    why: 'a PersistentVolumeClaim or ResourceClaim of its pods is missing, in use or not bound',
    weighing: { observation: 'which claim, and why, was not to be seen', ratio: 1 },
    evidence: finding.evidence.slice(0, 1),
    remediation: ['repair-storage', 'Create the claim or fix its class and provisioner.'],
  };
}
