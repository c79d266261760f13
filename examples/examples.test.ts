/** Each example is diagnosed as its `expected.json` says: the causes, in order, what they are about, and what they explain. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createWorld,
  fitPods,
  indexUsage,
  podRequests,
  repack,
  summarise,
  unschedulable,
  usageOfPod,
  waitingPods,
  wholeUnits,
  type ClusterSnapshot,
  type Pod,
  type RequestChange,
} from '@aia/cluster';
import { assessmentSchema } from '@aia/contract';
import { readDump } from '@aia/host';
import { assess } from '@aia/operations';
import { describe, expect, it } from 'vitest';
import { dumpOf, exampleFolders } from './dump-files.suite.ts';

interface Expected {
  readonly pods: { readonly total: number; readonly succeeding: number; readonly failing: number };
  readonly rootCauses: readonly {
    readonly class: string;
    readonly resource: string;
    readonly pods: number;
    readonly services: number;
  }[];
  /** Codes of findings that no cause explains. */
  readonly others: readonly string[];
}

const read = (name: string): Promise<ClusterSnapshot> => readDump(dumpOf(name));

async function diagnosed(name: string) {
  return assess(await read(name), { version: 'test' });
}

describe.each(exampleFolders)('example %s', (name) => {
  const expected = JSON.parse(readFileSync(join(import.meta.dirname, name, 'expected.json'), 'utf8')) as Expected;

  it('is diagnosed as it says', async () => {
    const { cluster, rootCauses, findings } = await diagnosed(name);
    expect(cluster.pods).toEqual(expected.pods);
    expect(
      rootCauses.map(({ class: kind, resource, impact }) => ({
        class: kind,
        resource: `${resource.kind} ${resource.namespace === '' ? '' : `${resource.namespace}/`}${resource.name}`,
        pods: impact.pods,
        services: impact.services,
      })),
    ).toEqual(expected.rootCauses);
    expect(findings.filter(({ explainedBy }) => explainedBy === undefined).map(({ code }) => code)).toEqual(
      expected.others,
    );
  });

  it('reads without a problem, every message understood, and gives a valid report', async () => {
    const assessment = await diagnosed(name);
    expect(assessment.problems).toEqual([]);
    expect(assessment.unrecognised).toEqual([]);
    expect(assessment.missing).toEqual([]);
    expect(assessmentSchema.safeParse(JSON.parse(JSON.stringify(assessment))).error).toBeUndefined();
  });
});

describe('aia-system', () => {
  it('says that right-sizing alone schedules all six pods, and more CPUs would too', async () => {
    const [cause] = (await diagnosed('aia-system')).rootCauses;
    const outcomes = cause?.counterfactuals.map(({ change, resolved, affected }) => [change, resolved, affected]);
    expect(outcomes).toContainEqual([
      'with the requests of 10 running pods at their measured use (CPU p95, memory peak of 8 days)',
      6,
      6,
    ]);
    expect(outcomes).toContainEqual(['with 8 more CPUs in us-central1 (2 more e2-standard-4 nodes)', 6, 6]);
  });

  it('has the figures of the reference document', async () => {
    const { kpis } = await diagnosed('aia-system');
    const value = (id: string) => kpis.find((kpi) => kpi.id === id)?.value;
    expect(value('pod-success-rate')).toBeCloseTo(28 / 37, 3);
    expect(value('cpu-usage')).toBeCloseTo(0.06, 2);
    expect(value('memory-usage')).toBeCloseTo(0.1, 2);
    expect(value('active-load-balancers')).toBe(23);
    expect(value('certificate-health')).toBe(1);
  });
});

/** Services that the reference document deletes. */
const TO_DELETE = [
  'aia-direct-frontend-lb',
  'aia-immediate-frontend-lb',
  'aia-immediate-service',
  'aia-production-react-lb',
  'aia-react-app-service',
  'aia-grafana-mlops-lb',
  'aia-prometheus-mlops-lb',
];

describe('aia-system as the reference document has it', () => {
  it('keeps the quota of addresses with the load balancers that wait for them, although nodes take addresses too', async () => {
    const { findings, rootCauses } = await diagnosed('aia-system');
    const quota = findings.find(
      ({ code, facts }) => code === 'quota-exhausted' && facts['metric'] === 'IN_USE_ADDRESSES',
    );
    const cause = rootCauses.find(({ id }) => id === quota?.explainedBy);
    expect(cause?.class).toBe('load-balancer-quota-exhausted');
  });

  it('explains the drift monitor by what it took before its limit was lowered', async () => {
    const cause = (await diagnosed('aia-system')).rootCauses.find(({ class: name }) => name === 'memory-limit-too-low');
    expect(cause?.statement).toMatch(/limit of 128 MiB; under an earlier, higher limit it took up to 18\d(\.\d)? MiB/);
  });

  it('has 23 load balancers: four with the addresses of the document, the seven to delete among those that wait', async () => {
    const balancers = (await read('aia-system')).list('Service').filter(({ spec }) => spec?.type === 'LoadBalancer');
    const address = (name: string) => {
      const service = balancers.find(({ metadata }) => metadata.name === name);
      return `${service?.status?.loadBalancer?.ingress?.[0]?.ip}:${service?.spec?.ports?.[0]?.port}`;
    };
    expect(balancers).toHaveLength(23);
    const pending = balancers.filter(({ status }) => (status?.loadBalancer?.ingress ?? []).length === 0);
    expect(pending).toHaveLength(19);
    expect(pending.map(({ metadata }) => metadata.name)).toEqual(expect.arrayContaining(TO_DELETE));
    expect(address('aia-frontend-lb')).toBe('34.173.206.6:80');
    expect(address('aia-grafana-lb')).toBe('130.211.224.18:3000');
    expect(address('aia-mlflow-lb')).toBe('136.112.81.124:80');
    expect(address('aia-prometheus-lb')).toMatch(/^\d+\.\d+\.\d+\.\d+:9090$/);
  });

  it('says that the frontend has not started for 25 h', async () => {
    const { findings } = await diagnosed('aia-system');
    const about = findings.filter(({ message }) => message.includes('aia-frontend-fixed'));
    expect(about.find(({ code }) => code === 'container-start-failed')?.message).toContain('for 25 h');
    expect(about.filter(({ message }) => message.includes('24 h'))).toEqual([]);
  });

  it('shows what the drift monitor needs by what it took under its earlier limit, and measures nothing above a limit', async () => {
    const snapshot = await read('aia-system');
    const { findings } = await assess(snapshot, { version: 'test' });
    expect(findings.find(({ code }) => code === 'container-oom-killed')?.message).toContain(
      'its limit is 128Mi, its working set reached 12',
    );
    expect(
      findings.find(({ code }) => code === 'container-oom-killed')?.facts['earlierWorkingSetBytes'],
    ).toBeGreaterThan(180 * 2 ** 20);
    const usage = indexUsage(snapshot.usage);
    for (const pod of snapshot.list('Pod'))
      for (const { name, resources } of pod.spec?.containers ?? []) {
        const limit = wholeUnits(resources?.limits?.['memory'] ?? '');
        const used = usageOfPod(usage, pod.metadata.namespace ?? '', pod.metadata.name).find(
          ({ container }) => container === name,
        );
        if (limit !== undefined)
          expect(Math.max(0, ...(used?.memory?.values ?? [])), `${pod.metadata.name} ${name}`).toBeLessThan(limit);
      }
  });
});

describe('the scheduler of the examples', () => {
  it.each(['aia-system', 'stock-out'])('%s: pods wait for the reason that the filters give', async (name) => {
    const snapshot = await read(name);
    const world = createWorld(snapshot);
    const waiting = waitingPods(snapshot);
    expect(waiting.length).toBeGreaterThan(1);
    for (const pod of waiting) {
      const said = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled')?.message ?? '';
      expect(said.startsWith(unschedulable(pod, world)?.message ?? '?')).toBe(true);
    }
  });

  it('aia-system: right-sized and repacked, one node can go, and 60–80 % of the rest is requested', async () => {
    const snapshot = await read('aia-system');
    const sized = createWorld(snapshot).withRequests(rightSized(snapshot, 0.15));
    const { world, placed } = fitPods(waitingPods(snapshot), sized);
    expect(placed).toBe(6);
    const { removed, world: small } = repack(world, { poolMinimums: new Map([['default-pool', 1]]) });
    expect(removed).toHaveLength(1);
    const sum = (of: (node: (typeof small.nodes)[number]) => number) =>
      small.nodes.reduce((total, node) => total + of(node), 0);
    const share = sum(({ requested }) => requested.cpuMillis) / sum(({ allocatable }) => allocatable.cpuMillis);
    expect(share).toBeGreaterThan(0.6);
    expect(share).toBeLessThan(0.8);
  });
});

/** Requests of running applications at CPU p95 and memory peak plus a margin, at least 100m and 256Mi a pod, at most today's. */
function rightSized(snapshot: ClusterSnapshot, margin: number): ReadonlyMap<string, RequestChange> {
  const usage = indexUsage(snapshot.usage);
  const need = (pod: Pod): RequestChange | undefined => {
    const used = usageOfPod(usage, pod.metadata.namespace ?? '', pod.metadata.name);
    if (used.length === 0 || pod.metadata.namespace === 'kube-system') return undefined;
    const sum = (of: (one: (typeof used)[number]) => number | undefined) =>
      used.reduce((total, one) => total + (of(one) ?? 0), 0);
    const cpu = sum((one) => summarise(one.cpu, snapshot.observedAt)?.p95) * (1 + margin);
    const memory = sum((one) => summarise(one.memory, snapshot.observedAt)?.max) * (1 + margin);
    const { cpuMillis, memoryBytes } = podRequests(pod);
    return {
      cpuMillis: Math.min(cpuMillis, Math.max(100, Math.ceil(cpu))),
      memoryBytes: Math.min(memoryBytes, Math.max(256 * 2 ** 20, Math.ceil(memory))),
    };
  };
  return new Map(
    snapshot.list('Pod').flatMap((pod) => {
      const change = need(pod);
      return change === undefined ? [] : [[`${pod.metadata.namespace ?? ''}/${pod.metadata.name}`, change] as const];
    }),
  );
}
