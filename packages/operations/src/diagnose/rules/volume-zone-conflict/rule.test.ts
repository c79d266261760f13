import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('tells a place without nodes from one whose nodes are out, and who waits', () => {
    expect(check(rule, failing).map(({ resource, severity, facts }) => [resource.name, severity, facts])).toEqual([
      [
        'gone',
        'high',
        { claim: 'shop/gone', cause: 'no-node', place: 'zone us-central1-c', nodes: [], pods: ['shop/a'] },
      ],
      [
        'out',
        'high',
        { claim: 'shop/out', cause: 'nodes-out', place: 'zone us-central1-f', nodes: ['n2', 'n3'], pods: ['shop/b'] },
      ],
      ['idle', 'low', { claim: 'shop/idle', cause: 'no-node', place: 'hostname n9', nodes: [], pods: [] }],
    ]);
  });
});
