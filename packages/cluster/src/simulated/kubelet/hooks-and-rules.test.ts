import { describe, expect, it } from 'vitest';
import type { Pod } from '../../model/kinds.ts';
import { PODS } from '../api/built-in-types.ts';
import { KubeletScene } from './kubelet.suite.ts';
import { wordingOf } from './wording.ts';

type Container = NonNullable<Pod['spec']>['containers'][number];

function running(container: Partial<Container>, behaviour = {}, spec = {}): KubeletScene {
  const scene = new KubeletScene({ images: { 'app:1': behaviour } });
  scene.run('web', { containers: [{ name: 'app', image: 'app:1', ...container }], ...spec });
  return scene.pass(5000);
}

describe('hooks', () => {
  it('before the stop take their part of the grace period', () => {
    const scene = running({ lifecycle: { preStop: { sleep: { seconds: 8 } } } });
    scene.cluster.api.delete(PODS, 'shop', 'web');
    scene.pass(7500);
    expect(scene.container('web')?.state?.running).toBeDefined();
    scene.pass(1000);
    expect(scene.pod('web')).toBeUndefined();
  });

  it('that take all of it leave two seconds', () => {
    const scene = running(
      { lifecycle: { preStop: { exec: { command: ['drain'] } } } },
      { preStopMs: 60_000, stopMs: 60_000 },
    );
    scene.cluster.api.delete(PODS, 'shop', 'web', { gracePeriodSeconds: 10 });
    scene.pass(11_900);
    expect(scene.pod('web')).toBeDefined();
    scene.pass(300);
    expect(scene.pod('web')).toBeUndefined();
  });

  it('after the start that fail have the container killed', () => {
    const postStart = { exec: { command: ['warm-up'] } };
    const scene = running({ lifecycle: { postStart } }, { postStartError: 'command failed' });
    expect(scene.events('web')).toContain('FailedPostStartHook: PostStartHook failed ×2');
    expect(scene.container('web')?.restartCount).toBeGreaterThan(0);
  });
});

describe('rules of a container', () => {
  it('restart it on the exit codes that they name, whatever the pod says', () => {
    for (const [exitCode, phase] of [
      [42, 'Running'],
      [1, 'Failed'],
    ] as const) {
      const restartPolicyRules = [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }];
      const container = { restartPolicy: 'Never', restartPolicyRules } as Partial<Container>;
      const scene = running(container, { exitsAfterMs: 500, exitCode }, { restartPolicy: 'Never' });
      expect(scene.status('web').phase).toBe(phase);
      expect((scene.container('web')?.restartCount ?? 0) > 0).toBe(phase === 'Running');
    }
  });
});

describe('the words of kubelets', () => {
  it.each([
    [
      'v1.24.9',
      'Created container app',
      'Started container app',
      'Back-off restarting failed container',
      'Back-off pulling image "app:1"',
    ],
    [
      'v1.30.1-gke.10',
      'Created container: app',
      'Started container app',
      'Back-off restarting failed container app in pod p',
      'Back-off pulling image "app:1"',
    ],
    [
      'v1.36.2',
      'Container created',
      'Container started',
      'Back-off restarting failed container app in pod p',
      'Back-off pulling image "app:1": ErrImagePull: no',
    ],
  ])('are those of %s', (version, created, started, restarting, pulling) => {
    const wording = wordingOf(version);
    expect(wording.created('app')).toBe(created);
    expect(wording.started('app')).toBe(started);
    expect(wording.backOffRestart('app', 'p')).toBe(restarting);
    expect(wording.backOffPull('app:1', 'ErrImagePull: no')).toBe(pulling);
  });
});
