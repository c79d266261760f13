import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('counts and names them, and is never more than low', () => {
    expect(check(rule, failing).map(({ severity, message, facts }) => [severity, message, facts['pods']])).toEqual([
      [
        'low',
        '2 of 3 endpoints of Service other/api are not ready (api-2, api-3); the others serve.',
        ['other/api-2', 'other/api-3'],
      ],
      ['low', '1 of 2 endpoints of Service shop/web is not ready (web-2); the others serve.', ['shop/web-2']],
    ]);
  });
});
