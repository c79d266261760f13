import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names workload, key and the keys there are; is medium while the workload is complete', () => {
    const findings = check(rule, failing);
    expect(
      findings.map(({ severity, resource, facts }) => [severity, resource.kind, resource.name, facts['key']]),
    ).toEqual([
      ['high', 'Deployment', 'web', 'log-level'],
      ['high', 'CronJob', 'report', 'report.yaml'],
      ['medium', 'Deployment', 'steady', 'gone'],
    ]);
    expect(findings[0]?.evidence).toContainEqual(
      expect.objectContaining({ kind: 'absence', text: 'has key log.level, not log-level' }),
    );
  });
});
