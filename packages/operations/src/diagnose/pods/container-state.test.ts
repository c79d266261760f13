import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { containersWith, type ContainerTrouble } from './container-state.ts';
import { examine } from '../rule.suite.ts';

const TROUBLES: readonly ContainerTrouble[] = [
  'image',
  'config',
  'start',
  'oom',
  'crash-loop',
  'terminated',
  'not-ready',
  'restarts',
  'init-running',
];
const REASONS = [
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'CreateContainerConfigError',
  'RunContainerError',
  'ContainerCreating',
  'Unheard',
];
const ENDS = ['OOMKilled', 'Error', 'Completed', 'StartError', 'ContainerStatusUnknown'];

const time = fc.constantFrom('2025-09-27T09:59:00Z', '2025-09-27T08:00:00Z', '2025-08-01T00:00:00Z', 'never');
const terminated = fc.record(
  { reason: fc.constantFrom(...ENDS), exitCode: fc.constantFrom(0, 1, 137, 255), finishedAt: time },
  { requiredKeys: [] },
);
const state = fc.oneof(
  fc.record({
    waiting: fc.record({ reason: fc.constantFrom(...REASONS), message: fc.string() }, { requiredKeys: [] }),
  }),
  fc.record({ running: fc.record({ startedAt: time }, { requiredKeys: [] }) }),
  fc.record({ terminated }),
  fc.constant({}),
);
const status = fc.record(
  {
    name: fc.constant('api'),
    ready: fc.boolean(),
    restartCount: fc.nat(40),
    state,
    lastState: fc.oneof(fc.constant({}), fc.record({ terminated })),
  },
  { requiredKeys: ['name'] },
);
const pod = fc.record({
  apiVersion: fc.constant('v1'),
  kind: fc.constant('Pod'),
  metadata: fc.constant({ name: 'web', namespace: 'shop', creationTimestamp: '2025-09-20T00:00:00Z' }),
  spec: fc.record({
    containers: fc.constant([{ name: 'api' }]),
    restartPolicy: fc.constantFrom('Always', 'OnFailure', 'Never'),
    nodeName: fc.constant('n1'),
  }),
  status: fc.record({
    phase: fc.constantFrom('Pending', 'Running', 'Failed', 'Unknown'),
    containerStatuses: fc.array(status, { maxLength: 1 }),
  }),
});

function troublesOf(object: unknown): readonly ContainerTrouble[] {
  const examination = examine({ observedAt: '2025-09-27T10:00:00Z', objects: [object] });
  return TROUBLES.filter((trouble) => containersWith(examination, trouble).length > 0);
}

describe('containersWith', () => {
  it('gives a container one trouble, or a cause beside its state', () => {
    const pairs = ['crash-loop,oom', 'crash-loop,start', 'not-ready,oom'];
    fc.assert(
      fc.property(pod, (object) => {
        const troubles = troublesOf(object);
        if (troubles.length > 1) expect(pairs).toContain(troubles.toSorted().join());
      }),
      { numRuns: 500 },
    );
  });
  it('never lets a waiting reason that it does not know pass', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z][a-z]{3,12}Error$/), (reason) => {
        fc.pre(!['CreatePodSandboxError', 'ConfigPodSandboxError', 'KillPodSandboxError'].includes(reason));
        const waiting = { name: 'api', restartCount: 0, ready: false, state: { waiting: { reason } } };
        expect(troublesOf({ ...base, status: { phase: 'Pending', containerStatuses: [waiting] } })).toHaveLength(1);
      }),
      { numRuns: 100 },
    );
  });
  it('says nothing about a pod that is being deleted, completed or young', () => {
    const waiting = { name: 'api', restartCount: 1, ready: false, state: { waiting: { reason: 'CrashLoopBackOff' } } };
    const status = { phase: 'Running', containerStatuses: [waiting] };
    expect(troublesOf({ ...base, status })).toEqual(['crash-loop']);
    expect(troublesOf({ ...base, status: { ...status, phase: 'Succeeded' } })).toEqual([]);
    expect(
      troublesOf({ ...base, metadata: { ...base.metadata, deletionTimestamp: '2025-09-27T10:00:10Z' }, status }),
    ).toEqual([]);
    expect(
      troublesOf({ ...base, metadata: { ...base.metadata, creationTimestamp: '2025-09-27T09:58:00Z' }, status }),
    ).toEqual([]);
  });
  it('judges a young pod that has restarted too often to be just starting', () => {
    const waiting = { name: 'api', restartCount: 5, ready: false, state: { waiting: { reason: 'CrashLoopBackOff' } } };
    const young = { ...base.metadata, creationTimestamp: '2025-09-27T09:58:00Z' };
    expect(
      troublesOf({ ...base, metadata: young, status: { phase: 'Running', containerStatuses: [waiting] } }),
    ).toEqual(['crash-loop']);
  });
});

const base = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop', creationTimestamp: '2025-09-20T00:00:00Z' },
  spec: { containers: [{ name: 'api' }] },
};
