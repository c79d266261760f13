import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names the node', () => {
    expect(check(rule, failing)).toMatchObject([
      {
        severity: 'medium',
        message: 'Pod shop/lost stands on node n9, which does not exist.',
        facts: { node: 'n9', workload: '/Pod/shop/lost' },
      },
    ]);
  });
  it('concludes nothing where most nodes were not read', () => {
    const objects = structuredClone(failing.snapshot.objects);
    const elsewhere = ['n3', 'n4'].map((nodeName) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: nodeName, namespace: 'shop' },
      spec: { nodeName, containers: [] },
    }));
    expect(check(rule, examine({ objects: [...objects, ...elsewhere] }))).toEqual([]);
    expect(check(rule, examine({ objects: objects.filter(({ kind }) => kind !== 'Node') }))).toEqual([]);
  });
});
