import { describe, expect, it } from 'vitest';
import { ref, remediesOf, rollOut, workload, workloadScene } from '../../revisions/workload-scene.suite.ts';
import { planningOf, tried } from '../../trial.suite.ts';
import { fixServiceAccount } from './fix-service-account.ts';

const account = (name: string) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: 'shop' } });
const WEB = ref('Deployment', 'web');

describe('fix-service-account', () => {
  it('names what the last revision ran as', () => {
    const scene = workloadScene(
      account('runner'),
      workload('Deployment', 'web', { pod: { serviceAccountName: 'runner' } }),
    );
    rollOut(scene, WEB, { pod: { serviceAccountName: 'brand-new', serviceAccount: 'brand-new' } });
    scene.wait(20);
    const [remedy] = remediesOf(scene, fixServiceAccount);
    expect(remedy?.drafts[0]?.commands).toEqual(['kubectl set serviceaccount deployment web runner -n shop']);
    expect(remedy && tried([fixServiceAccount], remedy, planningOf(scene.observe()))).toEqual({
      outcomes: ['held'],
      causes: [],
    });
  });

  it('finds the name that was mistyped', () => {
    const scene = workloadScene(
      account('runner'),
      workload('Deployment', 'web', { pod: { serviceAccountName: 'runenr' } }),
    );
    expect(remediesOf(scene, fixServiceAccount)[0]?.title).toBe('Run Deployment shop/web as ServiceAccount runner');
  });

  it('refuses where no account comes near', () => {
    const scene = workloadScene(
      account('runner'),
      workload('Deployment', 'web', { pod: { serviceAccountName: 'unlike' } }),
    );
    expect(remediesOf(scene, fixServiceAccount)).toEqual([]);
  });
});
