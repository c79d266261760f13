/** Pods that wait since pods of a higher priority took their room. Expectations from Kubernetes' documentation, not from output. */
import { describe, expect, it } from 'vitest';
import { MINUTE, pending, running } from './pod-states.suite.ts';
import { causeOf, causesOf, outcomesOf, Scene, type Made } from './scene.suite.ts';

const FULL =
  '0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.';
const RECENTLY = 10 * MINUTE;

/** Three nodes of 3920m that a batch of a high priority fills, and two pods of a shop that were on them before. */
function displaced(
  said: (batch: readonly Made[]) => { readonly message: string; readonly related?: object } | undefined,
) {
  const scene = new Scene();
  const nodes = scene.nodes(3);
  const batch = scene.deployment('batch', {
    cpu: '3500m',
    spec: { priority: 900_000, priorityClassName: 'urgent' },
    pods: nodes.map((name) => running(name, RECENTLY)),
  });
  const waiting = scene.deployment('web', { cpu: '1', pods: [1, 2].map(() => pending(FULL, RECENTLY)) });
  const [first] = waiting;
  const words = said(batch);
  if (first !== undefined && words !== undefined) {
    const { metadata } = first;
    const gone = { ...first, metadata: { ...metadata, name: `${metadata.name.slice(0, -2)}z1`, uid: 'gone' } };
    scene.event(gone, 'Normal', 'Preempted', words.message, { ...words });
  }
  return scene;
}

describe('preemption', () => {
  it('is the cause where pods were preempted for others and find no other place, with what would be without them', () => {
    const scene = displaced(([pod]) => ({ message: `Preempted by pod ${pod?.metadata.uid} on node gke-shop` }));
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['preempted-by-priority Deployment shop/batch 2']);
    const cause = causeOf(assessment, 'preempted-by-priority');
    expect(cause.statement).toContain('priority 900000');
    expect(outcomesOf(cause)).toEqual(['without the pods of Deployment shop/batch: all 2 pending pods would schedule']);
  });

  it('is read from the object that the event is related to, and from the wording before 1.26', () => {
    const related = displaced(([pod]) => ({
      message: 'Preempted by pod',
      related: { kind: 'Pod', namespace: 'shop', name: pod?.metadata.name, uid: pod?.metadata.uid },
    }));
    const older = displaced(([pod]) => ({ message: `Preempted by shop/${pod?.metadata.name} on node gke-shop` }));
    for (const scene of [related, older])
      expect(causesOf(scene.assess())).toEqual(['preempted-by-priority Deployment shop/batch 2']);
  });

  it('is no cause where nothing says so, whoever has the higher priority', () => {
    expect(causesOf(displaced(() => undefined).assess())).toEqual(['capacity-exhausted Node (all) 2']);
  });

  it('is no cause where what took the room is gone', () => {
    const scene = displaced(() => ({ message: 'Preempted by pod 00000000-0000-0000-0000-000000000000 on node n1' }));
    expect(causesOf(scene.assess())).toEqual(['capacity-exhausted Node (all) 2']);
  });

  it('is no cause where other pods than the preempted ones wait', () => {
    const scene = new Scene();
    const nodes = scene.nodes(3);
    const batch = scene.deployment('batch', {
      cpu: '3500m',
      spec: { priority: 900_000 },
      pods: nodes.map((name) => running(name, RECENTLY)),
    });
    scene.deployment('web', { cpu: '1', pods: [pending(FULL, RECENTLY)] });
    const other = scene.deployment('other', { cpu: '100m', pods: [running(nodes[0] ?? '', RECENTLY)] });
    const [pod] = other;
    if (pod !== undefined)
      scene.event(pod, 'Normal', 'Preempted', `Preempted by pod ${batch[0]?.metadata.uid} on node gke-shop`);
    expect(causesOf(scene.assess())).toEqual(['capacity-exhausted Node (all) 1']);
  });
});
