import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is information and nothing more', () => {
    expect(check(rule, failing).map(({ severity, facts }) => [severity, facts['condition'], facts['status']])).toEqual([
      ['info', 'AcmeDiskSlow', 'True'],
      ['info', 'AcmeThing', 'Unknown'],
      ['info', 'EtcdIsVoter', 'False'],
    ]);
  });
});
