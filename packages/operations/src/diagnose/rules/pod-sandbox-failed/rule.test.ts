import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const about = (pod: string) => check(rule, failing).filter(({ resource }) => resource.name.endsWith(pod));

  it.each([
    ['noip1', 'ip-exhausted'],
    ['cni01', 'network'],
  ])('tells why %s has no sandbox', (pod, cause) => {
    expect(about(pod)).toMatchObject([{ facts: { cause, node: 'gke-prod-default-pool-7c1a9f3e-k2xw' } }]);
  });
});
