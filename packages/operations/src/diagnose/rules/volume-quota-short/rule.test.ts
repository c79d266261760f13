import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('adds up claims without a volume and expansions, for the region of the cluster', () => {
    expect(check(rule, failing).map(({ facts }) => facts)).toEqual([
      {
        metric: 'SSD_TOTAL_GB',
        region: 'us-central1',
        limit: 500,
        usage: 350,
        neededGb: 190,
        headroomGb: 150,
        claims: ['shop/a', 'shop/b', 'shop/c'],
      },
    ]);
  });
});
