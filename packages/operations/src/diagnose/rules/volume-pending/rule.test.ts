import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('says since when', () => {
    expect(check(rule, failing)[0]?.message).toBe('Volume pv-1 of 20 GiB has been Pending for 26 d.');
  });
});
