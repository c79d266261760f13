/** A ResourceQuota has no room for the pods that a workload still wants, or for the first pod of its next rollout. */
import {
  namespacedName,
  amountOf,
  formatBytes,
  formatCpu,
  objectKey,
  refKey,
  refOf,
  refText,
  type Deployment,
  type ResourceQuota,
  type StatefulSet,
} from '@aia/cluster';
import { creationRefusals } from '../../workloads/creation-refusals.ts';
import type { Evidence } from '../../evidence.ts';
import { fieldEvidence, type Examination } from '../../examination.ts';
import type { FindingDraft, Severity } from '../../finding.ts';
import { limitRangesIn, withDefaults } from '../../namespaces/limit-ranges.ts';
import { isCounted, missingPods } from '../../pods/missing-pods.ts';
import { unique } from '../../order.ts';
import {
  chargeOf,
  quotasFor,
  roomOf,
  unstatedValues,
  type Charge,
  type QuotaRoom,
  type UnstatedValue,
} from '../../namespaces/quota-charge.ts';
import { isSurging, surgesFirst } from '../../workloads/rollout.ts';
import type { Rule } from '../../rule.ts';
import { workloadTemplates, type WorkloadTemplate } from '../../workloads/workload-templates.ts';

/** Facts: workload, quota (its name), resources, cause (`quota` or `quota-needs-values`), lacking (pods that do not exist and are wanted), stage (`now` or `next-rollout`). */
export const rule: Rule = {
  code: 'namespace-quota-blocks-rollout',
  title: 'Namespace quota has no room for the pods of a workload',
  severity: 'medium',
  explanation:
    'The ResourceQuotas of the namespace cannot take the pods that a workload lacks, or the first new pod of its rollout: calculated from the ' +
    'requests and limits of the template with the defaults of the LimitRanges, the scopes of the quotas, counts of pods, ReplicaSets and ' +
    'claims, and storage. A quota that obliges containers to state a value that they do not refuses them whatever room there is. The API ' +
    'server refuses such pods, so nothing is ever Pending. It is high while none of the wanted pods serves, medium while some do, and low for a ' +
    'workload that is complete, whose next rollout has to start a pod before it may stop one. The rule stays silent where the refusal itself ' +
    'was seen (replica-creation-failed), for rollouts that stop a pod first, for workloads younger than the grace period, and for quotas ' +
    'whose use was not read.',
  remediation: {
    class: 'raise-quota',
    text: "Raise the namespace's quota, lower the requests of what runs in it, or let the rollout stop a pod first (maxUnavailable 1).",
  },
  aliases: { mixin: ['KubeQuotaFullyUsed'] },
  needs: [],
  *check(examination) {
    const { snapshot } = examination;
    if (snapshot.list('ResourceQuota').length === 0) return;
    const refused = new Set(creationRefusals(examination).map(({ workload }) => objectKey(workload)));
    for (const template of workloadTemplates(examination)) {
      if (snapshot.listIn('ResourceQuota', template.namespace).length === 0) continue;
      if (template.holder.kind === 'Pod' || refused.has(objectKey(template.workload))) continue;
      if (!isCounted(examination, template.holder)) continue;
      yield* blocked(examination, template);
    }
  },
};

function blocked(examination: Examination, template: WorkloadTemplate): readonly FindingDraft[] {
  const { holder, namespace, spec } = template;
  const lacking = missingPods(examination, holder);
  const surge = holder.kind === 'Deployment' && surgesFirst(holder as Deployment);
  const isNow = lacking > 0 || (surge && isSurging(holder as Deployment));
  if (!isNow && !surge) return [];
  const made = withDefaults(spec, limitRangesIn(examination.snapshot, namespace));
  const quotas = quotasFor(examination.snapshot, namespace, made);
  const charge = new Map([...chargeOf(made), ...besides(examination, template, isNow)]);
  const unstated = reasonsOfUnstated(unstatedValues(quotas, made));
  const reasons =
    unstated.length > 0
      ? unstated
      : reasonsOfRoom(roomOf(quotas, charge).filter(({ fits }) => fits < Math.max(1, lacking)));
  return reasons.map((reason) => draft(template, { lacking, isNow }, reason));
}

function reasonsOfUnstated(unstated: readonly UnstatedValue[]): readonly Reason[] {
  return [...Map.groupBy(unstated, ({ quota }) => quota)].map(([quota, values]) => ({
    quota,
    cause: 'quota-needs-values',
    why: `it obliges containers to state ${values.map(({ resource, containers }) => `${resource} for ${containers.join(', ')}`).join('; ')}`,
    resources: values.map(({ resource }) => resource),
    evidence: values.map(({ resource }) => hardEvidence(quota, resource)),
  }));
}

function reasonsOfRoom(short: readonly QuotaRoom[]): readonly Reason[] {
  return [...Map.groupBy(short, ({ quota }) => quota)].map(([quota, rooms]) => ({
    quota,
    cause: 'quota',
    why: rooms
      .map((room) => `${room.resource} ${text(room, room.free)} free, ${text(room, room.each)} per pod`)
      .join('; '),
    resources: rooms.map(({ resource }) => resource),
    evidence: rooms.flatMap(({ resource }) => [
      fieldEvidence(quota, `status.used[${resource}]`, String(quota.status?.used?.[resource] ?? '0')),
      hardEvidence(quota, resource),
    ]),
  }));
}

function hardEvidence(quota: ResourceQuota, resource: string): Evidence {
  return fieldEvidence(quota, `status.hard[${resource}]`, String(quota.status?.hard?.[resource] ?? ''));
}

interface Wanted {
  readonly lacking: number;
  readonly isNow: boolean;
}

interface Reason {
  readonly quota: ResourceQuota;
  readonly cause: 'quota' | 'quota-needs-values';
  readonly why: string;
  readonly resources: readonly string[];
  readonly evidence: readonly Evidence[];
}

function draft(
  { workload, holder }: WorkloadTemplate,
  { lacking, isNow }: Wanted,
  { quota, cause, why, resources, evidence }: Reason,
): FindingDraft {
  const resource = refOf(workload);
  const what =
    lacking > 0
      ? `the ${lacking} ${lacking === 1 ? 'pod' : 'pods'} that ${refText(resource)} lacks`
      : `the ${isNow ? 'new pod of the rollout' : 'first pod of the next rollout'} of ${refText(resource)}`;
  return {
    resource,
    part: quota.metadata.name,
    severity: severityOf(holder, isNow),
    message: `ResourceQuota ${namespacedName(quota)} has no room for ${what}: ${why}.`,
    evidence,
    facts: {
      workload: refKey(resource),
      quota: quota.metadata.name,
      resources: unique(resources),
      cause,
      lacking,
      stage: isNow ? 'now' : 'next-rollout',
    },
  };
}

function severityOf(holder: WorkloadTemplate['holder'], isNow: boolean): Severity {
  if (!isNow) return 'low';
  const { status } = holder as Deployment | StatefulSet;
  return (status?.availableReplicas ?? status?.readyReplicas ?? 0) > 0 ? 'medium' : 'high';
}

/** What comes with a pod: a new ReplicaSet with a new revision, claims with the next replica of a StatefulSet. */
function besides({ snapshot }: Examination, { holder, namespace }: WorkloadTemplate, isNow: boolean): Charge {
  if (holder.kind === 'Deployment') return isNow ? new Map() : new Map([['count/replicasets.apps', 1]]);
  if (holder.kind !== 'StatefulSet') return new Map();
  const { spec, status, metadata } = holder as StatefulSet;
  const charge = new Map<string, number>();
  const add = (resource: string, amount: number) => charge.set(resource, (charge.get(resource) ?? 0) + amount);
  for (const template of spec?.volumeClaimTemplates ?? []) {
    const claim = `${template.metadata?.name ?? ''}-${metadata.name}-${status?.replicas ?? 0}`;
    if (snapshot.get('PersistentVolumeClaim', namespace, claim) !== undefined) continue;
    const bytes = amountOf('storage', template.spec?.resources?.requests?.['storage'] ?? '0') ?? 0;
    for (const [resource, amount] of [
      ['persistentvolumeclaims', 1],
      ['count/persistentvolumeclaims', 1],
      ['requests.storage', bytes],
    ] as const) {
      add(resource, amount);
      const { storageClassName = '' } = template.spec ?? {};
      if (storageClassName !== '') add(`${storageClassName}.storageclass.storage.k8s.io/${resource}`, amount);
    }
  }
  return charge;
}

function text({ resource }: QuotaRoom, amount: number): string {
  if (resource.endsWith('cpu')) return formatCpu(amount);
  return /memory|storage/.test(resource) && !resource.endsWith('claims') ? formatBytes(amount) : String(amount);
}
