import { describe, expect, it } from 'vitest';
import type { Event, Pod } from '../../model/kinds.ts';
import { EVENTS, PODS } from '../api/built-in-types.ts';
import { newCluster } from '../simulated-cluster.suite.ts';

const web: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop', uid: 'u1', resourceVersion: '7' },
};
const KUBELET = { component: 'kubelet', host: 'node-1' };
const SCHEDULER = { component: 'default-scheduler', action: 'Scheduling' };

function cluster() {
  const { api, clock, events: recorder } = newCluster();
  const events = (): readonly Event[] => [...api.store.list(EVENTS, 'shop')];
  return { api, clock, recorder, events };
}

describe('EventRecorder', () => {
  it('writes what happened, to which object, and who says so', () => {
    const { recorder, events } = cluster();
    recorder.record(web, 'Normal', 'Pulled', 'Image is there', { ...KUBELET, fieldPath: 'spec.containers{app}' });
    expect(events()).toMatchObject([
      {
        involvedObject: {
          apiVersion: 'v1',
          kind: 'Pod',
          namespace: 'shop',
          name: 'web',
          uid: 'u1',
          resourceVersion: '7',
          fieldPath: 'spec.containers{app}',
        },
        type: 'Normal',
        reason: 'Pulled',
        message: 'Image is there',
        count: 1,
        firstTimestamp: '2025-01-01T00:00:00Z',
        lastTimestamp: '2025-01-01T00:00:00Z',
        source: KUBELET,
        reportingComponent: 'kubelet',
        reportingInstance: 'node-1',
      },
    ]);
    expect(events()[0]?.metadata.name).toMatch(/^web\.[0-9a-f]{16}$/);
  });

  it('counts equal events in one object', () => {
    const { clock, recorder, events } = cluster();
    for (let i = 0; i < 3; i++) {
      recorder.record(web, 'Warning', 'BackOff', 'Back-off', KUBELET);
      clock.advance(10_000);
    }
    expect(events()).toMatchObject([
      { count: 3, firstTimestamp: '2025-01-01T00:00:00Z', lastTimestamp: '2025-01-01T00:00:20Z' },
    ]);
  });

  it('keeps apart what containers, objects, reasons and sources say', () => {
    const { recorder, events } = cluster();
    const say = (subject: Pod, reason: string, source: typeof KUBELET & { fieldPath?: string }) =>
      recorder.record(subject, 'Normal', reason, 'text', source);
    say(web, 'A', { ...KUBELET, fieldPath: 'spec.containers{a}' });
    say(web, 'A', { ...KUBELET, fieldPath: 'spec.containers{b}' });
    say({ ...web, metadata: { ...web.metadata, uid: 'u2' } }, 'A', KUBELET);
    say(web, 'B', KUBELET);
    say(web, 'B', { ...KUBELET, host: 'node-2' });
    expect(events().map(({ count }) => count)).toEqual([1, 1, 1, 1, 1]);
    expect(new Set(events().map(({ metadata }) => metadata.name)).size).toBe(5);
  });

  it('combines similar events from the tenth different message in ten minutes on', () => {
    const { recorder, events } = cluster();
    for (let i = 1; i <= 12; i++) recorder.record(web, 'Warning', 'Failed', `message ${i}`, KUBELET);
    expect(events()).toHaveLength(10);
    expect(events().at(-1)).toMatchObject({ message: '(combined from similar events): message 12', count: 3 });
  });

  it('silences who says more than 25 things of one object, but for one each five minutes', () => {
    const { clock, recorder, events } = cluster();
    const say = (count: number) => {
      for (let i = 0; i < count; i++) recorder.record(web, 'Warning', `Reason${i}`, 'text', KUBELET);
    };
    say(30);
    expect(events()).toHaveLength(25);
    clock.advance(300_000);
    say(2);
    expect(events().map(({ count }) => count)).toEqual([2, ...new Array<number>(24).fill(1)]);
    recorder.record(web, 'Warning', 'Other', 'text', { component: 'other' });
    expect(events()).toHaveLength(26);
  });

  it('forgets events an hour after they were written last', () => {
    const { clock, recorder, events } = cluster();
    recorder.record(web, 'Normal', 'Once', 'text', KUBELET);
    recorder.record(web, 'Normal', 'Again', 'text', KUBELET);
    clock.advance(1_800_000);
    recorder.record(web, 'Normal', 'Again', 'text', KUBELET);
    clock.advance(1_800_000);
    expect(events()).toMatchObject([{ reason: 'Again', count: 2 }]);
    clock.advance(1_800_000);
    expect(events()).toEqual([]);
  });

  it('goes on counting under the old name after the event was forgotten', () => {
    const { clock, recorder, events } = cluster();
    recorder.record(web, 'Normal', 'Again', 'text', KUBELET);
    const first = events()[0] as Event;
    clock.advance(3_700_000);
    recorder.record(web, 'Normal', 'Again', 'text', KUBELET);
    expect(events()).toMatchObject([
      { metadata: { name: first.metadata.name }, count: 2, firstTimestamp: first.firstTimestamp },
    ]);
  });

  it('records what is about no namespace in default', () => {
    const { api, recorder } = cluster();
    recorder.record({ kind: 'Node', name: 'node-1', uid: 'node-1' }, 'Normal', 'Starting', '', KUBELET);
    expect([...api.store.list(EVENTS)]).toMatchObject([
      { metadata: { namespace: 'default' }, involvedObject: { kind: 'Node', name: 'node-1', uid: 'node-1' } },
    ]);
  });

  it('gives the same names in each run', () => {
    const names = () => {
      const { recorder, events } = cluster();
      recorder.record(web, 'Normal', 'A', 'text', KUBELET);
      recorder.record(web, 'Normal', 'B', 'text', KUBELET);
      return events().map(({ metadata }) => metadata.name);
    };
    expect(names()).toEqual(names());
  });

  it('expires what clients write, too', () => {
    const { api, clock, events } = cluster();
    const metadata = { name: 'mine', namespace: 'shop' };
    api.create(EVENTS, { apiVersion: 'v1', kind: 'Event', metadata, involvedObject: {} });
    clock.advance(3_600_000);
    expect(events()).toEqual([]);
    expect(() => api.get(PODS, 'shop', 'web')).toThrow('not found');
  });
});

describe('EventRecorder.recordSeries', () => {
  it('writes a time and no count, then a series', () => {
    const { clock, recorder, events } = cluster();
    recorder.recordSeries(web, 'Warning', 'FailedScheduling', 'no nodes', SCHEDULER);
    expect(events()).toMatchObject([
      { eventTime: '2025-01-01T00:00:00.000000Z', action: 'Scheduling', reportingComponent: 'default-scheduler' },
    ]);
    expect(events()[0]).not.toHaveProperty('count');
    clock.advance(10_000);
    recorder.recordSeries(web, 'Warning', 'FailedScheduling', 'other words', SCHEDULER);
    expect(events()).toMatchObject([
      { message: 'no nodes', series: { count: 2, lastObservedTime: '2025-01-01T00:00:10.000000Z' } },
    ]);
  });

  it('writes the count again when the series is over', () => {
    const { clock, recorder, events } = cluster();
    for (let i = 0; i < 5; i++) recorder.recordSeries(web, 'Warning', 'FailedScheduling', 'no nodes', SCHEDULER);
    expect(events()).toMatchObject([{ series: { count: 2 } }]);
    clock.advance(720_000);
    expect(events()).toMatchObject([{ series: { count: 5 } }]);
    recorder.recordSeries(web, 'Warning', 'FailedScheduling', 'no nodes', SCHEDULER);
    expect(events()).toHaveLength(2);
  });

  it('begins a new series for another state of the object', () => {
    const { recorder, events } = cluster();
    recorder.recordSeries(web, 'Warning', 'FailedScheduling', 'no nodes', SCHEDULER);
    const changed = { ...web, metadata: { ...web.metadata, resourceVersion: '8' } };
    recorder.recordSeries(changed, 'Warning', 'FailedScheduling', 'no nodes', SCHEDULER);
    expect(events()).toHaveLength(2);
  });
});
