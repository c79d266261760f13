/** What a larger namespace quota would do for pods that were refused. */
import {
  amountOf,
  formatBytes,
  formatCpu,
  refText,
  type ClusterSnapshot,
  type KubeObject,
  type ResourceRef,
} from '@aia/cluster';
import type { Counterfactual } from '@aia/contract';
import type { Evidence } from '../../evidence.ts';
import type { Finding } from '../../finding.ts';
import { parseCreation } from '../../messages/creation.ts';
import type { CreationMessage } from '../../messages/message.ts';

/** One sentence for all workloads together; none where a refusal does not say how much was asked for. */
export function quotaOutcomes(
  group: readonly Finding[],
  quota: ResourceRef,
  snapshot: ClusterSnapshot,
): readonly Counterfactual[] {
  const wanted = group.map((finding) => ({ said: saidIn(finding.evidence), pods: lackingPods(finding, snapshot) }));
  const pods = wanted.reduce((sum, one) => sum + one.pods, 0);
  if (pods === 0 || wanted.some(({ said }) => said?.requested === undefined)) return [];
  const resources = [...new Set(wanted.flatMap(({ said }) => Object.keys(said?.requested ?? {})))].sort();
  const lacking = resources.flatMap((resource) => {
    const need = wanted.reduce((sum, one) => sum + one.pods * amount(resource, one.said?.requested), 0);
    const free = Math.min(...wanted.map(({ said }) => amount(resource, said?.limited) - amount(resource, said?.used)));
    return need > free ? [`${written(resource, need - Math.max(0, free))} more ${resource}`] : [];
  });
  return [
    {
      change: `with ${lacking.join(' and ')} in ${refText(quota)}`,
      outcome: `all ${pods} missing ${pods === 1 ? 'pod' : 'pods'} could be created`,
      resolved: pods,
      affected: pods,
    },
  ];
}

function saidIn(evidence: readonly Evidence[]): CreationMessage | undefined {
  const words = evidence.flatMap((one) =>
    one.kind === 'event' ? [one.message] : one.kind === 'field' ? [one.value] : [],
  );
  return words.map((text) => parseCreation(text)).find((said) => said?.cause === 'quota');
}

type Workload = KubeObject & {
  readonly spec?: { readonly replicas?: number; readonly parallelism?: number };
  readonly status?: {
    readonly replicas?: number;
    readonly active?: number;
    readonly desiredNumberScheduled?: number;
    readonly currentNumberScheduled?: number;
  };
};

function lackingPods({ resource }: Finding, snapshot: ClusterSnapshot): number {
  const { spec = {}, status = {} } = (snapshot.resolve(resource) ?? {}) as Partial<Workload>;
  const wanted = spec.replicas ?? status.desiredNumberScheduled ?? spec.parallelism ?? 1;
  return Math.max(0, wanted - (status.replicas ?? status.currentNumberScheduled ?? status.active ?? 0));
}

function amount(resource: string, quantities: Readonly<Record<string, string>> | undefined): number {
  return amountOf(resource, quantities?.[resource] ?? '0') ?? 0;
}

function written(resource: string, value: number): string {
  if (resource.endsWith('cpu')) return formatCpu(value);
  return /memory|storage/.test(resource) ? formatBytes(value) : String(value);
}
