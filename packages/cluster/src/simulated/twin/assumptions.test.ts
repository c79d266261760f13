import { describe, expect, it } from 'vitest';
import { SnapshotBuilder } from '../../snapshot/builder.ts';
import { simulate } from './simulate.ts';

const OBSERVED_AT = Date.UTC(2026, 5, 1);
const HOUR_AGO = '2026-05-31T23:00:00Z';

function twinOf(...objects: readonly object[]) {
  const builder = new SnapshotBuilder();
  const node = {
    ...{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', uid: 'n1' } },
    status: {
      allocatable: { cpu: '4', memory: '16Gi', pods: '110' },
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: HOUR_AGO }],
    },
  };
  for (const object of [node, ...objects]) builder.add(structuredClone(object), 'test');
  return simulate(builder.build({ source: { kind: 'dump', name: 'test' }, observedAt: OBSERVED_AT }));
}

const pod = (spec: object, status: object): object => ({
  ...{ apiVersion: 'v1', kind: 'Pod' },
  metadata: { name: 'web', namespace: 'shop', uid: 'web', creationTimestamp: HOUR_AGO },
  spec: { containers: [{ name: 'app', image: 'app:1' }], ...spec },
  status: { phase: 'Pending', startTime: HOUR_AGO, ...status },
});

const container = (status: object) => ({
  phase: 'Running',
  containerStatuses: [
    { name: 'app', image: 'app:1', imageID: 'x', ready: false, restartCount: 3, lastState: {}, ...status },
  ],
});

const ended = (reason: string, exitCode: number) => ({
  state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container=app' } },
  lastState: { terminated: { reason, exitCode, startedAt: HOUR_AGO, finishedAt: '2026-05-31T23:58:00Z' } },
});

describe('what a twin assumes', () => {
  it.each([
    ['a pod that would fit', pod({}, {}), /would let them on one now/],
    [
      'a restart without a reason',
      pod({ nodeName: 'n1' }, container({ state: { running: { startedAt: HOUR_AGO } }, ready: true })),
      /restarted for a reason that is not on record/,
    ],
    [
      'a crash without a log',
      pod({ nodeName: 'n1' }, container(ended('Error', 1))),
      /nothing was read of what they log/,
    ],
    ['a lack of memory', pod({ nodeName: 'n1' }, container(ended('OOMKilled', 137))), /half as much again/],
    ['a start that hangs', pod({ nodeName: 'n1' }, {}), /no event says why/],
  ])('names %s, and is less sure of it', (_, object, message) => {
    const { assumptions, confidence } = twinOf(object);
    const found = assumptions.find((one) => message.test(one.message));
    expect(found?.about).toBe('Pod shop/web');
    expect(confidence).toBeLessThan(twinOf().confidence);
    expect(confidence).toBeCloseTo(
      assumptions.reduce((left, { confidenceLoss }) => left * (1 - confidenceLoss), 1),
      10,
    );
  });

  it('names each kind that was not read once, with what stays off', () => {
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'set', controller: true };
    const { metadata, ...rest } = pod({ nodeName: 'n1' }, {}) as { metadata: object };
    const { assumptions } = twinOf({ ...rest, metadata: { ...metadata, ownerReferences: [owner] } });
    const kinds = assumptions.map(({ about }) => about).filter((about) => about.startsWith('kind '));
    expect(kinds).toContain('kind ReplicaSet');
    expect(new Set(kinds).size).toBe(kinds.length);
  });
});
