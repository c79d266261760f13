import { describe, expect, it } from 'vitest';
import { podRequests } from './pod-requests.ts';
import { pod, podIn, snapshotOf, type Json } from './sample.suite.ts';

const GI = 2 ** 30;

function requestsOf(spec: Json, status: Json = {}) {
  const { cpuMillis, memoryBytes, others } = podRequests(podIn(snapshotOf([pod('p', { spec, status })]), 'p'));
  return { cpuMillis, memoryBytes, others: Object.fromEntries(others) };
}

function container(name: string, requests: Json, more: Json = {}): Json {
  return { name, image: 'i', resources: { requests }, ...more };
}

describe('podRequests', () => {
  it('sums containers', () => {
    const containers = [
      container('a', { cpu: '250m', memory: '1Gi', 'nvidia.com/gpu': '1' }),
      container('b', { cpu: '1', 'ephemeral-storage': '1Ki', 'nvidia.com/gpu': 1 }),
    ];
    expect(requestsOf({ containers })).toEqual({
      cpuMillis: 1250,
      memoryBytes: GI,
      others: { 'ephemeral-storage': 1024, 'nvidia.com/gpu': 2 },
    });
  });

  it('takes the larger of init phase and running phase, resource by resource', () => {
    const spec = {
      initContainers: [container('i', { cpu: '2' }), container('j', { cpu: '1', memory: '1Gi' })],
      containers: [container('a', { cpu: '1', memory: '2Gi' })],
    };
    expect(requestsOf(spec)).toMatchObject({ cpuMillis: 2000, memoryBytes: 2 * GI });
  });

  it('counts sidecars beside the containers and beside the init containers after them', () => {
    const sidecar = container('s', { cpu: '500m' }, { restartPolicy: 'Always' });
    const before = {
      initContainers: [sidecar, container('i', { cpu: '2' })],
      containers: [container('a', { cpu: '1' })],
    };
    const after = {
      initContainers: [container('i', { cpu: '2' }), sidecar],
      containers: [container('a', { cpu: '1' })],
    };
    expect(requestsOf(before).cpuMillis).toBe(2500);
    expect(requestsOf(after).cpuMillis).toBe(2000);
  });

  it('adds overhead', () => {
    expect(
      requestsOf({ overhead: { cpu: '100m', memory: '1Gi' }, containers: [container('a', { cpu: '1' })] }),
    ).toMatchObject({ cpuMillis: 1100, memoryBytes: GI });
  });

  it('prefers amounts for the whole pod, before overhead', () => {
    const spec = {
      resources: { requests: { cpu: '3' }, limits: { memory: '2Gi' } },
      overhead: { cpu: '1' },
      containers: [container('a', { cpu: '1', memory: '1Gi', 'x.io/y': '2' })],
    };
    expect(requestsOf(spec)).toEqual({ cpuMillis: 4000, memoryBytes: 2 * GI, others: { 'x.io/y': 2 } });
  });

  it('defaults requests to limits', () => {
    expect(
      requestsOf({
        containers: [{ name: 'a', resources: { requests: { cpu: '100m' }, limits: { cpu: '1', memory: '1Gi' } } }],
      }),
    ).toMatchObject({ cpuMillis: 100, memoryBytes: GI });
  });

  it('holds what is allocated until a resize downwards is done', () => {
    const status = { containerStatuses: [{ name: 'a', allocatedResources: { cpu: '2', memory: '1Gi' } }] };
    expect(requestsOf({ containers: [container('a', { cpu: '1', memory: '2Gi' })] }, status)).toMatchObject({
      cpuMillis: 2000,
      memoryBytes: 2 * GI,
    });
  });

  it('survives nonsense', () => {
    const status = { containerStatuses: [{ name: 'a', allocatedResources: { cpu: {} } }] };
    expect(requestsOf({ containers: [container('a', { cpu: 'lots', memory: '-1Gi' })] }, status)).toEqual({
      cpuMillis: 0,
      memoryBytes: 0,
      others: {},
    });
    expect(requestsOf({ containers: undefined } as Json)).toEqual({ cpuMillis: 0, memoryBytes: 0, others: {} });
  });
});
