import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names the claim templates of the missing class, once for all', () => {
    const findings = check(rule, failing);
    expect(findings.map(({ facts }) => facts)).toEqual([
      { objectKind: 'StorageClass', objectName: 'gp3', claimTemplates: ['data', 'wal'] },
    ]);
  });

  it('is low where no StorageClass at all was read', () => {
    const objects = failing.snapshot.objects.filter(({ kind }) => kind === 'StatefulSet');
    const found = check(rule, examine({ objects: structuredClone(objects) }));
    expect(found.map(({ severity }) => severity)).toContain('low');
    expect(found[0]?.message).toContain('which is not among what was read');
  });
});
