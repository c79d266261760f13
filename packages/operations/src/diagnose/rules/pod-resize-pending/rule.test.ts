import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const of = (name: string) => check(rule, failing).find(({ resource }) => resource.name === name);

  it('is medium where it will never be, low where it waits', () => {
    expect(of('large')).toMatchObject({
      severity: 'medium',
      message:
        "Pod shop/large cannot be resized on its node for 3 h: Node didn't have enough capacity: cpu, requested: 64000, capacity: 4000.",
      facts: { state: 'infeasible', node: 'n1', workload: '/Pod/shop/large' },
    });
    expect(of('waiting')).toMatchObject({ severity: 'low', facts: { state: 'deferred' } });
    expect(of('failing')).toMatchObject({ severity: 'medium', facts: { state: 'failed' } });
  });
  it('reads the older field, and events where the status says nothing', () => {
    expect(of('old')?.facts).toMatchObject({ state: 'infeasible' });
    expect(of('told')?.facts).toMatchObject({ state: 'infeasible' });
  });
});
