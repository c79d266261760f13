/** Endpoints that were asked, and what is behind their answers. */
import type { EndpointProbeResult } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { examine } from '../../rule.suite.ts';
import { condition, deployment, NOW, object, ownedBy, pod, replicaSet, service, state } from '../../scene.suite.ts';
import { causesOf, diagnose, expectSound } from './scene.suite.ts';

const asked = (more: Partial<EndpointProbeResult> = {}): EndpointProbeResult => ({
  url: 'https://shop.example.com:443/',
  host: 'shop.example.com',
  port: 443,
  exposedBy: { group: 'networking.k8s.io', kind: 'Ingress', namespace: 'shop', name: 'web' },
  address: '203.0.113.7',
  resolves: true,
  at: Date.parse(NOW),
  requests: 2,
  failures: 2,
  status: 503,
  latencyMs: 40,
  redirectedTo: undefined,
  fault: undefined,
  faultText: undefined,
  ...more,
});
const ingress = object('networking.k8s.io/v1', 'Ingress', 'web', {
  spec: {
    ingressClassName: 'nginx',
    rules: [
      {
        host: 'shop.example.com',
        http: {
          paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }],
        },
      },
    ],
  },
  status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } },
});
const nginx = object('networking.k8s.io/v1', 'IngressClass', 'nginx', {
  metadata: { namespace: undefined },
  spec: { controller: 'k8s.io/ingress-nginx' },
});
const run = (objects: readonly unknown[], endpoints: readonly EndpointProbeResult[]) => {
  const diagnosis = diagnose(examine({ observedAt: NOW, objects: [ingress, nginx, ...objects], endpoints }).snapshot);
  expectSound(diagnosis);
  return causesOf(diagnosis);
};

describe('an endpoint that answers with 503', () => {
  it('follows from the crash of the pods behind it', () => {
    const crashing = pod('web-1-a', {
      owner: ownedBy('ReplicaSet', 'web-1'),
      statuses: [
        state.waiting('CrashLoopBackOff', 'back-off 5m0s restarting failed container', {
          restartCount: 40,
          ...state.last(1, 'Error'),
        }),
      ],
    });
    const objects = [
      deployment(1, 0, { status: { conditions: [condition('Available', 'False', 60)] } }),
      replicaSet('web-1', 1, 0),
      crashing,
      service('web'),
    ];
    const causes = run(objects, [asked()]);
    expect(causes).toHaveLength(1);
    expect(causes[0]).toMatch(/Deployment shop\/web/);
    expect(causes[0]).not.toMatch(/^endpoint/);
  });

  it('is a symptom without a visible cause where all behind it is well', () => {
    const objects = [deployment(1, 1), replicaSet('web-1', 1, 1), pod('web-1-a'), service('web')];
    const causes = run(objects, [asked()]);
    expect(causes).toHaveLength(1);
    expect(causes[0]).toMatch(/^endpoint-failing Ingress shop\/web/);
  });

  it('is not blamed on another workload', () => {
    const other = { ...deployment(1, 0, { status: { conditions: [condition('Available', 'False', 60)] } }) };
    const elsewhere = {
      ...other,
      metadata: { name: 'api', namespace: 'blog', creationTimestamp: '2025-01-01T00:00:00Z' },
    };
    const causes = run([elsewhere, service('web')], [asked({ status: 500 })]);
    expect(causes.some((cause) => cause.startsWith('deployment-unavailable Deployment blog/api'))).toBe(true);
    expect(causes.some((cause) => cause.startsWith('endpoint-failing'))).toBe(true);
  });
});

it('an endpoint that answers raises nothing', () => {
  const objects = [deployment(1, 1), replicaSet('web-1', 1, 1), pod('web-1-a'), service('web')];
  expect(run(objects, [asked({ status: 404, failures: 0, requests: 1 })])).toEqual([]);
});
