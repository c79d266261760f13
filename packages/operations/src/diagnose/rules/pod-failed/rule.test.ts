import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const about = (pod: string) => check(rule, failing).filter(({ resource }) => resource.name.endsWith(pod));

  it('gives the reason', () => {
    expect(about('migration')).toMatchObject([{ facts: { reason: 'DeadlineExceeded' } }]);
    expect(about('spot1')).toMatchObject([
      { facts: { reason: 'Terminated', node: 'gke-prod-default-pool-7c1a9f3e-k2xw' } },
    ]);
  });
});
