import { describe, expect, it } from 'vitest';
import { PODS } from '../api/built-in-types.ts';
import type { ContainerBehaviour } from './behaviour.ts';
import { KubeletScene } from './kubelet.suite.ts';

const http = { httpGet: { path: '/healthz', port: 8080 } };

function probed(behaviour: ContainerBehaviour, probes: object, pod = {}): KubeletScene {
  const scene = new KubeletScene({ images: { 'app:1': behaviour } });
  scene.run('web', { containers: [{ name: 'app', image: 'app:1', ...probes }], ...pod });
  return scene;
}

describe('readiness probes', () => {
  it('let a pod become ready when they succeed', () => {
    const scene = probed({ startMs: 12_000 }, { readinessProbe: http });
    scene.pass(5000);
    expect(scene.container('web')).toMatchObject({ ready: false, started: true, state: { running: {} } });
    expect(scene.condition('web', 'Ready')).toMatchObject({ status: 'False', reason: 'ContainersNotReady' });
    expect(scene.events('web').at(-1)).toBe(
      'Unhealthy: Readiness probe failed: Get "http://10.64.0.2:8080/healthz": dial tcp 10.64.0.2:8080: connect: connection refused',
    );
    scene.pass(20_000);
    expect(scene.container('web')).toMatchObject({ ready: true, restartCount: 0 });
  });

  it('take a pod out after enough failures, and never restart it', () => {
    const scene = probed({ hangsAfterMs: 60_000 }, { readinessProbe: { ...http, periodSeconds: 5 } });
    scene.pass(60_000);
    expect(scene.container('web')?.ready).toBe(true);
    scene.pass(9000);
    expect(scene.container('web')?.ready).toBe(true);
    scene.pass(9000);
    expect(scene.container('web')).toMatchObject({ ready: false, restartCount: 0 });
    expect(scene.events('web').at(-1)).toMatch(
      /^Unhealthy: Readiness probe failed: Get ".*": context deadline exceeded \(Client\.Timeout exceeded while awaiting headers\)/,
    );
  });

  it.each([
    [{ tcpSocket: { port: 5432 } }, { listens: [] }, 'dial tcp 10.64.0.2:5432: connect: connection refused'],
    [
      { httpGet: { port: 'web', scheme: 'HTTPS' } },
      { failsProbes: ['readiness'] },
      'HTTP probe failed with statuscode: 503',
    ],
    [{ exec: { command: ['check'] } }, { failsProbes: ['readiness'], probeAnswer: { output: 'not yet' } }, 'not yet'],
    [{ grpc: { port: 9 } }, { failsProbes: ['readiness'] }, 'service unhealthy (responded with "NOT_SERVING")'],
    [
      { grpc: { port: 9 } },
      { listens: [1] },
      'timeout: failed to connect service "10.64.0.2:9" within 1s: context deadline exceeded',
    ],
  ] as const)('say what they found: %j of %j', (readinessProbe, behaviour, text) => {
    const scene = probed(behaviour, { readinessProbe, ports: [{ name: 'web', containerPort: 8443 }] });
    scene.pass(4000);
    expect(scene.events('web').at(-1)).toBe(`Unhealthy: Readiness probe failed: ${text}`);
  });
});

describe('liveness probes', () => {
  it('have a container restarted', () => {
    const scene = probed(
      { hangsAfterMs: 30_000, stopMs: Infinity },
      { livenessProbe: http },
      { terminationGracePeriodSeconds: 10 },
    );
    scene.pass(54_000);
    expect(scene.events('web')).toContain('Killing: Container app failed liveness probe, will be restarted');
    expect(scene.container('web')).toMatchObject({ restartCount: 0, state: { running: {} } });
    scene.pass(11_000);
    expect(scene.container('web')).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 137, reason: 'Error' } },
    });
  });

  it('wait for the startup probe', () => {
    const startupProbe = { ...http, failureThreshold: 30, periodSeconds: 2 };
    const scene = probed(
      { startMs: 40_000 },
      { startupProbe, livenessProbe: { ...http, failureThreshold: 1 }, readinessProbe: http },
    );
    scene.pass(30_000);
    expect(scene.container('web')).toMatchObject({ started: false, ready: false, restartCount: 0 });
    scene.pass(15_000);
    expect(scene.container('web')).toMatchObject({ started: true, ready: true, restartCount: 0 });
  });

  it('are not needed where the startup probe gives up', () => {
    const scene = probed({ startMs: Infinity }, { startupProbe: { ...http, failureThreshold: 2, periodSeconds: 5 } });
    scene.pass(12_000);
    expect(scene.events('web')).toContain('Killing: Container app failed startup probe, will be restarted');
    expect(scene.container('web')?.restartCount).toBe(1);
  });
});

describe('readiness gates', () => {
  it('hold a pod back until somebody sets their condition', () => {
    const scene = probed({}, {}, { readinessGates: [{ conditionType: 'example.com/lb' }] });
    scene.pass(5000);
    expect(scene.condition('web', 'ContainersReady')?.status).toBe('True');
    expect(scene.condition('web', 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ReadinessGatesNotReady',
      message: 'corresponding condition of pod readiness gate "example.com/lb" does not exist.',
    });
    scene.cluster.api.changeStatus(PODS, 'shop', 'web', (pod) => ({
      ...pod,
      status: {
        ...pod.status,
        conditions: [...(pod.status?.conditions ?? []), { type: 'example.com/lb', status: 'True' }],
      },
    }));
    scene.pass(1000);
    expect(scene.condition('web', 'Ready')?.status).toBe('True');
    expect(scene.condition('web', 'example.com/lb')?.status).toBe('True');
  });
});
