import { describe, expect, it } from 'vitest';
import {
  ref,
  rehearsedOn,
  remediesOf,
  rollOut,
  unknownImage,
  workload,
  workloadScene,
} from '../../revisions/workload-scene.suite.ts';
import { resumeRollout } from './resume-rollout.ts';

const WEB = ref('Deployment', 'web');

/** The first image is not there; the correction waits behind a pause. */
function paused(image: string) {
  const scene = workloadScene(workload('Deployment', 'web'));
  unknownImage(scene, 'registry.example.com/web:2.0.0');
  rollOut(scene, WEB, { container: { image: 'registry.example.com/web:2.0.0' } });
  scene.wait(20);
  scene.patch(WEB, { spec: { paused: true } });
  rollOut(scene, WEB, { container: { image } });
  scene.wait(20);
  return scene;
}

describe('resume-rollout', () => {
  it('resumes what waits to be rolled out', () => {
    const [remedy] = remediesOf(paused('registry.example.com/web:2.0.1'), resumeRollout);
    expect(remedy?.drafts[0]?.commands).toEqual(['kubectl rollout resume deployment/web -n shop']);
    expect(remedy?.drafts[0]?.changes[0]).toMatchObject({
      patch: { operations: [{ op: 'remove', path: '/spec/paused' }] },
    });
  });

  it('rolls out what was forgotten behind a pause', () => {
    const scene = workloadScene(workload('Deployment', 'web'));
    scene.patch(WEB, { spec: { paused: true } });
    rollOut(scene, WEB, { container: { image: 'registry.example.com/web:1.1.0' } });
    scene.wait(30);
    const [remedy] = remediesOf(scene, resumeRollout);
    expect(remedy?.resolves).toEqual(['deployment-rollout-paused@apps/Deployment/shop/web']);
    const { held, strategy } = rehearsedOn(scene);
    expect(held).toEqual(['resume-rollout']);
    expect(strategy.plan.goals.filter(({ id }) => id.startsWith('deployment-')).map(({ state }) => state)).toEqual([
      'planned',
    ]);
  });

  it('refuses where nothing waits', () => {
    expect(remediesOf(paused('registry.example.com/web:2.0.0'), resumeRollout)).toEqual([]);
  });
});
