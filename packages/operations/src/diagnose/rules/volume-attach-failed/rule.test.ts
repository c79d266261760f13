import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('says why, where, and which pod waits', () => {
    expect(check(rule, failing).map(({ resource, severity, facts }) => [resource.name, severity, facts])).toEqual([
      ['pv-1', 'high', { cause: 'refused', volume: 'pv-1', claim: 'shop/data', node: 'n1', pods: ['shop/web'] }],
      [
        'pv-2',
        'high',
        { cause: 'held-by-lost-node', volume: 'pv-2', claim: 'shop/held', node: 'n2', pods: ['shop/held'] },
      ],
      [
        'pv-3',
        'high',
        { cause: 'held-by-absent-node', volume: 'pv-3', claim: 'shop/gone', node: 'n9', pods: ['shop/gone'] },
      ],
      ['pv-4', 'medium', { cause: 'detach-failed', volume: 'pv-4', claim: 'shop/left', node: 'n1', pods: [] }],
    ]);
  });
});
