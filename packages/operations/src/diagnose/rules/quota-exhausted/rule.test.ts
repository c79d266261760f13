import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('says which metric, and thinks less of what clusters do not draw on', () => {
    const findings = check(rule, failing);
    expect(findings.map(({ severity, facts }) => [severity, facts['metric'], facts['region']])).toEqual([
      ['high', 'CPUS', 'us-central1'],
      ['high', 'SSD_TOTAL_GB', 'us-central1'],
      ['low', 'NETWORKS', 'global'],
    ]);
  });
});
