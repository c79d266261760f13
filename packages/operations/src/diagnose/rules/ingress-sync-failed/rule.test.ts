import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is high without an address, medium with one; unknown warnings are information', () => {
    expect(
      check(rule, failing).map(({ severity, resource, facts }) => [
        severity,
        resource.name,
        facts['reason'] ?? facts['error'],
        facts['cause'],
      ]),
    ).toEqual([
      ['high', 'a', 'Translate', 'not-found'],
      ['high', 'c', 'boom', undefined],
      ['medium', 'b', 'FailedDeployModel', 'permission'],
      ['info', 'd', 'SomethingElse', undefined],
    ]);
  });
});
