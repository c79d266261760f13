import type { Action, Change, Phase, Rehearsal } from '@aia/contract';
import { describe, expect, it } from 'vitest';
import { actionOf } from '../action.suite.ts';
import { askedEarly, isAsking } from './asked-early.ts';

const room = (amount: number) => ({ kind: 'quota-room', metric: 'CPUS', region: 'r', amount }) as const;
const ASKING: Change = {
  kind: 'cloud',
  call: { operation: 'request-quota', metric: 'CPUS', region: 'r', from: 1, to: 2 },
};

function ask(id: string, amount = 1): Action {
  return actionOf(id, { probe: { conditions: [room(amount)], withinMs: 1, soakMs: 0 } }, [ASKING]);
}

function phases(...all: readonly (readonly Action[])[]): readonly Phase[] {
  return all.map((actions, i) => ({
    ...{ number: i + 1, name: '', priority: 'high', purpose: '', actions },
    barrier: actions.flatMap(({ probe }) => probe.conditions),
  }));
}

function outcomes(count: number): Rehearsal['phases'] {
  const after = { pods: { total: 1, succeeding: 1 }, nodes: 1, loadBalancers: 0 };
  return Array.from({ length: count }, (_, i) => ({
    ...{ number: i + 1, held: true, after: { ...after, nodes: i + 1 }, startedAt: i, endedAt: i + 1 },
  }));
}

const ids = (all: readonly Phase[]) => all.map(({ actions }) => actions.map(({ id }) => id));
const [a, b] = [actionOf('a'), actionOf('b')];

describe('quota is asked for early', () => {
  it('is told from work that only also asks', () => {
    expect(isAsking(ask('q'))).toBe(true);
    expect(isAsking(actionOf('none'))).toBe(false);
    expect(isAsking(actionOf('mixed', {}, [ASKING, { kind: 'delete', target: a.target }]))).toBe(false);
  });

  it('in the first phase, and what nothing builds on is awaited at the end, where its own phase is gone', () => {
    const early = askedEarly(phases([a], [b], [ask('q')]), [], outcomes(3));
    expect(ids(early.phases)).toEqual([['q', 'a'], ['b']]);
    expect(early.phases.map(({ awaits }) => awaits)).toEqual([undefined, ['q']]);
    expect(early.phases.map(({ barrier }) => barrier.some(({ kind }) => kind === 'quota-room'))).toEqual([false, true]);
    expect(
      early.outcomes.map(({ number, startedAt, endedAt, after }) => [number, startedAt, endedAt, after.nodes]),
    ).toEqual([
      [1, 0, 1, 1],
      [2, 1, 3, 3],
    ]);
  });

  it('and what builds on the answer keeps its place behind it', () => {
    const grow = actionOf('grow', { after: ['q'] });
    const edge = { from: 'q', to: 'grow', reason: '' };
    const early = askedEarly(phases([a], [ask('q'), grow], [b]), [edge], outcomes(3));
    expect(ids(early.phases)).toEqual([['q', 'a'], ['grow'], ['b']]);
    expect(early.phases.map(({ awaits }) => awaits)).toEqual([undefined, ['q'], undefined]);
    expect(early.outcomes).toEqual(outcomes(3));
  });

  it('without the first phase, where that only asked for what nothing builds on', () => {
    const early = askedEarly(phases([ask('q')], [a]), [], outcomes(2));
    expect(ids(early.phases)).toEqual([['q', 'a']]);
    expect(early.phases[0]?.awaits).toEqual(['q']);
    expect(early.outcomes.map(({ number, startedAt, endedAt }) => [number, startedAt, endedAt])).toEqual([[1, 0, 2]]);
  });

  it.each<[string, readonly Phase[], readonly { from: string; to: string; reason: string }[]]>([
    ['all is asking', phases([ask('q')], [ask('r', 2)]), []],
    ['there is one phase', phases([a, ask('q')]), []],
    ['it waits for something itself', phases([a], [ask('q'), b]), [{ from: 'a', to: 'q', reason: '' }]],
    [
      'it is in the first phase, with what builds on it',
      phases([ask('q'), b], [a]),
      [{ from: 'q', to: 'b', reason: '' }],
    ],
  ])('but stays as it is where %s', (_, all, dependencies) => {
    expect(askedEarly(all, dependencies, outcomes(all.length))).toEqual({
      phases: all,
      outcomes: outcomes(all.length),
    });
  });
});
