import { snapshotOf } from '@aia/cluster';
import type { Action, Phase } from '@aia/contract';
import { expect, it } from 'vitest';
import { assess } from '../assess.ts';
import { clusterWith, deployment } from '../plan/trial.suite.ts';
import { Course } from './course.ts';
import { effortFor } from './effort.ts';
import { RehearsalStage } from './rehearse.ts';

const target = (name: string) => ({ group: '', kind: 'ConfigMap', namespace: 'shop', name });

/** Makes a ConfigMap, and holds where it is there; nothing takes it away again. */
function making(name: string, expected = name): Action {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' } };
  return {
    ...{ id: name, title: name, after: [], preconditions: [], resolves: [] },
    steps: [{ change: { kind: 'create', object } }],
    inverse: { kind: 'irreversible', reason: 'made up' },
    probe: { conditions: [{ kind: 'exists', target: target(expected) }], withinMs: 1000, soakMs: 0 },
  } as unknown as Action;
}

const phase = (...actions: readonly Action[]) => ({ number: 1, actions, barrier: [] }) as unknown as Phase;

it('begins anew without what failed and left its marks', () => {
  const snapshot = snapshotOf(clusterWith([deployment('web')]), 'test');
  const judge = (one: typeof snapshot) => assess(one, { version: 'test' });
  const course = new Course(() => new RehearsalStage(snapshot, judge(snapshot), judge), effortFor(100, 2));
  const isThere = (name: string) => course.end().snapshot.resolve(target(name)) !== undefined;
  course.try([phase(making('good')), phase(making('bad', 'never'))]);
  expect([course.isMarked, isThere('good'), isThere('bad')]).toEqual([true, true, true]);
  course.startOver();
  expect([course.isMarked, isThere('good'), isThere('bad')]).toEqual([false, true, false]);
  expect(course.phases.flatMap(({ actions }) => actions.map(({ id }) => id))).toEqual(['good']);
  expect([...course.failed.keys()]).toEqual(['bad']);
  course.stop();
});
