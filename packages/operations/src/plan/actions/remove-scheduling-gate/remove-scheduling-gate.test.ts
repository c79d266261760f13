import { describe, expect, it } from 'vitest';
import { clusterWith, deployment, planningOf, proposalsOf, put, tried } from '../../trial.suite.ts';
import { removeSchedulingGate } from './remove-scheduling-gate.ts';

const gated = (name: string) => ({ schedulingGates: [{ name }] });

describe('remove-scheduling-gate', () => {
  it('takes a gate that nobody removes out of the template', () => {
    const cluster = clusterWith([deployment('web', gated('acme.dev/budget-review'))]);
    cluster.clock.advance(1_200_000);
    const planning = planningOf(cluster);
    const [best] = proposalsOf(removeSchedulingGate, planning);
    expect(tried([removeSchedulingGate], best as never, planning)).toEqual({ outcomes: ['held'], causes: [] });
  });

  it('takes it off a pod that nobody owns', () => {
    const cluster = clusterWith([]);
    const spec = {
      ...gated('acme.dev/budget-review'),
      containers: [{ name: 'app', image: 'registry.example.com/tool:1' }],
    };
    put(cluster, [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'tool', namespace: 'shop' }, spec }]);
    cluster.clock.advance(1_200_000);
    const planning = planningOf(cluster);
    const [best] = proposalsOf(removeSchedulingGate, planning);
    expect(tried([removeSchedulingGate], best as never, planning)).toMatchObject({ outcomes: ['held'] });
  });

  it('leaves a gate whose controller runs to a person', () => {
    const cluster = clusterWith([
      deployment('web', gated('kueue.x-k8s.io/admission')),
      deployment('kueue-controller-manager'),
    ]);
    cluster.clock.advance(1_200_000);
    const proposals = proposalsOf(removeSchedulingGate, planningOf(cluster));
    expect(proposals.flatMap(({ drafts }) => drafts.flatMap(({ changes }) => changes.map(({ kind }) => kind)))).toEqual(
      ['manual'],
    );
  });
});
