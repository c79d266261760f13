import { describe, expect, it } from 'vitest';
import { grouped } from './group-happenings.ts';

const MINUTE = 60_000;
const happening = (at: number, message: string, pod = 'web-1') =>
  ({ at, type: 'pod', entity: `Pod shop/${pod}`, about: 'Deployment shop/web', message }) as const;

describe('grouped', () => {
  it('puts what happens to pods of one workload within a minute into one line', () => {
    const groups = grouped([
      happening(0, 'is ready'),
      happening(1000, 'is ready', 'web-2'),
      happening(1000, 'is gone'),
    ]);
    expect(groups.map(({ message, count, lastAt }) => [message, count, lastAt])).toEqual([
      ['is ready', 2, 1000],
      ['is gone', 1, 1000],
    ]);
  });

  it('tells twice what goes round in a circle, and sums up the rest', () => {
    const crashes = [0, 5, 10, 15, 20].map((minute) => happening(minute * MINUTE, 'fails: Error'));
    expect(grouped(crashes).map(({ at, count, lastAt }) => [at / MINUTE, count, lastAt / MINUTE])).toEqual([
      [0, 1, 0],
      [5, 4, 20],
    ]);
  });
});
