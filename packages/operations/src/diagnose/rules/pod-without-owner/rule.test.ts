import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const about = (pod: string) => check(rule, failing).filter(({ resource }) => resource.name.endsWith(pod));

  it('is only a remark', () => {
    expect(about('toolbox')).toMatchObject([{ severity: 'info', facts: { workload: '/Pod/shop/toolbox' } }]);
  });
});
