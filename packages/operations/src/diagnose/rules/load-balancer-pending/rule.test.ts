import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('takes the reason from the event, else from a quota that is used up', () => {
    const findings = check(rule, failing);
    expect(
      findings.map(({ resource, facts }) => [resource.name, facts['cause'], facts['metric'], facts['region']]),
    ).toEqual([
      ['admin', 'quota', 'IN_USE_ADDRESSES', 'us-central1'],
      ['web', 'quota', 'IN_USE_ADDRESSES', 'us-central1'],
    ]);
    expect(findings[1]?.evidence.some(({ kind }) => kind === 'event')).toBe(true);
    expect(findings[0]?.evidence.some(({ kind }) => kind === 'quota')).toBe(true);
  });
});
