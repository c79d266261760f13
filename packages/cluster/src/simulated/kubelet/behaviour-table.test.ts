import { describe, expect, it } from 'vitest';
import { BehaviourTable } from './behaviour-table.ts';
import { HEALTHY, type ContainerPlace } from './behaviour.ts';

const PLACE = { container: 'app' } as ContainerPlace;

describe('BehaviourTable', () => {
  it('lays later rows over earlier ones, field by field', () => {
    const table = new BehaviourTable({ ...HEALTHY, container: () => ({ startMs: 1, exitCode: 2 }) });
    table.add({ container: () => ({ exitCode: 3, exitsAfterMs: 10 }) });
    table.add({ container: () => ({ exitsAfterMs: 20 }) });
    expect(table.container(PLACE)).toEqual({ startMs: 1, exitCode: 3, exitsAfterMs: 20 });
  });

  it('tells each row what held below it', () => {
    const table = new BehaviourTable({ ...HEALTHY, image: () => ({ pullMs: 10 }) });
    const twice = { image: (_image: string, { pullMs = 0 }) => ({ pullMs: 2 * pullMs }) };
    table.add(twice);
    table.add({ image: () => ({ pullError: 'gone' }) });
    table.add(twice);
    expect(table.image('a')).toEqual({ pullMs: 40, pullError: 'gone' });
  });

  it('leaves as it was what a row has no answer for', () => {
    const table = new BehaviourTable(HEALTHY);
    table.add({ image: (image) => (image === 'a' ? { pullError: 'gone' } : undefined) });
    expect(table.image('a')).toEqual({ pullError: 'gone' });
    expect(table.image('b')).toEqual({});
    expect(table.node('n1')).toEqual({});
    expect(table.volume({ namespace: 'a', claim: 'b', storageClass: '', driver: '', at: 0 })).toEqual({});
  });

  it('takes a row off again, whatever was laid on top of it since', () => {
    const table = new BehaviourTable(HEALTHY);
    const takeOff = table.add({ node: () => ({ sandboxError: 'first' }) });
    table.add({ node: () => ({ systemCpuMillis: 5 }) });
    takeOff();
    takeOff();
    expect(table.node('n1')).toEqual({ systemCpuMillis: 5 });
  });

  it('has no custom metrics until somebody measures, and asks the latest who knows', () => {
    const table = new BehaviourTable(HEALTHY);
    expect(table.metric).toBeUndefined();
    table.add({ metric: () => 1 });
    const takeOff = table.add({ metric: ({ name }) => (name === 'queue' ? 2 : undefined) });
    const question = { name: 'queue', namespace: 'shop', at: 0, labels: {} };
    expect(table.metric?.(question)).toBe(2);
    expect(table.metric?.({ ...question, name: 'other' })).toBe(1);
    takeOff();
    expect(table.metric?.(question)).toBe(1);
  });
});
