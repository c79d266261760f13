import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('tells sizes that are refused from those that are rounded up', () => {
    const found = check(rule, failing).map(({ resource, severity, facts }) => [resource.name, severity, facts['type']]);
    expect(found.sort()).toEqual([
      ['far', 'high', 'pd-ssd'],
      ['grown', 'high', 'premium_lrs'],
      ['huge', 'high', 'gp2'],
      ['small', 'high', 'st1'],
      ['tiny', 'info', 'pd-ssd'],
      ['too-small', 'high', 'regional pd-standard'],
    ]);
  });
});
