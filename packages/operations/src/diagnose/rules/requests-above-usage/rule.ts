/** Requests that nobody uses fill the nodes on paper (k8s-anchors 2.22 #6). */
import { indexUsage, readableBytes, refOf, refText } from '@aia/cluster';
import { measuredNeed } from '../../capacity.ts';
import type { Evidence } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import type { Rule } from '../../rule.ts';

/** Use ÷ request below which requests count as far above usage; popeye's over-allocation threshold. */
const FAR_BELOW = 0.5;
/** Below this share it is worth saying even while there is room. */
const FAR_TOO_LOW = 0.2;

interface Sums {
  readonly pods: number;
  readonly requested: number;
  readonly needed: number;
  readonly samples: number;
  readonly spanMs: number;
  readonly waste: ReadonlyMap<string, number>;
}

/** Facts: requestedCpuMillis, neededCpuMillis, requestedShare, workloads. */
export const rule: Rule = {
  code: 'requests-above-usage',
  title: 'Requests are far above usage',
  severity: 'low',
  explanation:
    "The running pods' CPU requests are more than twice what they were measured to need (95th percentile of at least a day of history). The scheduler goes by requests, so nodes count as full that idle. Medium when the requests take more than 80 % of what the nodes offer (threshold utilisation.max), low when there is room but less than a fifth of the requests is used. Silent without enough history. System namespaces are left out, since their requests belong to the provider.",
  remediation: {
    class: 'resize-requests',
    text: 'Set requests to measured use plus a margin, the largest first; a memory request stays above the measured peak.',
  },
  aliases: { popeye: ['504', '506'] },
  needs: ['usage-history'],
  *check(examination) {
    const sums = sumUp(examination);
    if (sums.requested === 0) return;
    const used = sums.needed / sums.requested;
    const full = requestedShare(examination);
    const crowded = full > examination.thresholds.utilisation.max;
    if (used >= (crowded ? FAR_BELOW : FAR_TOO_LOW)) return;
    const waste = [...sums.waste].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    const largest = waste.slice(0, 3).map(([name, millis]) => `${name} (${cores(millis)} CPU)`);
    yield {
      resource: CLUSTER,
      severity: crowded ? 'medium' : 'low',
      message: `${sums.pods} running pods request ${cores(sums.requested)} CPU and need ${cores(sums.needed)} (p95); requests take ${Math.round(full * 100)} % of the nodes. Most of what is not needed is held by ${largest.join(', ')}.`,
      evidence: evidenceOf(examination, sums, used, full),
      facts: {
        requestedCpuMillis: sums.requested,
        neededCpuMillis: sums.needed,
        requestedShare: Math.round(full * 1000) / 1000,
        workloads: waste.slice(0, 20).map(([name]) => name),
      },
    };
  },
};

const CLUSTER = { group: '', kind: 'Cluster', namespace: '', name: 'nodes and pods' } as const;

function sumUp(examination: Examination): Sums {
  const { snapshot } = examination;
  const usage = indexUsage(snapshot.usage);
  const waste = new Map<string, number>();
  const sums = {
    pods: 0,
    requested: 0,
    needed: 0,
    samples: Number.POSITIVE_INFINITY,
    spanMs: Number.POSITIVE_INFINITY,
  };
  if (usage.size === 0) return { ...sums, waste };
  for (const pod of snapshot.list('Pod')) {
    const need = measuredNeed(pod, snapshot, usage);
    if (need === undefined) continue;
    const { cpuMillis } = examination.world.requestsOf(pod);
    sums.pods++;
    sums.requested += cpuMillis;
    sums.needed += Math.min(cpuMillis, need.cpuMillis);
    sums.samples = Math.min(sums.samples, need.samples);
    sums.spanMs = Math.min(sums.spanMs, need.spanMs);
    noteWaste(waste, refText(refOf(snapshot.rootOwnerOf(pod))), cpuMillis - need.cpuMillis);
  }
  return { ...sums, waste };
}

function noteWaste(waste: Map<string, number>, workload: string, millis: number): void {
  if (millis > 0) waste.set(workload, (waste.get(workload) ?? 0) + millis);
}

/** CPU requests ÷ allocatable over all nodes. */
function requestedShare({ world }: Examination): number {
  const allocatable = world.nodes.reduce((sum, node) => sum + node.allocatable.cpuMillis, 0);
  return allocatable === 0 ? 0 : world.nodes.reduce((sum, node) => sum + node.requested.cpuMillis, 0) / allocatable;
}

function evidenceOf({ world }: Examination, sums: Sums, used: number, full: number): readonly Evidence[] {
  const memory = world.nodes.reduce((sum, node) => sum + node.requested.memoryBytes, 0);
  const metric = (name: string, value: number, unit: string): Evidence => ({
    kind: 'metric',
    resource: CLUSTER,
    name,
    value,
    unit,
    samples: sums.samples,
    spanMs: sums.spanMs,
  });
  return [
    metric('CPU needed at p95 ÷ CPU requested, running pods', Math.round(used * 1000) / 1000, ''),
    {
      kind: 'calculation',
      text: `CPU requests of all placed pods take ${Math.round(full * 100)} % of the nodes' allocatable CPU; memory requests come to ${readableBytes(memory)}`,
    },
  ];
}

function cores(millis: number): string {
  return String(Math.round(millis / 100) / 10);
}
