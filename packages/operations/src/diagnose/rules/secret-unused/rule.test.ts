import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is one statement for the namespace, with names', () => {
    expect(check(rule, failing).map(({ severity, message, facts }) => ({ severity, message, facts }))).toEqual([
      {
        severity: 'info',
        message: 'Namespace shop has 2 Secrets that nothing which was read refers to: left-a, left-b.',
        facts: { objectKind: 'Secret', count: 2, objects: ['left-a', 'left-b'] },
      },
    ]);
  });
});
