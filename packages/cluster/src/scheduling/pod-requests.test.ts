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
      resources: { requests: { cpu: '3', 'hugepages-2Mi': '4Mi', 'x.io/y': '9' } },
      overhead: { cpu: '1' },
      containers: [container('a', { cpu: '1', memory: '1Gi', 'x.io/y': '2' })],
    };
    expect(requestsOf(spec)).toEqual({
      cpuMillis: 4000,
      memoryBytes: GI,
      others: { 'x.io/y': 2, 'hugepages-2Mi': 4 * 2 ** 20 },
    });
  });

  it('takes limits for the whole pod only where no container requests anything (KEP-2837, defaulting)', () => {
    const level = { limits: { cpu: '4', memory: '2Gi' } };
    expect(requestsOf({ resources: level, containers: [container('a', { memory: '1Gi' })] })).toEqual({
      cpuMillis: 4000,
      memoryBytes: GI,
      others: {},
    });
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

  it('counts what is in use while a resize is under way: the largest of wanted, granted and actual', () => {
    const status = {
      containerStatuses: [
        { name: 'a', allocatedResources: { cpu: '2' }, resources: { requests: { cpu: '3', memory: '3Gi' } } },
      ],
    };
    expect(requestsOf({ containers: [container('a', { cpu: '1', memory: '2Gi' })] }, status)).toMatchObject({
      cpuMillis: 3000,
      memoryBytes: 3 * GI,
    });
  });

  it.each([
    ['condition', { conditions: [{ type: 'PodResizePending', status: 'True', reason: 'Infeasible' }] }, 1000],
    ['field before 1.33', { resize: 'Infeasible' }, 1000],
    ['deferred', { conditions: [{ type: 'PodResizePending', status: 'True', reason: 'Deferred' }] }, 64_000],
  ])('leaves a wish out that the node can never fulfil: %s', (_, told, expected) => {
    const resources = { requests: { cpu: '1' } };
    const status = { ...told, containerStatuses: [{ name: 'a', allocatedResources: { cpu: '1' }, resources }] };
    expect(requestsOf({ containers: [container('a', { cpu: '64' })] }, status).cpuMillis).toBe(expected);
  });

  it('looks at the status of sidecars, not of init containers that have ended', () => {
    const spec = (restartPolicy: Json) => ({
      initContainers: [container('i', { cpu: '1' }, restartPolicy)],
      containers: [container('a', { cpu: '1' })],
    });
    const status = { initContainerStatuses: [{ name: 'i', resources: { requests: { cpu: '5' } } }] };
    expect(requestsOf(spec({ restartPolicy: 'Always' }), status).cpuMillis).toBe(6000);
    expect(requestsOf(spec({}), status).cpuMillis).toBe(1000);
  });

  it('follows the example of KEP-753: sidecars between init containers', () => {
    const spec = {
      initContainers: [
        container('i1', { memory: '5Gi' }),
        container('s1', { memory: '1Gi' }, { restartPolicy: 'Always' }),
        container('i2', { memory: '6Gi' }),
        container('s2', { memory: '2Gi' }, { restartPolicy: 'Always' }),
        container('i3', { memory: '3Gi' }),
      ],
      containers: [container('a', { memory: '1Gi' }), container('b', { memory: '1Gi' })],
    };
    // InitContainerUse: 5, 1, 6+1, 3, 3+3; running: 1+1+1+2.
    expect(requestsOf(spec).memoryBytes).toBe(7 * GI);
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
