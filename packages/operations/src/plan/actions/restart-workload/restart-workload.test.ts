import { describe, expect, it } from 'vitest';
import { behaving, configMap, ref, remediesOf, workload, workloadScene } from '../../revisions/workload-scene.suite.ts';
import { planningOf, tried } from '../../trial.suite.ts';
import { restartWorkload } from './restart-workload.ts';

const SETTINGS = ref('ConfigMap', 'settings');

/** Web takes a name from a ConfigMap, and is not ready with the wrong one. */
function wrong() {
  const readinessProbe = { httpGet: { path: '/ready', port: 8080 } };
  const container = {
    envFrom: [{ configMapRef: { name: 'settings' } }],
    ports: [{ containerPort: 8080 }],
    readinessProbe,
  };
  const scene = workloadScene(configMap('settings', { COLOUR: 'bleu' }));
  behaving(scene, (place) => place.env('COLOUR') === 'bleu', { failsProbes: ['readiness'] });
  scene.create(workload('Deployment', 'web', { container }));
  scene.wait(20);
  return scene;
}

describe('restart-workload', () => {
  it('has programs begin with what was corrected while they ran', () => {
    const scene = wrong();
    scene.patch(SETTINGS, { data: { COLOUR: 'blue' } });
    scene.wait(20);
    const [remedy] = remediesOf(scene, restartWorkload);
    expect(remedy?.drafts[0]?.commands).toEqual(['kubectl rollout restart deployment/web -n shop']);
    expect(remedy && tried([restartWorkload], remedy, planningOf(scene.observe()))).toEqual({
      outcomes: ['held'],
      causes: [],
    });
  });

  it('refuses where nothing was changed since', () => {
    expect(remediesOf(wrong(), restartWorkload)).toEqual([]);
  });

  it('refuses where somebody else was changed', () => {
    const scene = wrong();
    scene.create(configMap('others', { COLOUR: 'blue' }));
    scene.wait(20);
    expect(remediesOf(scene, restartWorkload)).toEqual([]);
  });
});
