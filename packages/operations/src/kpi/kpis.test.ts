import { describe, expect, it } from 'vitest';
import { DEFAULT_THRESHOLDS } from '../diagnose/examination.ts';
import { examine } from '../diagnose/rule.suite.ts';
import { computeKpis } from './kpis.ts';
import { countPods, isSucceeding } from './pod-success.ts';
import { utilisationOf } from './utilisation.ts';

const pod = (name: string, phase: string, ready: string, extra: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'a', uid: name },
  spec: { nodeName: 'n', containers: [{ name: 'c', resources: { requests: { cpu: '500m', memory: '1Gi' } } }] },
  status: { phase, conditions: [{ type: 'Ready', status: ready }], ...extra },
});
const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n' },
  status: { allocatable: { cpu: '2', memory: '4Gi' } },
};
const loadBalancer = (name: string, ingress: object[]) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'a' },
  spec: { type: 'LoadBalancer' },
  status: { loadBalancer: { ingress } },
});

function kpisOf(objects: readonly unknown[]) {
  const examination = examine({ observedAt: '2025-09-27T12:00:00Z', objects });
  return new Map(
    computeKpis(examination.snapshot, DEFAULT_THRESHOLDS, countPods(examination)).map((kpi) => [kpi.id, kpi]),
  );
}

describe('pod success', () => {
  it.each([
    ['Running', 'True', true],
    ['Running', 'False', false],
    ['Succeeded', 'False', true],
    ['Pending', 'False', false],
    ['Failed', 'False', false],
  ])('%s with Ready=%s counts as %s', (phase, ready, succeeding) => {
    const [one] = examine({ objects: [pod('p', phase, ready)] }).snapshot.list('Pod');
    expect(one !== undefined && isSucceeding(one)).toBe(succeeding);
  });

  it('leaves pods that are being deleted out', () => {
    const dying = {
      ...pod('b', 'Running', 'False'),
      metadata: { name: 'b', namespace: 'a', deletionTimestamp: '2025-09-27T11:00:00Z' },
    };
    expect(countPods(examine({ objects: [pod('a', 'Running', 'True'), dying] }))).toEqual({
      total: 1,
      succeeding: 1,
      failing: 0,
    });
  });
});

describe('KPIs', () => {
  it('computes what the cluster tells', () => {
    const kpis = kpisOf([
      node,
      pod('a', 'Running', 'True'),
      pod('b', 'Running', 'True'),
      pod('c', 'Running', 'False'),
      loadBalancer('x', [{ ip: '203.0.113.1' }]),
      loadBalancer('y', []),
    ]);
    expect(kpis.get('pod-success-rate')).toMatchObject({ value: 0.6667, status: 'missed' });
    expect(kpis.get('cpu-requests')).toMatchObject({ value: 0.75, status: 'met', basis: '1.5 CPU of 2 CPU requested' });
    expect(kpis.get('active-load-balancers')).toMatchObject({
      value: 2,
      status: 'met',
      basis: '1 with an address, 1 waiting for one',
    });
  });

  it('says what is missing instead of a value', () => {
    const kpis = kpisOf([]);
    for (const kpi of kpis.values()) {
      if (kpi.status !== 'unknown') continue;
      expect(kpi.value).toBeUndefined();
      expect(kpi.basis).toMatch(/\S/);
    }
    expect(kpis.get('cpu-usage')?.status).toBe('unknown');
    expect(kpis.get('uptime')?.status).toBe('unknown');
  });

  it('covers every figure of a production-ready cluster', () => {
    expect([...kpisOf([]).keys()]).toEqual([
      'pod-success-rate',
      'cpu-usage',
      'memory-usage',
      'cpu-requests',
      'memory-requests',
      'certificate-health',
      'active-load-balancers',
      'agent-population-stability',
      'task-completion-rate',
      'llm-validation-accuracy',
      'security-action-success',
      'page-load-time',
      'rendering-rate',
      'api-response-time',
      'uptime',
    ]);
  });

  it('does not count requests of pods that hold no node', () => {
    const waiting = {
      ...pod('w', 'Pending', 'False'),
      spec: { containers: [{ name: 'c', resources: { requests: { cpu: '1' } } }] },
    };
    const { cpu } = utilisationOf(
      examine({ objects: [node, pod('a', 'Running', 'True'), pod('d', 'Succeeded', 'False'), waiting] }).snapshot,
    );
    expect(cpu).toEqual({ allocatable: 2000, requested: 500, used: undefined });
  });
});
