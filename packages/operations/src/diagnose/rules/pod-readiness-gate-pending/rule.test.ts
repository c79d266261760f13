import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const about = (pod: string) => check(rule, failing).filter(({ resource }) => resource.name.endsWith(pod));

  it('names the gate, whether its condition is False or absent', () => {
    const facts = { gates: ['cloud.google.com/load-balancer-neg-ready'] };
    expect(about('never')).toMatchObject([{ facts }]);
    expect(about('false')).toMatchObject([{ facts }]);
  });
});
