import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('asks for node ports or endpoint groups, and for the groups of an internal one', () => {
    expect(check(rule, failing).map(({ resource, facts }) => [resource.name, facts['service'], facts['type']])).toEqual(
      [
        ['inner', 'shop/node', 'NodePort'],
        ['outer', 'shop/off', 'ClusterIP'],
        ['outer', 'shop/plain', 'ClusterIP'],
      ],
    );
  });
});
