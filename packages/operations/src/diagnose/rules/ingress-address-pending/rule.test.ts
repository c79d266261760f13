import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('where others of the class have one, or the cloud always gives one', () => {
    expect(check(rule, failing).map(({ message }) => message)).toEqual([
      'Ingress shop/b has waited 24 h for an address of class nginx.',
      'Ingress shop/c has waited for an unknown time for an address of class gce.',
    ]);
  });
});
