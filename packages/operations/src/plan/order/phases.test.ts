import type { Action, Change, Goal, Plan } from '@aia/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { examine } from '../../diagnose/rule.suite.ts';
import { deployment, node, NOW, object, pod, replicaSet, service } from '../../diagnose/scene.suite.ts';
import { policyFrom, type Policy } from '../../policy/policy.ts';
import { actionOf, creationOf, patchOf, ref } from '../action.suite.ts';
import { acyclic } from './acyclic.ts';
import { phasesOf, type Ordered } from './phases.ts';

const usingConfig = {
  template: {
    spec: { containers: [{ name: 'app', image: 'web:1', envFrom: [{ configMapRef: { name: 'settings' } }] }] },
  },
};
const { snapshot } = examine({
  observedAt: NOW,
  objects: [
    ...[node(), deployment(2, 2, { spec: usingConfig }), replicaSet('web-1', 2, 2), pod('web-1-a'), pod('web-1-b')],
    service('edge', { type: 'LoadBalancer' }, { status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } } }),
    object('policy/v1', 'PodDisruptionBudget', 'web', { spec: { selector: { matchLabels: { app: 'web' } } } }),
  ],
});
const core = (kind: string, name: string) => ref(name, { group: '', kind });
const goal = (id: string, severity: Goal['severity'], more: Partial<Goal> = {}): Goal => ({
  ...{ id, kind: 'cause', title: id, severity, isMust: severity === 'critical' || severity === 'high' },
  ...{ state: 'open', actions: [], ...more },
});
const GOALS = [goal('bad', 'critical'), goal('worse', 'high'), goal('mild', 'medium')];
const policy = (file: Partial<Parameters<typeof policyFrom>[0]> = {}) => policyFrom({ version: 1, ...file }, 'test');

function order(actions: readonly Action[], under: Policy = policy(), goals: readonly Goal[] = GOALS): Ordered {
  return phasesOf(actions, goals, under, snapshot);
}
/** Ids, phase by phase. */
function ids({ phases }: Ordered): readonly (readonly string[])[] {
  return phases.map(({ actions }) => actions.map(({ id }) => id));
}
function comesBefore(first: Action, second: Action): boolean {
  const flat = ids(order([second, first])).flat();
  return (
    flat.indexOf(first.id) < flat.indexOf(second.id) &&
    order([second, first]).dependencies.some(({ from, to }) => from === first.id && to === second.id)
  );
}
const call = (one: Extract<Change, { kind: 'cloud' }>['call']): Change => ({ kind: 'cloud', call: one });
const rollout = (id: string, more: Partial<Action> = {}) =>
  actionOf(id, more, [patchOf(ref('web'), { metadata: { annotations: { restarted: 'now' } } })]);
const QUOTA = { metric: 'IN_USE_ADDRESSES', region: 'r' };

const HOOK = { group: 'admissionregistration.k8s.io', kind: 'ValidatingWebhookConfiguration', namespace: '' };

describe('an action does not wait', () => {
  it('for what a person is to do about admission afterwards', () => {
    const later = actionOf('z:afterwards', { target: ref('hook', HOOK), delivery: 'person' });
    expect(order([later, rollout('a:restart')]).dependencies).toEqual([]);
  });
});

describe('an action waits', () => {
  const bind = creationOf('Pod', 'x', {
    spec: { serviceAccountName: 'robot', volumes: [{ persistentVolumeClaim: { claimName: 'disk' } }] },
  });
  it.each<[string, Action, Action]>([
    ['for what it says itself', actionOf('a:2'), actionOf('a:1', { after: ['a:2'] })],
    [
      'for a ConfigMap that its workload names',
      actionOf('z:make', {}, [creationOf('ConfigMap', 'settings')]),
      rollout('a:restart'),
    ],
    [
      'for a ServiceAccount that it names',
      actionOf('z:make', {}, [creationOf('ServiceAccount', 'robot')]),
      actionOf('a:use', {}, [bind]),
    ],
    [
      'for a claim that it names',
      actionOf('z:make', {}, [creationOf('PersistentVolumeClaim', 'disk')]),
      actionOf('a:use', {}, [bind]),
    ],
    [
      'for a namespace that it is in',
      actionOf('z:make', {}, [
        { kind: 'create', object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } } },
      ]),
      actionOf('a:use', {}, [bind]),
    ],
    [
      'for a claim that is mended',
      actionOf('z:mend', {}, [patchOf(core('PersistentVolumeClaim', 'disk'), {})]),
      actionOf('a:use', {}, [bind]),
    ],
    [
      'for quota to be given back',
      actionOf('z:free', { quota: [{ ...QUOTA, amount: -1 }] }),
      actionOf('a:take', { quota: [{ ...QUOTA, amount: 1 }] }),
    ],
    [
      'for quota to be granted',
      actionOf('z:ask', {}, [call({ operation: 'request-quota', ...QUOTA, from: 1, to: 2 })]),
      actionOf('a:take', { quota: [{ ...QUOTA, amount: 1 }] }),
    ],
    [
      'for an address to be kept',
      actionOf('z:keep', {}, [call({ operation: 'reserve-address', name: 'x', address: '1.2.3.4', region: 'r' })]),
      actionOf('a:turn', {}, [patchOf(core('Service', 'edge'), { spec: { type: 'ClusterIP' } })]),
    ],
    [
      'to give up an address until nothing uses it',
      actionOf('z:turn', {}, [{ kind: 'delete', target: core('Service', 'edge') }]),
      actionOf('a:release', {}, [call({ operation: 'release-address', name: 'x', address: '1.2.3.4', region: 'r' })]),
    ],
    [
      'for admission to work',
      actionOf('z:hook', {
        target: ref('hook', HOOK),
      }),
      rollout('a:restart'),
    ],
    [
      'for more nodes',
      actionOf('z:grow', {}, [call({ operation: 'resize-node-pool', pool: 'p', from: 1, to: 2 })]),
      rollout('a:restart'),
    ],
    [
      'for the quota of nodes',
      actionOf('z:ask', {}, [call({ operation: 'request-quota', metric: 'CPUS', region: 'r', from: 1, to: 2 })]),
      actionOf('a:grow', {}, [
        call({
          operation: 'set-pool-autoscaling',
          pool: 'p',
          from: { minNodes: 1, maxNodes: 2 },
          to: { minNodes: 1, maxNodes: 3 },
        }),
      ]),
    ],
    [
      'to drain until requests are set',
      actionOf('z:size', {}, [
        patchOf(ref('web'), {
          spec: { template: { spec: { containers: [{ name: 'app', resources: { requests: { cpu: '1' } } }] } } },
        }),
      ]),
      actionOf('a:drain', {}, [{ kind: 'evict', target: core('Pod', 'web-1-a') }]),
    ],
    [
      'for the quota of its namespace',
      actionOf('z:limit', {}, [patchOf(core('ResourceQuota', 'all'), {})]),
      rollout('a:restart'),
    ],
    [
      'for a disruption budget',
      actionOf('z:budget', {}, [patchOf(ref('web', { group: 'policy', kind: 'PodDisruptionBudget' }), {})]),
      actionOf('a:drain', {
        disruption: { pods: 1, services: [], budgets: ['PodDisruptionBudget shop/web'], isOutage: false, text: '' },
      }),
    ],
    [
      'for a certificate whose Secret it names',
      actionOf('z:cert', {}, [
        {
          kind: 'create',
          object: {
            apiVersion: 'cert-manager.io/v1',
            kind: 'Certificate',
            metadata: { name: 'c', namespace: 'shop' },
            spec: { secretName: 'tls', issuerRef: { kind: 'ClusterIssuer', name: 'ca' } },
          },
        },
      ]),
      actionOf('a:edge', {}, [
        patchOf(ref('edge', { group: 'networking.k8s.io', kind: 'Ingress' }), {
          spec: { tls: [{ secretName: 'tls' }] },
        }),
      ]),
    ],
  ])('%s', (_, first, second) => {
    expect(comesBefore(first, second)).toBe(true);
  });
  it('for nothing that has nothing to do with it', () => {
    const [a, b] = [actionOf('a', {}, [creationOf('ConfigMap', 'other')]), rollout('b')];
    expect(order([a, b]).dependencies).toEqual([]);
  });
});

describe('phases', () => {
  it('are few: what is independent stands together, named by what it is about', () => {
    const { phases } = order([
      actionOf('a', { resolves: ['bad'] }, [creationOf('ConfigMap', 'x')]),
      rollout('b', { resolves: ['worse'] }),
      actionOf('c', { resolves: ['bad'] }, [creationOf('Secret', 'y')]),
    ]);
    expect(phases.map(({ name, priority }) => [name, priority])).toEqual([['Configuration and workloads', 'critical']]);
    expect(phases[0]?.purpose).not.toBe('');
  });
  it('put what is worth most and risks least first, and what is merely better last', () => {
    const ordered = order([
      actionOf('a:mild', { resolves: ['mild'] }, [creationOf('ConfigMap', 'x')]),
      rollout('b:risky', { resolves: ['bad'], risk: { level: 'medium', score: 0.4, reasons: [] } }),
      rollout('c:worse', { resolves: ['worse'] }),
      rollout('d:bad', { resolves: ['bad'] }),
    ]);
    expect(ids(ordered)).toEqual([['d:bad', 'b:risky', 'c:worse'], ['a:mild']]);
  });
  it('make what something urgent waits for as urgent', () => {
    const ordered = order([
      rollout('b:bad', { resolves: ['bad'], after: ['a:mild'] }),
      rollout('a:mild', { resolves: ['mild'] }),
    ]);
    expect(ordered.phases.map(({ priority }) => priority)).toEqual(['critical']);
    expect(ids(ordered)).toEqual([['a:mild', 'b:bad']]);
  });
  it('are split by how many pods and namespaces the policy lets a phase touch', () => {
    const touching = (id: string, namespace: string, pods: number) =>
      actionOf(id, {
        resolves: ['bad'],
        target: ref('web', { namespace }),
        disruption: { pods, services: [], budgets: [], isOutage: false, text: '' },
      });
    const actions = [touching('a', 'one', 2), touching('b', 'two', 2), touching('c', 'one', 1)];
    const most = (blastRadius: object) => ids(order(actions, policy({ budgets: { blastRadius } })));
    expect(most({}).map((one) => one.length)).toEqual([3]);
    expect(most({ podsPerPhase: 3 }).map((one) => one.length)).toEqual([1, 2]);
    expect(most({ podShare: 1 }).map((one) => one.length)).toEqual([1, 1, 1]);
    expect(most({ namespacesPerPhase: 1 }).map((one) => one.length)).toEqual([1, 1, 1]);
  });
  it('wait for a maintenance window only where something is disrupted', () => {
    const calm = actionOf('z', { resolves: ['bad'] }, [creationOf('ConfigMap', 'x')]);
    const loud = rollout('a', {
      resolves: ['bad'],
      disruption: { pods: 2, services: [], budgets: [], isOutage: false, text: '' },
    });
    const windows = [{ schedule: '0 2 * * 6', minutes: 60, timeZone: 'Europe/Berlin' }];
    const { phases } = order([loud, calm], policy({ windows }));
    expect(phases.map(({ actions }) => actions.map(({ id }) => id))).toEqual([['z'], ['a']]);
    // Observed on Saturday 2025-09-27 at 14:00 in Berlin: the next Saturday, 2:00 there, is midnight UTC.
    expect(phases.map(({ window }) => window?.slice(0, 20))).toEqual([undefined, '2025-10-04 00:00 UTC']);
    expect(order([loud, calm]).phases.every(({ window }) => window === undefined)).toBe(true);
  });
  it('use a window that is open', () => {
    const windows = [{ schedule: '0 11 * * *', minutes: 90 }];
    const loud = rollout('a', { disruption: { pods: 2, services: [], budgets: [], isOutage: false, text: '' } });
    expect(order([loud], policy({ windows })).phases[0]?.window).toMatch(/^2025-09-27 11:00 UTC/);
  });
  it('break a circle where it is weakest, and say so', () => {
    const ordered = order([
      actionOf('a', { after: ['b'], resolves: ['bad'], quota: [{ ...QUOTA, amount: -1 }] }),
      actionOf('b', { resolves: ['bad'], quota: [{ ...QUOTA, amount: 1 }] }),
    ]);
    expect(ids(ordered).flat()).toEqual(['b', 'a']);
    expect(ordered.relaxed).toMatchObject([{ from: 'a', to: 'b' }]);
    expect(ordered.relaxed[0]?.reason).toContain('gives back 1 of IN_USE_ADDRESSES in r');
  });
  it('survive actions that wait for each other, whoever said so', () => {
    const ordered = order([
      actionOf('a', { after: ['b'] }),
      actionOf('b', { after: ['c'] }),
      actionOf('c', { after: ['a'] }),
    ]);
    expect(ids(ordered).flat().sort()).toEqual(['a', 'b', 'c']);
    expect(ordered.relaxed).toHaveLength(1);
  });
});

/** Actions that wait for each other as they are drawn, circles included. */
const drawn: fc.Arbitrary<readonly Action[]> = fc.integer({ min: 1, max: 9 }).chain((size) =>
  fc.tuple(
    ...Array.from({ length: size }, (_, i) =>
      fc
        .record({
          after: fc.uniqueArray(fc.nat(size - 1), { maxLength: 3 }),
          resolves: fc.subarray(['bad', 'worse', 'mild']),
          amount: fc.integer({ min: -2, max: 2 }),
          makes: fc.constantFrom('ConfigMap', 'Secret', 'Service', undefined),
          pods: fc.nat(4),
        })
        .map(({ after, resolves, amount, makes, pods }) =>
          actionOf(
            `k:${i}`,
            {
              after: after.map((one) => `k:${one}`),
              resolves,
              quota: amount === 0 ? [] : [{ ...QUOTA, amount }],
              disruption: { pods, services: [], budgets: [], isOutage: false, text: '' },
            },
            makes === undefined ? [patchOf(ref('web'), {})] : [creationOf(makes, `n${i}`)],
          ),
        ),
    ),
  ),
);

describe('whatever actions there are', () => {
  const flat = ({ phases }: Pick<Plan, 'phases'>) => phases.flatMap(({ actions }) => actions);
  it('each is in exactly one phase, after all that it waits for', () => {
    fc.assert(
      fc.property(drawn, fc.option(fc.nat(5)), (actions, podsPerPhase) => {
        const under = policy(podsPerPhase === null ? {} : { budgets: { blastRadius: { podsPerPhase } } });
        const ordered = order(actions, under);
        const at = new Map(flat(ordered).map(({ id }, i) => [id, i]));
        expect([...at.keys()].sort()).toEqual(actions.map(({ id }) => id).sort());
        for (const { from, to } of ordered.dependencies) expect(at.get(from)).toBeLessThan(at.get(to) as number);
        for (const action of flat(ordered))
          for (const id of action.after) expect(at.get(id)).toBeLessThan(at.get(action.id) as number);
      }),
    );
  });
  it('their order does not depend on how they are given', () => {
    fc.assert(
      fc.property(
        drawn.chain((actions) =>
          fc.tuple(fc.constant(actions), fc.shuffledSubarray([...actions], { minLength: actions.length })),
        ),
        ([actions, shuffled]) => {
          expect(order(shuffled)).toEqual(order(actions));
        },
      ),
    );
  });
  it('of a circle the lightest edge goes', () => {
    const edge = fc.record({
      from: fc.constantFrom('a', 'b', 'c', 'd'),
      to: fc.constantFrom('a', 'b', 'c', 'd'),
      weight: fc.nat(9),
      reason: fc.constant('r'),
    });
    fc.assert(
      fc.property(
        fc.array(
          edge.filter(({ from, to }) => from !== to),
          { maxLength: 10 },
        ),
        (edges) => {
          const { kept, dropped } = acyclic(edges);
          expect(kept.length + dropped.length).toBe(edges.length);
          expect(acyclic(kept).dropped).toEqual([]);
          for (const { from, to } of dropped) {
            const least = Math.min(
              ...edges.filter((one) => one.from === from && one.to === to).map(({ weight }) => weight),
            );
            const heavier = kept.filter(({ weight }) => weight >= least);
            expect(
              acyclic([...heavier.map((one) => ({ ...one, weight: 9 })), { from, to, weight: 0, reason: 'r' }]).dropped,
            ).toHaveLength(1);
          }
        },
      ),
    );
  });
});
