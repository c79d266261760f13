import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { NOW, object } from '../../scene.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is one statement for the namespace, with names', () => {
    expect(check(rule, failing).map(({ severity, message, facts }) => ({ severity, message, facts }))).toEqual([
      {
        severity: 'info',
        message: 'Namespace shop has 2 ConfigMaps that nothing which was read refers to: left-a, left-b.',
        facts: { objectKind: 'ConfigMap', count: 2, objects: ['left-a', 'left-b'] },
      },
    ]);
  });

  it('needs no workload beside the pods, and speaks of a single object itself', () => {
    const pod = object('v1', 'Pod', 'web', { spec: { containers: [{ name: 'app', image: 'x:1' }] } });
    const left = object('v1', 'ConfigMap', 'left', { data: { a: 'b' } });
    expect(check(rule, examine({ observedAt: NOW, objects: [pod, left] }))).toMatchObject([
      {
        resource: { kind: 'ConfigMap', name: 'left' },
        message: 'ConfigMap shop/left is a ConfigMap that nothing which was read refers to.',
      },
    ]);
    expect(check(rule, examine({ observedAt: NOW, objects: [left] }))).toEqual([]);
  });
});
