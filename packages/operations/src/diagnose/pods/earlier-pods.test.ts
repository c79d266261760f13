import { indexUsage, type Pod, type UsageHistory } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { earlierPodsOf, usageWithEarlier } from './earlier-pods.ts';
import { examine, check } from '../rule.suite.ts';
import { rule as killedRule } from '../rules/container-oom-killed/rule.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2025-09-27T12:00:00Z');
const MIB = 2 ** 20;

const owned = (kind: string, name: string) => [
  { apiVersion: 'apps/v1', kind, name, uid: `uid-${name}`, controller: true },
];
const meta = (name: string, owners?: object) => ({
  name,
  namespace: 'prod',
  uid: `uid-${name}`,
  ...(owners !== undefined && { ownerReferences: owners }),
});
const replicaSet = (name: string, limit: string | undefined) => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: meta(name, owned('Deployment', 'web')),
  spec: {
    template: { spec: { containers: [{ name: 'app', ...(limit && { resources: { limits: { memory: limit } } }) }] } },
  },
});
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    ...meta('web-55ddff7c4-x2x9k', owned('ReplicaSet', 'web-55ddff7c4')),
    creationTimestamp: '2025-09-24T12:00:00Z',
  },
  spec: { nodeName: 'n1', containers: [{ name: 'app', resources: { limits: { memory: '128Mi' } } }] },
  status: {
    phase: 'Running',
    containerStatuses: [
      {
        name: 'app',
        ready: false,
        restartCount: 40,
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: '2025-09-27T11:58:00Z' } },
      },
    ],
  },
};

function series(podName: string, fromDays: number, untilDays: number, mib: number): UsageHistory['containers'][number] {
  const times = Array.from(
    { length: Math.round((fromDays - untilDays) * 48) },
    (_, i) => NOW - fromDays * DAY + i * 1_800_000,
  );
  return {
    namespace: 'prod',
    pod: podName,
    container: 'app',
    cpu: { times, values: times.map(() => 50) },
    memory: { times, values: times.map(() => mib * MIB) },
  };
}

function scene(containers: UsageHistory['containers'], earlierLimit: string | undefined = '512Mi') {
  return examine({
    observedAt: '2025-09-27T12:00:00Z',
    objects: [
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: meta('web'),
        spec: { template: { spec: { containers: [] } } },
      },
      replicaSet('web-55ddff7c4', '128Mi'),
      replicaSet('web-6f4c9b8d7', earlierLimit),
      replicaSet('web-9c8b7d6f5', '64Mi'),
      pod,
    ],
    usage: { sources: ['prometheus'], containers },
  });
}

const current = series('web-55ddff7c4-x2x9k', 3, 0, 127);
const before = series('web-6f4c9b8d7-m7kdx', 8, 3, 188);
const first = (examination: ReturnType<typeof scene>): Pod => examination.snapshot.list('Pod')[0] as Pod;

describe('earlierPodsOf', () => {
  it('names the pods of every revision that only the history knows', () => {
    const examination = scene([current, before, series('web-55ddff7c4-bbbbb', 3, 2, 90)]);
    const found = earlierPodsOf(examination.snapshot, first(examination));
    expect(found.map(({ name }) => name).sort()).toEqual(['web-55ddff7c4-bbbbb', 'web-6f4c9b8d7-m7kdx']);
  });

  it('takes no pod of another workload, whatever its name begins with', () => {
    const examination = scene([
      current,
      series('web-6f4c9b8d7-canary-m7kdx', 8, 3, 900),
      series('web-6f4c9b8d7-aeiou', 8, 3, 900),
    ]);
    expect(earlierPodsOf(examination.snapshot, first(examination))).toEqual([]);
  });
});

describe('usageWithEarlier', () => {
  it('judges the history by all pods of the workload: eight days, and the higher peak', () => {
    const examination = scene([current, before]);
    const [need] = usageWithEarlier(examination.snapshot, indexUsage(examination.snapshot.usage), first(examination));
    expect(need?.memory?.max).toBe(188 * MIB);
    expect((need?.memory?.spanMs ?? 0) / DAY).toBeCloseTo(8, 1);
  });
});

describe('a container that is killed', () => {
  it('is shown to need what it took under a higher limit', () => {
    const [finding] = check(killedRule, scene([current, before]));
    expect(finding?.message).toContain(
      'its limit is 128Mi, its working set reached 127Mi; under a limit of 512Mi, earlier pods of it reached 188Mi',
    );
    expect(finding?.facts).toMatchObject({ workingSetBytes: 127 * MIB, earlierWorkingSetBytes: 188 * MIB });
  });

  it('had no limit before', () => {
    const [finding] = check(killedRule, scene([current, before], ''));
    expect(finding?.message).toContain('without a limit, earlier pods of it reached 188Mi');
  });

  it('is shown nothing from revisions with a lower limit', () => {
    const [finding] = check(killedRule, scene([current, series('web-9c8b7d6f5-m7kdx', 8, 3, 60)]));
    expect(finding?.message).not.toContain('earlier');
    expect(finding?.facts).not.toHaveProperty('earlierWorkingSetBytes');
  });
});
