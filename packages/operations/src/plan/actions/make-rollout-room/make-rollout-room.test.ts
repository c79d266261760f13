import { describe, expect, it } from 'vitest';
import {
  ref,
  remediesOf,
  rehearsedOn,
  rollOut,
  workload,
  workloadScene,
  type WorkloadScene,
} from '../../revisions/workload-scene.suite.ts';
import { makeRolloutRoom } from './make-rollout-room.ts';

function full(replicas: number, maxUnavailable: number | string): WorkloadScene {
  const quota = {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'pods', namespace: 'shop' },
    spec: { hard: { pods: String(replicas) } },
  };
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable, maxSurge: 1 } };
  const scene = workloadScene(workload('Deployment', 'web', { spec: { replicas, strategy } }), quota);
  rollOut(scene, ref('Deployment', 'web'), { container: { image: 'registry.example.com/web:2.0.0' } });
  scene.wait(20);
  return scene;
}

describe('make-rollout-room', () => {
  it.each([
    [3, 0],
    [3, '25%'],
  ])('lets one of %i pods go first where %s may', (replicas, maxUnavailable) => {
    const [remedy] = remediesOf(full(replicas, maxUnavailable), makeRolloutRoom);
    expect(remedy?.drafts[0]?.changes[0]).toMatchObject({
      patch: { patch: { spec: { strategy: { rollingUpdate: { maxUnavailable: 1 } } } } },
    });
  });

  it('refuses for a workload of one pod', () => {
    expect(remediesOf(full(1, 0), makeRolloutRoom)).toEqual([]);
  });

  it('brings the rollout to its end on the twin', () => {
    const { before, held } = rehearsedOn(full(2, 0));
    expect(before).toContain('namespace-quota-exhausted');
    expect(held).toContain('make-rollout-room');
  });
});
