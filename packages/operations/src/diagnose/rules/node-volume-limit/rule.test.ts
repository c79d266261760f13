import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('counts what is attached and what pods use', () => {
    expect(check(rule, failing).map(({ resource, severity, facts }) => [resource.name, severity, facts])).toEqual([
      ['n1', 'medium', { driver: 'pd.csi.storage.gke.io', disks: 3, limit: 3 }],
      ['n2', 'low', { driver: 'pd.csi.storage.gke.io', disks: 9, limit: 10 }],
    ]);
  });
});
