import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const about = (pod: string) => check(rule, failing).filter(({ resource }) => resource.name.endsWith(pod));

  it('names the gates', () => {
    expect(about('gated')).toMatchObject([{ severity: 'low', facts: { gates: ['kueue.x-k8s.io/admission'] } }]);
  });
});
