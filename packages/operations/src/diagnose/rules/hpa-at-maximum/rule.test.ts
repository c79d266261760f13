import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const of = (name: string) => check(rule, failing).find(({ resource }) => resource.name === name);

  it('is medium while more is wanted', () => {
    expect(of('web')).toMatchObject({
      severity: 'medium',
      message: 'Autoscaler shop/web would run more than its maximum of 5 replicas for 3 h.',
      facts: { replicas: 5, maximum: 5, limited: true },
    });
  });
  it('is low where no more is wanted, information where the number is fixed', () => {
    expect(of('calm')).toMatchObject({ severity: 'low', facts: { limited: false } });
    expect(of('fixed')?.severity).toBe('info');
  });
});
