import { describe, expect, it } from 'vitest';
import { explain, explainPreemption, unschedulable } from './explain.ts';
import { createSnapshot } from '../snapshot/snapshot.ts';
import {
  boundClaim,
  claim,
  claimVolume,
  node,
  pod,
  podIn,
  running,
  snapshotOf,
  spec,
  volume,
  type Json,
} from './sample.suite.ts';
import { createWorld } from './world.ts';

const taints = (...list: readonly Json[]) => ({ spec: { taints: list } });

/** k8s: `0/N nodes are available: ‹prefilter›.` or counted reasons, sorted as text. */
const MESSAGE = /^0\/\d+ nodes are available: (?:\d+ [^,.]+(?:\{[^}]*\})?(?:, \d+ [^,.]+(?:\{[^}]*\})?)*|[^,]+)\.$/;

describe('explain', () => {
  const told = (objects: readonly Json[]) => {
    const snapshot = snapshotOf(objects);
    return explain(podIn(snapshot, 'new'), createWorld(snapshot));
  };

  it('counts reasons over nodes and sorts them as text', () => {
    const small = Array.from({ length: 10 }, (_, i) => node(`small-${i}`, { allocatable: { cpu: '1' } }));
    const tainted = [
      node('t1', taints({ key: 'team', value: 'ml', effect: 'NoSchedule' })),
      node('t2', taints({ key: 'team', value: 'ml', effect: 'NoSchedule' })),
    ];
    const message = told([
      ...small,
      ...tainted,
      node('c', spec({ unschedulable: true })),
      pod('new', { requests: { cpu: '2', memory: '8Gi' } }),
    ]);
    expect(message).toBe(
      '0/13 nodes are available: 1 node(s) were unschedulable, 10 Insufficient cpu, 10 Insufficient memory, 2 node(s) had untolerated taint {team: ml}.',
    );
    expect(message).toMatch(MESSAGE);
  });

  it('gives the sentence alone when a claim is the matter', () => {
    const message = told([node('n1'), node('n2'), claim('data'), pod('new', spec(claimVolume('data')))]);
    expect(message).toBe('0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.');
    expect(message).toMatch(MESSAGE);
  });

  it.each([
    ['v1.31.2', 'node(s) had volume node affinity conflict', 'node(s) had untolerated taint {a: b}'],
    [
      'v1.33.4-gke.1036000',
      "node(s) didn't match PersistentVolume's node affinity",
      'node(s) had untolerated taint {a: b}',
    ],
    [undefined, "node(s) didn't match PersistentVolume's node affinity", 'node(s) had untolerated taint {a: b}'],
    ['v1.36.0', "node(s) didn't match PersistentVolume's node affinity", 'node(s) had untolerated taint(s)'],
  ])('speaks as the scheduler of %s does, and counts in its words', (serverVersion, volumes, taint) => {
    const far = {
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'x', operator: 'Exists' }] }] } },
    };
    const parts = snapshotOf([
      node('n1'),
      node('n2', taints({ key: 'a', value: 'b', effect: 'NoSchedule' })),
      boundClaim('data', 'pv'),
      volume('pv', far),
      pod('new', spec(claimVolume('data'))),
    ]);
    const snapshot = createSnapshot({ ...parts, serverVersion });
    expect(explain(podIn(snapshot, 'new'), createWorld(snapshot))).toBe(
      `0/2 nodes are available: ${[`1 ${volumes}`, `1 ${taint}`].sort().join(', ')}.`,
    );
  });

  it('merges taints that 1.36 no longer tells apart', () => {
    const parts = snapshotOf([
      node('n1', taints({ key: 'a', effect: 'NoSchedule' })),
      node('n2', taints({ key: 'b', effect: 'NoExecute' })),
      pod('new'),
    ]);
    const snapshot = createSnapshot({ ...parts, serverVersion: 'v1.36.2' });
    expect(unschedulable(podIn(snapshot, 'new'), createWorld(snapshot))).toMatchObject({
      reasons: [{ text: 'node(s) had untolerated taint(s)', nodes: 2 }],
    });
  });

  it('has its own words for no nodes and for gates', () => {
    expect(told([pod('new')])).toBe('no nodes available to schedule pods');
    expect(told([node('n1'), pod('new', spec({ schedulingGates: [{ name: 'a' }, { name: 'b' }] }))])).toBe(
      'Scheduling is blocked due to non-empty scheduling gates',
    );
  });

  it('says nothing of a pod that fits', () => {
    expect(told([node('n1'), pod('new')])).toBeUndefined();
  });

  it('keeps the counts as data', () => {
    const snapshot = snapshotOf([node('n1'), node('n2'), pod('new', { requests: { cpu: '4' } })]);
    expect(unschedulable(podIn(snapshot, 'new'), createWorld(snapshot))).toMatchObject({
      total: 2,
      reasons: [{ text: 'Insufficient cpu', nodes: 2 }],
    });
  });
});

describe('explainPreemption', () => {
  const told = (objects: readonly Json[]) => {
    const snapshot = snapshotOf(objects);
    return explainPreemption(podIn(snapshot, 'new'), createWorld(snapshot));
  };
  const full = (name: string, priority: number, on: string) =>
    running(name, { requests: { cpu: '2' }, spec: { priority } }, on);

  it('tells nodes without victims from nodes where eviction cannot help', () => {
    const message = told([
      node('n1'),
      node('n2', spec({ unschedulable: true })),
      full('a', 100, 'n1'),
      pod('new', { requests: { cpu: '1' }, spec: { priority: 100 } }),
    ]);
    expect(message).toBe(
      'preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.',
    );
  });

  it('says nothing when evicting a pod of lower priority helps', () => {
    expect(
      told([node('n1'), full('a', 1, 'n1'), pod('new', { requests: { cpu: '1' }, spec: { priority: 100 } })]),
    ).toBeUndefined();
  });

  it('knows that nothing frees more than a node has', () => {
    expect(
      told([node('n1'), full('a', 1, 'n1'), pod('new', { requests: { cpu: '4' }, spec: { priority: 100 } })]),
    ).toBe('preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.');
  });

  it('repeats the reason that eviction does not remove', () => {
    expect(
      told([
        node('n1'),
        full('a', 1, 'n1'),
        running('b', { requests: { memory: '4Gi' }, spec: { priority: 100 } }),
        pod('new', { requests: { cpu: '1', memory: '1Gi' }, spec: { priority: 100 } }),
      ]),
    ).toBe('preemption: 0/1 nodes are available: 1 Insufficient memory.');
  });

  it('respects preemptionPolicy', () => {
    expect(told([node('n1'), pod('new', { requests: { cpu: '4' }, spec: { preemptionPolicy: 'Never' } })])).toBe(
      'preemption: not eligible due to preemptionPolicy=Never.',
    );
  });
});
