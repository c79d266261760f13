import {
  createDirectWrites,
  createSnapshot,
  snapshotOf,
  type ClusterSnapshot,
  type KindMap,
  type SimulatedCluster,
} from '@aia/cluster';
import type { Action, Change, Phase, Plan } from '@aia/contract';
import { describe, expect, it } from 'vitest';
import { assess } from '../assess.ts';
import { clusterWith, deployment, put } from '../plan/trial.suite.ts';
import { policyFrom } from '../policy/policy.ts';
import { strategise } from '../strategy.ts';
import { Course } from './course.ts';
import { effortFor } from './effort.ts';
import { culpritsOf, harmIn } from './harm.ts';
import { RehearsalStage } from './rehearse.ts';
import { newShortages, shortagesIn } from './shortages.ts';

const ref = (group: string, kind: string, name: string) => ({ group, kind, namespace: 'shop', name });
const service = (name: string) => ({
  ...{ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop' } },
  spec: { selector: { app: name }, ports: [{ port: 80, protocol: 'TCP' }] },
});
const judge = (snapshot: ClusterSnapshot) => assess(snapshot, { version: 'test' });

function patched(kind: string, group: string, name: string, spec: object): Change {
  return { kind: 'patch', target: ref(group, kind, name), patch: { type: 'merge', patch: { spec } } };
}

const MAKE: Change = {
  kind: 'create',
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'notes', namespace: 'shop' } },
};
const AWAY = patched('Service', '', 'web', { selector: { app: 'nothing' } });
/** More than any node has: its pods wait for ever, though nothing critical is found at once. */
const HUGE = {
  template: { spec: { containers: [{ name: 'app', image: 'app:2', resources: { requests: { cpu: '64' } } }] } },
};

function action(id: string, ...changes: readonly Change[]): Action {
  return {
    ...{ id, title: id, target: ref('', 'ConfigMap', 'notes'), preconditions: [], after: [], resolves: [] },
    steps: changes.map((change) => ({ change, command: '' })),
    inverse: { kind: 'reversible', steps: [] },
    probe: { conditions: [], withinMs: 60_000, soakMs: 0 },
    disruption: { isOutage: false },
  } as unknown as Action;
}

const phasesOf = (...actions: readonly Action[]): readonly Phase[] => [
  { ...{ number: 1, name: '', priority: 'high', purpose: '', actions }, barrier: [] },
];

function trialOf(cluster: SimulatedCluster, ...actions: readonly Action[]) {
  const snapshot = snapshotOf(cluster, 'test');
  const before = { snapshot, assessment: judge(snapshot) };
  const run = (phases: readonly Phase[]) => {
    const course = new Course(() => new RehearsalStage(snapshot, before.assessment, judge), effortFor(100, 2));
    course.try(phases);
    return course;
  };
  const course = run(phasesOf(...actions));
  const harmOf = (one: Course) => harmIn(one, before);
  return { course, run, harmOf, harm: harmOf(course), trials: actions.length };
}

const shop = () => clusterWith([deployment('web'), service('web'), deployment('api'), service('api')]);

describe('harm of a plan', () => {
  it('is what others are short of, whatever the action says that it is about', () => {
    const trial = trialOf(shop(), action('make', MAKE), action('away', AWAY));
    expect(trial.harm.map(({ resource }) => resource)).toContainEqual(
      expect.objectContaining(ref('', 'Service', 'web')),
    );
    expect(culpritsOf(trial).map(({ id }) => id)).toEqual(['away']);
  });

  it('is none where nothing is short that was not before', () => {
    const cluster = shop();
    createDirectWrites(cluster, 'test').patch(ref('', 'Service', 'web'), {
      type: 'merge',
      patch: { spec: { selector: { app: 'nothing' } } },
    });
    cluster.clock.advance(60_000);
    expect(trialOf(cluster, action('make', MAKE)).harm).toEqual([]);
  });

  it('is laid to all that have to do with it where leaving out one does not tell', () => {
    const trial = trialOf(
      shop(),
      action('one', AWAY),
      action('two', patched('Service', '', 'web', { selector: { app: 'nobody' } })),
    );
    expect(culpritsOf(trial).map(({ id }) => id)).toEqual(['one', 'two']);
  });

  it('is told from what is deleted on purpose', () => {
    const away: Change = { kind: 'delete', target: ref('', 'Service', 'web') };
    expect(trialOf(shop(), action('delete', away)).harm).toEqual([]);
  });
});

describe('harm that is meant', () => {
  const half = (requests: object) => ({ resources: { requests } });
  const serving = deployment('web', {}, half({ cpu: '2500m' }), { replicas: 3 });

  /** What takes the room of three pods on three nodes by its priority; `isNew`: it came after them. */
  function preempting(isNew: boolean) {
    const urgent = {
      ...{ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'urgent' }, value: 5000 },
    };
    const batch = (replicas: number) =>
      deployment('batch', { priorityClassName: 'urgent' }, half({ cpu: '2500m' }), { replicas });
    const nodePools = [{ name: 'general', initialNodes: 3, autoscaling: { minNodes: 3, maxNodes: 3 } }];
    const cluster = clusterWith(isNew ? [urgent, serving] : [urgent, batch(0)], { nodePools });
    if (isNew) put(cluster, [batch(3)]);
    else {
      put(cluster, [serving]);
      cluster.clock.advance(60_000);
      createDirectWrites(cluster, 'test').scale(ref('apps', 'Deployment', 'batch'), 3);
    }
    cluster.clock.advance(1_200_000);
    const policy = policyFrom({ version: 1, actions: { only: ['lower-priority'] } }, 'test');
    return strategise(snapshotOf(cluster, 'test'), { version: 'test', policy }).plan;
  }
  const lowered = (plan: Plan) =>
    plan.phases.flatMap(({ actions }) => actions).filter(({ kind }) => kind === 'lower-priority');

  it('is that what came last waits again', () => {
    const [action] = lowered(preempting(true));
    expect(action?.leavesShort).toMatch(/came last/);
  });

  it('is not that what is missing goes from one to another that was there before', () => {
    const plan = preempting(false);
    expect(lowered(plan)).toEqual([]);
    expect(plan.rejected.map(({ reason }) => reason).join()).toMatch(/worse: Deployment shop\/batch/);
  });
});

describe('shortages', () => {
  const shortIn = (cluster: SimulatedCluster) => [...shortagesIn(snapshotOf(cluster, 'test')).keys()].sort();

  it('are workloads without their pods and Services without endpoints', () => {
    const cluster = shop();
    expect(shortIn(cluster)).toEqual([]);
    const writes = createDirectWrites(cluster, 'test');
    writes.patch(ref('apps', 'Deployment', 'web'), { type: 'strategic', patch: { spec: HUGE } });
    writes.patch(ref('', 'Service', 'api'), { type: 'merge', patch: { spec: { selector: { app: 'nothing' } } } });
    cluster.clock.advance(60_000);
    expect(shortIn(cluster)).toEqual(['/Service/shop/api', 'apps/Deployment/shop/web']);
  });

  it('are CronJobs whose last Job does not get on, once it has had time', () => {
    const container = { name: 'app', image: 'app:1', resources: { requests: { cpu: '64' } } };
    const jobTemplate = { spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } } };
    const cluster = clusterWith([
      {
        ...{ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'nightly', namespace: 'shop' } },
        spec: { schedule: '* * * * *', concurrencyPolicy: 'Forbid', jobTemplate },
      },
    ]);
    expect(shortIn(cluster)).toEqual(['batch/CronJob/shop/nightly']);
  });

  it('are no DaemonSets on machines that come or go', () => {
    const labels = { app: 'agent' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'app:1' }] } };
    const snapshot = snapshotOf(
      clusterWith([
        {
          ...{ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'agent', namespace: 'shop' } },
          spec: { selector: { matchLabels: labels }, template },
        },
      ]),
      'test',
    );
    const short = (spec: object) => {
      const objects = snapshot.objects.map((one) => {
        if (one.kind === 'DaemonSet')
          return { ...one, status: { ...(one as KindMap['DaemonSet']).status, numberAvailable: 3 } };
        return one === snapshot.list('Node')[0] ? { ...one, spec } : one;
      });
      return [...shortagesIn(createSnapshot({ ...snapshot, objects })).keys()];
    };
    const going = { key: 'ToBeDeletedByClusterAutoscaler', value: '1', effect: 'NoSchedule' };
    expect(short({ taints: [going] })).toEqual([]);
    expect(short({ unschedulable: true })).toEqual([]);
    expect(short({})).toEqual(['apps/DaemonSet/shop/agent']);
  });

  it('that are new are those that were well, and are where nothing is done', () => {
    const cluster = shop();
    const well = snapshotOf(cluster, 'test');
    createDirectWrites(cluster, 'test').patch(ref('', 'Service', 'web'), {
      type: 'merge',
      patch: { spec: { selector: { app: 'nothing' } } },
    });
    cluster.clock.advance(60_000);
    const short = snapshotOf(cluster, 'test');
    const names = (...[before, unchanged, after]: readonly ClusterSnapshot[]) =>
      newShortages(before ?? well, unchanged ?? well, after ?? well, new Set()).map(({ resource }) => resource.name);
    expect(names(well, well, short)).toEqual(['web']);
    expect(names(short, well, short)).toEqual([]);
    expect(names(well, short, short)).toEqual([]);
  });

  it('are also what is gone without anybody having been told to delete it', () => {
    const cluster = shop();
    const well = snapshotOf(cluster, 'test');
    createDirectWrites(cluster, 'test').remove(ref('', 'Service', 'web'));
    const after = snapshotOf(cluster, 'test');
    expect(newShortages(well, well, after, new Set()).map(({ message }) => message)).toEqual([
      'Service shop/web: it is gone',
    ]);
    expect(newShortages(well, well, after, new Set(['/Service/shop/web']))).toEqual([]);
  });
});
