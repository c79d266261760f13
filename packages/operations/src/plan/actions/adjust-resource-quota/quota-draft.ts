/** The action that raises a ResourceQuota of a namespace. */
import type { ResourceQuota } from '@aia/cluster';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { plainRef, quotaText } from '../../capacity/room.ts';
import type { ActionDraft } from '../../remedy.ts';

/** Raises the named resources to so much; `because` begins its reason. */
export function resourceQuotaDraft(
  quota: ResourceQuota,
  hard: Readonly<Record<string, number>>,
  because: string,
): ActionDraft {
  const { name, namespace = '' } = quota.metadata;
  const names = Object.keys(hard).sort();
  const values = Object.fromEntries(names.map((resource) => [resource, quotaText(resource, hard[resource] ?? 0)]));
  const was = (resource: string) => String(quota.spec?.hard?.[resource] ?? quota.status?.hard?.[resource] ?? '0');
  return {
    kind: 'adjust-resource-quota',
    title: `Raise ${names.join(', ')} of ResourceQuota ${namespace}/${name}`,
    target: plainRef(quota),
    reason: `${because} ${names.map((resource) => `${resource} goes from ${was(resource)} to ${values[resource] ?? ''}`).join('; ')}. The quota is somebody's decision about what the namespace may use: whoever made it has to agree.`,
    evidence: names.flatMap((resource) => [
      fieldEvidence(quota, `status.hard[${resource}]`, String(quota.status?.hard?.[resource] ?? '')),
      fieldEvidence(quota, `status.used[${resource}]`, String(quota.status?.used?.[resource] ?? '0')),
    ]),
    confidence: 0.8,
    changes: [{ kind: 'patch', target: plainRef(quota), patch: { type: 'merge', patch: { spec: { hard: values } } } }],
    risks: [{ reason: 'the namespace may use more of the cluster than was meant', adds: 0.08 }],
  };
}
