import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('repeats what the check said', () => {
    expect(check(rule, failing)[0]?.facts).toMatchObject({ error: 'unable to verify the first certificate' });
  });
});
