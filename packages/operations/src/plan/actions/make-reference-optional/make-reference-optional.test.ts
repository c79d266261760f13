import { describe, expect, it } from 'vitest';
import { ref, remediesOf, rollOut, workload, workloadScene } from '../../revisions/workload-scene.suite.ts';
import { planningOf, tried } from '../../trial.suite.ts';
import { makeReferenceOptional } from './make-reference-optional.ts';

const WEB = ref('Deployment', 'web');
const FEATURES = { envFrom: [{ configMapRef: { name: 'features' } }] };

describe('make-reference-optional', () => {
  it('lets a program start without what its last revision did not have', () => {
    const scene = workloadScene(workload('Deployment', 'web'));
    rollOut(scene, WEB, { container: FEATURES });
    scene.wait(20);
    const [remedy] = remediesOf(scene, makeReferenceOptional);
    expect(remedy?.drafts[0]?.changes).toEqual([
      expect.objectContaining({
        patch: {
          type: 'json',
          operations: [
            { op: 'add', path: '/spec/template/spec/containers/0/envFrom/0/configMapRef/optional', value: true },
          ],
        },
      }),
    ]);
    expect(remedy && tried([makeReferenceOptional], remedy, planningOf(scene.observe()))).toEqual({
      outcomes: ['held'],
      causes: [],
    });
  });

  it('refuses where another image came along', () => {
    const scene = workloadScene(workload('Deployment', 'web'));
    rollOut(scene, WEB, { container: { ...FEATURES, image: 'registry.example.com/web:2.0.0' } });
    scene.wait(20);
    expect(remediesOf(scene, makeReferenceOptional)).toEqual([]);
  });

  it('refuses where nothing shows that the program runs without', () => {
    expect(
      remediesOf(workloadScene(workload('Deployment', 'web', { container: FEATURES })), makeReferenceOptional),
    ).toEqual([]);
  });
});
