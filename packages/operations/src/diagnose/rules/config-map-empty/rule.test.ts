import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is one statement for the namespace, with names', () => {
    expect(check(rule, failing).map(({ severity, message }) => [severity, message])).toEqual([
      ['info', 'Namespace shop has 2 ConfigMaps without any key: bare, empty.'],
    ]);
  });
});
