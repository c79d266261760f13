/** Requests that nobody uses fill the nodes on paper. */
import { readableBytes, refOf, refText } from '@aia/cluster';
import { measuredNeeds } from '../../nodes/capacity.ts';
import type { Evidence } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import type { Rule } from '../../rule.ts';
import { percent } from '../../wording.ts';

/** Use ÷ request below which requests count as far above usage; popeye's over-allocation threshold. */
const FAR_BELOW = 0.5;

/** One of the two resources that the scheduler goes by. */
interface Measure {
  readonly name: 'CPU' | 'memory';
  readonly field: 'cpuMillis' | 'memoryBytes';
  /** What counts as needed: CPU can be throttled for a moment, memory cannot, so it needs its peak. */
  readonly need: string;
  /** Use ÷ request below which it is worth saying even while there is room; 0 = only where it is scarce. */
  readonly roomy: number;
  readonly text: (amount: number) => string;
  readonly facts: readonly [requested: string, needed: string];
}

const MEASURES: readonly Measure[] = [
  {
    name: 'CPU',
    field: 'cpuMillis',
    need: 'p95',
    roomy: 0.2,
    text: (millis) => `${Math.round(millis / 100) / 10} CPU`,
    facts: ['requestedCpuMillis', 'neededCpuMillis'],
  },
  {
    name: 'memory',
    field: 'memoryBytes',
    need: 'peak',
    roomy: 0,
    text: readableBytes,
    facts: ['requestedMemoryBytes', 'neededMemoryBytes'],
  },
];

interface Sums {
  readonly pods: number;
  readonly requested: number;
  readonly needed: number;
  readonly samples: number;
  readonly spanMs: number;
  readonly waste: ReadonlyMap<string, number>;
}

/**
 * Facts: requestedCpuMillis and neededCpuMillis, or requestedMemoryBytes and neededMemoryBytes; requestedShare (requests ÷
 * allocatable), workloads (those that hold most unused, at most 20).
 */
export const rule: Rule = {
  code: 'requests-above-usage',
  title: 'Requests are far above usage',
  severity: 'low',
  explanation:
    'The running pods request more than twice the CPU, or memory, that they were measured to need over at least a day of history: the ' +
    '95th percentile of CPU, and the peak of memory, so that a heap that was filled once counts in full. The scheduler goes by ' +
    'requests, so nodes count as full that idle. It is medium when the requests take more than 80 % of what the nodes offer (threshold ' +
    'utilisation.max), and low when there is room but less than a fifth of the CPU requests is used; memory is judged only where it is scarce. The rule stays silent without enough ' +
    'history, and leaves system namespaces out, since their requests belong to the provider.',
  remediation: {
    class: 'resize-requests',
    text: 'Set requests to measured use plus a margin, the largest first; a memory request stays above the measured peak.',
  },
  aliases: { popeye: ['504', '506'] },
  needs: ['usage-history'],
  *check(examination) {
    for (const measure of MEASURES) {
      const draft = aboveUsage(examination, measure);
      if (draft !== undefined) yield draft;
    }
  },
};

const CLUSTER = { group: '', kind: 'Cluster', namespace: '', name: 'nodes and pods' } as const;

function aboveUsage(examination: Examination, measure: Measure): FindingDraft | undefined {
  const sums = sumUp(examination, measure);
  if (sums.requested === 0) return undefined;
  const used = sums.needed / sums.requested;
  const full = requestedShare(examination, measure);
  const crowded = full > examination.thresholds.utilisation.max;
  if (used >= (crowded ? FAR_BELOW : measure.roomy)) return undefined;
  const { name, need, text } = measure;
  const [requested, needed] = measure.facts;
  const waste = [...sums.waste].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const largest = waste.slice(0, 3).map(([workload, amount]) => `${workload} (${text(amount)})`);
  const what = name === 'CPU' ? '' : ' of memory';
  return {
    resource: CLUSTER,
    ...(name === 'memory' && { part: name }),
    severity: crowded ? 'medium' : 'low',
    message: `${sums.pods} running pods request ${text(sums.requested)}${what} and need ${text(sums.needed)} (${need}); requests take ${percent(full)} of the nodes. Most of what is not needed is held by ${largest.join(', ')}.`,
    evidence: evidenceOf(sums, measure, full),
    facts: {
      [requested]: sums.requested,
      [needed]: sums.needed,
      requestedShare: Math.round(full * 1000) / 1000,
      workloads: waste.slice(0, 20).map(([workload]) => workload),
    },
  };
}

function sumUp(examination: Examination, { field }: Measure): Sums {
  const { snapshot } = examination;
  const waste = new Map<string, number>();
  const sums = {
    pods: 0,
    requested: 0,
    needed: 0,
    samples: Number.POSITIVE_INFINITY,
    spanMs: Number.POSITIVE_INFINITY,
  };
  for (const [pod, need] of measuredNeeds(snapshot)) {
    const requested = examination.world.requestsOf(pod)[field];
    sums.pods++;
    sums.requested += requested;
    sums.needed += Math.min(requested, need[field]);
    sums.samples = Math.min(sums.samples, need.samples);
    sums.spanMs = Math.min(sums.spanMs, need.spanMs);
    noteWaste(waste, refText(refOf(snapshot.rootOwnerOf(pod))), requested - need[field]);
  }
  return { ...sums, waste };
}

function noteWaste(waste: Map<string, number>, workload: string, amount: number): void {
  if (amount > 0) waste.set(workload, (waste.get(workload) ?? 0) + amount);
}

/** Requests ÷ allocatable over all nodes. */
function requestedShare({ world }: Examination, { field }: Measure): number {
  const allocatable = world.nodes.reduce((sum, node) => sum + node.allocatable[field], 0);
  return allocatable === 0 ? 0 : world.nodes.reduce((sum, node) => sum + node.requested[field], 0) / allocatable;
}

function evidenceOf(sums: Sums, { name, need }: Measure, full: number): readonly Evidence[] {
  return [
    {
      kind: 'metric',
      resource: CLUSTER,
      name: `${name} needed at ${need} ÷ ${name} requested, running pods`,
      value: Math.round((sums.needed / sums.requested) * 1000) / 1000,
      unit: '',
      samples: sums.samples,
      spanMs: sums.spanMs,
    },
    {
      kind: 'calculation',
      text: `${name} requests of all placed pods take ${percent(full)} of the nodes' allocatable ${name}`,
    },
  ];
}
