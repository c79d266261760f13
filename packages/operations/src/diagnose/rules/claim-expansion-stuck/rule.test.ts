import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('says at which of the two steps each stands', () => {
    const found = check(rule, failing).map(({ severity, resource, facts }) => [
      resource.name,
      severity,
      facts['cause'],
    ]);
    expect(found.sort()).toEqual([
      ['forbidden', 'medium', 'class-forbids'],
      ['infeasible', 'medium', 'controller-failed'],
      ['no-pod', 'info', 'waits-for-pod'],
      ['no-quota', 'medium', 'controller-failed'],
      ['nothing', 'medium', 'waiting'],
      ['on-node', 'medium', 'node-failed'],
      ['restart', 'medium', 'waits-for-restart'],
    ]);
  });
  it('names both sizes and the refusal', () => {
    const [one] = check(rule, failing).filter(({ resource }) => resource.name === 'no-quota');
    expect(one?.message).toMatch(/asks for 200 GiB and has 20 GiB for 3 h: .*QUOTA_EXCEEDED/);
    expect(one?.facts).toMatchObject({ requested: '200Gi', capacity: '20Gi', storageClass: 'standard-rwo' });
  });
});
