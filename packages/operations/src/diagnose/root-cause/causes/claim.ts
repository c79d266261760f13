/** Causes for pods that wait for a PersistentVolumeClaim: what keeps the claim from being bound. */
import { refText, type ClusterSnapshot, type KubeObject, type Pod, type ResourceRef } from '@aia/cluster';
import type { Weighing } from '@aia/contract';
import { quotaRef } from '../../cloud-quota.ts';
import type { Evidence } from '../../evidence.ts';
import { absenceEvidence, eventEvidence, fieldEvidence, type Examination } from '../../examination.ts';
import type { Finding } from '../../finding.ts';
import { parseClaim, type ClaimMessage } from '../../messages/claim.ts';
import { eventText } from '../../messages/event-text.ts';
import type { RemediationClass } from '../../rule.ts';
import { text, texts } from '../finding-index.ts';
import { partsOf, STRENGTH, type CauseContext, type Hypothesis } from '../hypothesis.ts';
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

export function* explainByClaim({ examination, findings }: CauseContext): Iterable<Hypothesis> {
  const waiting = findings
    .ofCode('pod-unschedulable')
    .filter((finding) => waitsForClaim(finding, examination.snapshot))
    .flatMap((finding) => obstaclesOf(finding, examination).map((obstacle) => ({ finding, obstacle })));
  const groups = Map.groupBy(waiting, ({ obstacle: { class: name, resource } }) => `${name} ${refText(resource)}`);
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const pods = [...new Set(group.map(({ finding }) => finding))];
    yield hypothesisOf(
      first.obstacle,
      group.flatMap(({ obstacle }) => obstacle.evidence),
      pods,
      statedApart(first.obstacle, findings.ofCode('quota-exhausted', 'stateful-set-storage-class-missing')),
    );
  }
}

/** Findings that say the same without a pod. */
function statedApart({ class: name, resource }: Obstacle, candidates: readonly Finding[]): readonly Finding[] {
  if (name === 'volume-quota-exhausted')
    return candidates.filter(
      (finding) => finding.code === 'quota-exhausted' && finding.resource.name === resource.name,
    );
  if (name !== 'storage-class-missing') return [];
  return candidates.filter(
    (finding) => text(finding, 'objectName') === resource.name && finding.code.startsWith('stateful'),
  );
}

function hypothesisOf(
  obstacle: Obstacle,
  evidence: readonly Evidence[],
  pods: readonly Finding[],
  apart: readonly Finding[],
): Hypothesis {
  const { class: name, resource, why, weighing, remediation } = obstacle;
  return {
    class: name,
    resource,
    title: `${refText(resource)}: ${why}`,
    statement: `${pods.length === 1 ? 'One pod waits' : `${pods.length} pods wait`} for a claim that cannot be used: ${why}.`,
    effects: [
      ...partsOf(apart, 'it is the same obstacle, seen without the pods'),
      ...pods.map((finding) => ({
        finding: finding.id,
        relation: 'a pod is not placed before its claims are bound',
        evidence: [...finding.evidence.slice(0, 1), ...evidence.slice(0, 1)],
      })),
    ],
    evidence: [...evidence.slice(0, 4), ...pods.slice(0, 1).flatMap((finding) => finding.evidence.slice(0, 2))],
    weighings: [
      { observation: 'the scheduler says that a claim of the pod cannot be used', ratio: STRENGTH.typical },
      weighing,
    ],
    remediation: { class: remediation[0], text: remediation[1] },
  };
}

function obstaclesOf(finding: Finding, { snapshot }: Examination): readonly Obstacle[] {
  const pod = snapshot.resolve(finding.resource) as Pod | undefined;
  const namespace = finding.resource.namespace;
  const found = claimNames(pod).flatMap((name) => {
    const claim = snapshot.get('PersistentVolumeClaim', namespace, name);
    if (claim?.status?.phase === 'Bound') return [];
    const isNamed = finding.evidence.some((one) => JSON.stringify(one).includes(`\\"${name}\\" not found`));
    if (claim === undefined)
      return isNamed || snapshot.listIn('PersistentVolumeClaim', namespace).length > 0 ? [absent(namespace, name)] : [];
    return [obstacleOf(claim, snapshot)];
  });
  return found.length > 0 ? found : [unknown(finding)];
}

/** The scheduler says so, or it failed at binding a volume while a claim of the pod has none. */
function waitsForClaim(finding: Finding, snapshot: ClusterSnapshot): boolean {
  const classes = texts(finding, 'classes');
  if (classes.includes('claim')) return true;
  const pod = snapshot.resolve(finding.resource) as Pod | undefined;
  return classes.includes('volume') && unboundClaims(pod, snapshot).length > 0;
}

/** Names of the pod's claims that are there and have no volume. */
export function unboundClaims(pod: Pod | undefined, snapshot: ClusterSnapshot): readonly string[] {
  return claimNames(pod).filter((name) => {
    const claim = snapshot.get('PersistentVolumeClaim', pod?.metadata.namespace ?? '', name);
    return claim !== undefined && claim.status?.phase !== 'Bound';
  });
}

function claimNames(pod: Pod | undefined): readonly string[] {
  return (pod?.spec?.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    const own = ephemeral === undefined ? undefined : `${pod?.metadata.name ?? ''}-${name}`;
    return persistentVolumeClaim?.claimName ?? own ?? [];
  });
}

type Claim = KubeObject & { readonly spec?: { readonly storageClassName?: string } };

/** The newest event that says why, else what the StorageClasses show. */
function obstacleOf(claim: Claim, snapshot: ClusterSnapshot): Obstacle {
  const wanted = claim.spec?.storageClassName;
  const event = snapshot.eventsOf(claim).find((one) => parseClaim(one.reason ?? '', eventText(one)) !== undefined);
  const said = event === undefined ? undefined : parseClaim(event.reason ?? '', eventText(event));
  const classes = snapshot.list('StorageClass');
  const isAbsent =
    wanted !== undefined &&
    wanted !== '' &&
    classes.length > 0 &&
    snapshot.get('StorageClass', '', wanted) === undefined;
  const evidence = [
    ...(event === undefined ? [] : [eventEvidence(event)]),
    fieldEvidence(claim, 'status.phase', 'Pending'),
    ...(isAbsent
      ? [absenceEvidence('StorageClass', '', wanted, 'not among the StorageClasses of the cluster', 'storage.k8s.io')]
      : []),
  ];
  const missing = said?.cause === 'class-missing' ? (said.storageClass ?? wanted) : isAbsent ? wanted : undefined;
  if (missing !== undefined) return classMissing(missing, evidence, said !== undefined);
  const { refusal } = said ?? {};
  if (refusal?.cause === 'quota') return quotaRefused(refusal.metric, refusal.region, evidence);
  return unbound(claim, said, evidence);
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

const WHY: Readonly<Partial<Record<ClaimMessage['cause'], string>>> = {
  'no-class': 'no volume matches it, and neither does it name a storage class nor is there a default one',
  'waits-for-pod': 'it waits for its pod to be placed',
  'waits-for-provisioner': 'its provisioner has not answered',
  mismatch: 'the volume that it names cannot be used',
  lost: 'the volume that it was bound to is gone',
  cloud: 'the cloud refuses the disk',
  timeout: 'its provisioner did not answer in time',
};

function unbound(claim: Claim, said: ClaimMessage | undefined, evidence: readonly Evidence[]): Obstacle {
  const { namespace = '', name } = claim.metadata;
  return {
    class: 'claim-unusable',
    resource: { group: '', kind: 'PersistentVolumeClaim', namespace, name },
    why: (said === undefined ? undefined : WHY[said.cause]) ?? 'it is not bound, and what was read does not say why',
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
