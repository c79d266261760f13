import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names what is nearly used up, not what is', () => {
    expect(check(rule, failing)[0]?.facts).toEqual({ resources: ['requests.cpu'] });
  });
});
