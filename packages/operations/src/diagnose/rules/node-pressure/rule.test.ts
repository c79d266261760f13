import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('says what is short, since when, and whom it hits', () => {
    expect(check(rule, failing)[0]?.message).toBe(
      'Node n1 has been short of disk space for 60 min and may evict its 3 pods (DiskPressure).',
    );
  });
});
