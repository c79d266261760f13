import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names the claim templates of the missing class, once for all', () => {
    const findings = check(rule, failing);
    expect(findings.map(({ facts }) => facts)).toEqual([
      { objectKind: 'StorageClass', objectName: 'gp3', claimTemplates: ['data', 'wal'] },
    ]);
  });
});
