import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is information, with the queue that decides', () => {
    expect(check(rule, failing)).toMatchObject([
      { severity: 'info', message: 'Job shop/later is suspended for 3 h.' },
      { severity: 'info', message: 'Job shop/train is suspended until queue gpu admits it.', facts: { queue: 'gpu' } },
    ]);
  });
});
