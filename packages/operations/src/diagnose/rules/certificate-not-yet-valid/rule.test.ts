import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('says from when it holds, and is critical where it is served', () => {
    expect(check(rule, failing)).toMatchObject([
      { severity: 'critical', message: expect.stringContaining('becomes valid in 3 days') as string },
    ]);
  });
});
