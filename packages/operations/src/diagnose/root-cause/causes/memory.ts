/** Causes behind OOM kills: a limit below the need, memory that grows without bound, a node that ran out. */
import {
  indexUsage,
  readableBytes,
  refText,
  timeOf,
  usageOfPod,
  type ClusterSnapshot,
  type UsageSeries,
} from '@aia/cluster';
import type { Weighing } from '@aia/contract';
import type { Finding } from '../../finding.ts';
import { amount, text } from '../finding-index.ts';
import { STRENGTH } from '../hypothesis.ts';
import type { ContainerCause } from './container-cause.ts';

const OOM = ['container-oom-killed'];
/** A container that lives so long before it is killed does not lack memory from the start. */
const LONG_LIFE_MS = 3_600_000;

export const MEMORY_CAUSES: readonly ContainerCause[] = [
  {
    class: 'memory-limit-too-low',
    codes: OOM,
    when: hasLimit,
    title: ({ workload, container }) => `Memory limit of ${container} in ${refText(workload)} is below what it needs`,
    statement: (about) =>
      `The kernel kills container ${about.container} of ${refText(about.workload)} for exceeding its memory limit${memoryText(about.first)}; each kill restarts it and the back-off grows.`,
    weighings: ({ first, snapshot }) => [
      { observation: 'the container runtime reports OOMKilled', ratio: STRENGTH.stated },
      ...(grows(first, snapshot)
        ? [{ observation: 'memory rises steadily from each start to the next kill', ratio: STRENGTH.unlikely }]
        : needWeighings(first)),
    ],
    relation: 'a process that needs more than its limit is killed by the kernel',
    remediation: [
      'resize-limits',
      'Raise the memory limit above the measured working set plus a margin, then look whether memory still grows without bound.',
    ],
  },
  {
    class: 'memory-grows',
    codes: OOM,
    when: (finding, snapshot) => hasLimit(finding) && (grows(finding, snapshot) || livesLong(finding, snapshot)),
    title: ({ workload, container }) =>
      `Memory of ${container} in ${refText(workload)} grows until it is killed (leak)`,
    statement: ({ first, container, workload }) =>
      `Container ${container} of ${refText(workload)} uses more memory the longer it runs and is killed at its limit${memoryText(first)}. A higher limit puts off the next kill; it does not prevent it.`,
    weighings: ({ first, snapshot }) => [
      { observation: 'the container runtime reports OOMKilled', ratio: STRENGTH.typical },
      ...(grows(first, snapshot)
        ? [{ observation: 'memory rises steadily from each start to the next kill', ratio: STRENGTH.measured }]
        : []),
      ...(livesLong(first, snapshot)
        ? [{ observation: 'it runs for an hour or longer before it is killed', ratio: STRENGTH.hint }]
        : []),
    ],
    relation: 'memory that grows without bound reaches any limit',
    remediation: [
      'investigate',
      'Take a heap profile and look at what changed; a restart or a higher limit buys time only.',
    ],
  },
  {
    class: 'node-out-of-memory',
    codes: OOM,
    when: (finding) => !hasLimit(finding),
    title: ({ workload, container }) => `Node ran out of memory and killed ${container} of ${refText(workload)}`,
    statement: ({ container, workload, first, snapshot }) =>
      `Container ${container} of ${refText(workload)} has no memory limit and was OOM-killed, so node ${nodeOf(first, snapshot)} itself ran out of memory: the kernel then picks the process that exceeds its request most.`,
    weighings: () => [
      { observation: 'the container runtime reports OOMKilled', ratio: STRENGTH.typical },
      { observation: 'the container has no memory limit of its own', ratio: STRENGTH.measured },
    ],
    relation: 'a node without free memory kills processes',
    remediation: [
      'resize-limits',
      'Give the container a memory request that it needs and a limit, and look at what else fills the node.',
    ],
  },
];

function hasLimit(finding: Finding): boolean {
  return amount(finding, 'limitBytes') !== undefined;
}

function nodeOf({ resource }: Finding, snapshot: ClusterSnapshot): string {
  return snapshot.get('Pod', resource.namespace, resource.name)?.spec?.nodeName ?? '';
}

function livesLong(finding: Finding, snapshot: ClusterSnapshot): boolean {
  const pod = snapshot.get('Pod', finding.resource.namespace, finding.resource.name);
  const status = pod?.status?.containerStatuses?.find(({ name }) => name === text(finding, 'container'));
  const ended = status?.state?.terminated ?? status?.lastState?.terminated;
  const [from, to] = [timeOf(ended?.startedAt), timeOf(ended?.finishedAt)];
  return from !== undefined && to !== undefined && from > 0 && to - from >= LONG_LIFE_MS;
}

/** Shortest stretch between two falls, in samples, that can show a trend. */
const STRETCH = 6;
/** A fall by this share of the maximum is a restart. */
const FALL = 0.3;

/** Whether the working set climbs by a third of its maximum or more in most stretches between restarts, hardly ever falling. */
function grows(finding: Finding, snapshot: ClusterSnapshot): boolean {
  const { namespace, name } = finding.resource;
  const own = usageOfPod(indexUsage(snapshot.usage), namespace, name);
  const usage = own.find(({ container }) => container === text(finding, 'container'));
  const all = usage?.memory === undefined ? [] : stretches(usage.memory).filter((values) => values.length >= STRETCH);
  return all.length > 0 && all.filter(climbs).length > all.length / 2;
}

function stretches({ values }: UsageSeries): readonly (readonly number[])[] {
  const most = values.reduce((max, value) => Math.max(max, value), 0);
  const found: number[][] = [];
  let before = Number.POSITIVE_INFINITY;
  for (const value of values) {
    if (before - value > FALL * most) found.push([]);
    found.at(-1)?.push(value);
    before = value;
  }
  return found;
}

function climbs(values: readonly number[]): boolean {
  const [first = 0, last = 0] = [values[0], values.at(-1)];
  const rising = values.filter((value, i) => i > 0 && value >= (values[i - 1] ?? 0)).length;
  return last - first >= FALL * last && rising >= 0.8 * (values.length - 1);
}

function memoryText(finding: Finding): string {
  const limit = amount(finding, 'limitBytes');
  const used = amount(finding, 'workingSetBytes');
  const earlier = amount(finding, 'earlierWorkingSetBytes');
  if (limit === undefined) return '';
  if (earlier !== undefined && earlier > limit)
    return ` of ${readableBytes(limit)}; under an earlier, higher limit it took up to ${readableBytes(earlier)}`;
  return used === undefined
    ? ` of ${readableBytes(limit)}`
    : ` of ${readableBytes(limit)}, while its working set was measured at up to ${readableBytes(used)}`;
}

function needWeighings(finding: Finding): readonly Weighing[] {
  const earlier = amount(finding, 'earlierWorkingSetBytes') ?? 0;
  if (earlier > (amount(finding, 'limitBytes') ?? 0))
    return [{ observation: 'under an earlier limit it took more than this one allows', ratio: STRENGTH.measured }];
  return nearLimit(finding)
    ? [{ observation: 'the measured working set reaches the limit', ratio: STRENGTH.typical }]
    : [];
}

function nearLimit(finding: Finding): boolean {
  const limit = amount(finding, 'limitBytes');
  const used = amount(finding, 'workingSetBytes');
  return limit !== undefined && used !== undefined && used >= 0.9 * limit;
}
