import { expect, it } from 'vitest';
import { DEFECT, findAll } from './findings.ts';
import { examine } from './rule.suite.ts';
import type { Rule } from './rule.ts';
import { rule as podFailed } from './rules/pod-failed/rule.ts';
import { NOW, pod } from './scene.suite.ts';

const broken: Rule = {
  ...podFailed,
  code: 'broken',
  check: () => {
    throw new TypeError('no such field');
  },
};
const scene = () => examine({ observedAt: NOW, objects: [pod('a', { phase: 'Failed', ready: false, owner: {} })] });

it('tells a rule that breaks, and lets the others go on', () => {
  const { findings, notRun } = findAll(scene(), [broken, podFailed], 'tell');
  expect(notRun).toEqual([{ code: 'broken', reason: `${DEFECT}: no such field` }]);
  expect(findings).toEqual(findAll(scene(), [podFailed]).findings);
});
it('throws it where nobody would read of it', () => {
  expect(() => findAll(scene(), [broken])).toThrow('no such field');
});
