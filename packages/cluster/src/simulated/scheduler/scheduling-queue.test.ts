import { describe, expect, it } from 'vitest';
import { PodProfile } from '../../scheduling/pod-profile.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import type { SchedulerOptions } from './scheduler-options.ts';
import { nodeObject, podObject, type PodSample } from './scheduler.suite.ts';
import { SchedulingQueue } from './scheduling-queue.ts';

const START_AT = Date.UTC(2025, 0, 1);
const ROOM = new Set(['NodeResourcesFit']);

function queueOf(options?: SchedulerOptions) {
  const clock = new VirtualClock(START_AT);
  let woken = 0;
  const queue = new SchedulingQueue(clock, () => woken++, options);
  const add = (name: string, sample?: PodSample) => queue.add(name, new PodProfile(podObject(name, sample)));
  const fail = (refusedBy: ReadonlySet<string> = ROOM, isBroken = false) => {
    const pod = queue.pop();
    if (pod === undefined) throw new Error('there is nothing to try');
    queue.putBack(pod, refusedBy, isBroken);
  };
  const gone = () => queue.happened({ kind: 'pod-gone', pod: new PodProfile(podObject('other')) });
  const names = () => {
    const popped: string[] = [];
    for (let pod = queue.pop(); pod !== undefined; pod = queue.pop()) popped.push(pod.uid);
    return popped;
  };
  return { clock, queue, add, fail, gone, names, woken: () => woken };
}

describe('SchedulingQueue', () => {
  it('gives the important first, then those that wait longer', () => {
    const { add, names, clock } = queueOf();
    add('old');
    clock.advance(10);
    add('young');
    add('great', { spec: { priority: 7 } });
    expect(names()).toEqual(['great', 'old', 'young']);
  });

  it('keeps gated pods back until their gates are gone', () => {
    const { queue, add, names, woken } = queueOf();
    add('web', { spec: { schedulingGates: [{ name: 'g' }] } });
    expect([names(), woken()]).toEqual([[], 0]);
    queue.renew('web', new PodProfile(podObject('web')), true);
    expect(names()).toEqual(['web']);
  });

  it('keeps a pod that was tried in vain until something happens that may help', () => {
    const { add, fail, gone, names, queue } = queueOf();
    add('web', { requests: { cpu: '2' } });
    fail();
    queue.happened({ kind: 'node', node: nodeObject('small', { capacity: { cpu: '1' } }) });
    queue.happened({ kind: 'storage' });
    expect(names()).toEqual([]);
    gone();
    expect(names()).toEqual(['web']);
  });

  it('backs off a second, twice as long after each failure, and ten seconds at most', () => {
    const { add, fail, gone, queue, clock } = queueOf({ popsFromBackOff: false });
    add('web');
    const waited: number[] = [];
    for (let i = 0; i < 6; i++) {
      fail();
      gone();
      const failedAt = clock.now;
      while (queue.get('web')?.state !== 'active') clock.advance(1000);
      waited.push(clock.now - failedAt);
    }
    expect(waited).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  it('tries a pod that backs off at once when nothing else is to do, but for one whose attempt broke', () => {
    const { add, fail, gone, names, clock } = queueOf();
    add('web');
    fail();
    gone();
    expect(names()).toEqual(['web']);
    add('broken');
    fail(new Set(), true);
    expect(names()).toEqual([]);
    clock.advance(1000);
    expect(names()).toEqual(['broken']);
  });

  it('tries what waits in vain again after five minutes, in rounds of half a minute', () => {
    const { add, fail, clock, names } = queueOf();
    clock.advance(10_000);
    add('web');
    fail();
    clock.advance(319_999);
    expect(names()).toEqual([]);
    clock.advance(1);
    expect(names()).toEqual(['web']);
    expect(clock.waiting).toBe(0);
  });

  it('tries a pod that changed again, and forgets one that is gone', () => {
    const { queue, add, fail, names } = queueOf();
    add('web');
    fail();
    queue.renew('web', new PodProfile(podObject('web', { labels: { app: 'x' } })), false);
    expect(names()).toEqual([]);
    queue.renew('web', new PodProfile(podObject('web', { labels: { app: 'y' } })), true);
    queue.remove('web');
    expect([names(), queue.size]).toEqual([[], 0]);
  });
});
