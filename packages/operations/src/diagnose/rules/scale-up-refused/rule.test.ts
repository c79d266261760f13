import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('tells quota and stock-out apart and joins the metric from the autoscaler status', () => {
    const byCause = new Map(check(rule, failing).map((finding) => [finding.facts['cause'], finding]));
    expect([...byCause.keys()].sort()).toEqual(['quota', 'stock-out']);
    const quota = byCause.get('quota');
    expect(quota?.facts).toMatchObject({
      metrics: ['CPUS'],
      region: 'us-central1',
      zones: ['us-central1-b'],
      pods: ['shop/api-5d9c7b6f4-2xk8p'],
    });
    expect(quota?.evidence.map(({ kind }) => kind).sort()).toEqual(['cloud', 'event']);
  });
});
