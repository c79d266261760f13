import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('says how long it took', () => {
    expect(check(rule, failing)).toMatchObject([
      { severity: 'low', message: expect.stringContaining('took 4.3 s') as string, facts: { latencyMs: 4321 } },
    ]);
  });
});
