import { describe, expect, it } from 'vitest';
import { examine } from '../diagnose/rule.suite.ts';
import { job, OBSERVED, owner, pod, UNREADY } from './cluster.suite.ts';
import { countPods } from './pod-success.ts';

const count = (...objects: readonly object[]) => countPods(examine({ observedAt: OBSERVED, objects }));
const well = { total: 1, succeeding: 1, failing: 0 };
const failing = { total: 1, succeeding: 0, failing: 1 };
const nothing = { total: 0, succeeding: 0, failing: 0 };
const ago = (seconds: number) => new Date(Date.parse(OBSERVED) - seconds * 1000).toISOString();
const waiting = (reason: string, restartCount = 0) => ({
  name: 'c',
  ready: false,
  restartCount,
  state: { waiting: { reason } },
});

describe('pods that count', () => {
  it.each([
    ['a ready pod', pod('p'), well],
    ['a completed pod', pod('p', { status: { phase: 'Succeeded', ...UNREADY } }), well],
    [
      'a static pod',
      pod('p', { metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' }, ...owner('Node', 'node-1', 'v1') } }),
      well,
    ],
    ["a DaemonSet's pod", pod('p', { metadata: owner('DaemonSet', 'd') }), well],
    [
      'a ready pod with a completed init container',
      pod('p', {
        status: {
          initContainerStatuses: [{ name: 'i', ready: true, restartCount: 0, state: { terminated: { exitCode: 0 } } }],
        },
      }),
      well,
    ],
    [
      'a crash-looping pod, Running by phase',
      pod('p', { status: { ...UNREADY, containerStatuses: [waiting('CrashLoopBackOff', 9)] } }),
      failing,
    ],
    ['an unready pod', pod('p', { status: UNREADY }), failing],
    [
      'a pod blocked in an init container',
      pod('p', { status: { phase: 'Pending', ...UNREADY, initContainerStatuses: [waiting('CrashLoopBackOff', 3)] } }),
      failing,
    ],
    [
      'an unschedulable pod',
      pod('p', {
        spec: { nodeName: '' },
        status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] },
      }),
      failing,
    ],
    ['an evicted pod', pod('p', { status: { phase: 'Failed', reason: 'Evicted', conditions: [] } }), failing],
    [
      'a pod of a lost node',
      pod('p', { status: { phase: 'Unknown', conditions: [{ type: 'Ready', status: 'Unknown' }] } }),
      failing,
    ],
  ])('%s', (_, object, expected) => {
    expect(count(object)).toEqual(expected);
  });
});

describe('pods that say nothing of how well the cluster does', () => {
  it.each([
    ['is being deleted', pod('p', { metadata: { deletionTimestamp: ago(5) }, status: UNREADY })],
    [
      'starts',
      pod('p', {
        metadata: { creationTimestamp: ago(60) },
        status: { phase: 'Pending', ...UNREADY, containerStatuses: [waiting('ContainerCreating')] },
      }),
    ],
    [
      'waits for the scheduler since a moment',
      pod('p', {
        metadata: { creationTimestamp: ago(10) },
        spec: { nodeName: '' },
        status: { phase: 'Pending', conditions: [] },
      }),
    ],
    ['is a manifest that nobody has applied', { ...pod('p'), status: {} }],
  ])('one that %s', (_, object) => {
    expect(count(object)).toEqual(nothing);
  });

  it.each([
    ['cannot pull its image', waiting('ImagePullBackOff')],
    ['has restarted already', waiting('ContainerCreating', 1)],
  ])('but a new pod counts once it %s', (_, status) => {
    const young = pod('p', {
      metadata: { creationTimestamp: ago(60) },
      status: { phase: 'Pending', ...UNREADY, containerStatuses: [status] },
    });
    expect(count(young)).toEqual(failing);
  });

  it('failed attempts of a Job count when the Job has failed, not while it goes on or when it completed', () => {
    const attempt = pod('p', { metadata: owner('Job', 'j', 'batch/v1'), status: { phase: 'Failed', conditions: [] } });
    expect(count(attempt, job('j', ['Complete'], 1))).toEqual(nothing);
    expect(count(attempt, job('j', [], 1))).toEqual(nothing);
    expect(count(attempt, job('j', ['Failed'], 4))).toEqual(failing);
    expect(count(attempt)).toEqual(failing);
  });
});
