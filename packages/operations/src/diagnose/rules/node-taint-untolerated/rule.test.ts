import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { NOW } from '../../scene.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('writes the taint as kubectl does', () => {
    expect(check(rule, failing)[0]?.facts).toEqual({ taints: ['dedicated=batch:NoSchedule'], pendingPods: 1 });
  });

  it('is a statement while no pod waits for a node', () => {
    const objects = failing.snapshot.objects.filter(({ metadata }) => metadata.name !== 'web-1');
    const found = check(rule, examine({ observedAt: NOW, objects: structuredClone(objects) }));
    expect(found.map(({ severity, message }) => [severity, message])).toEqual([
      ['info', 'Node n1 stands empty behind taint dedicated=batch:NoSchedule, which no pod that was read tolerates.'],
    ]);
  });
});
