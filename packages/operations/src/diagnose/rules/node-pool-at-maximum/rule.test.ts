import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names the group and the pods', () => {
    expect(check(rule, failing)[0]?.facts).toEqual({ groups: ['gke-shop-pool-1a2b-grp'], pods: ['shop/api-1'] });
  });
});
