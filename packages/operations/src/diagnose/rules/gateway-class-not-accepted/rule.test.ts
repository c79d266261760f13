import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is low while no Gateway uses the class', () => {
    expect(check(rule, failing).map(({ severity, message }) => [severity, message])).toEqual([
      [
        'high',
        'GatewayClass refused is not accepted by its controller (InvalidParameters: no such ConfigMap); one Gateway uses it.',
      ],
      ['low', 'GatewayClass ignored is taken by no controller (Pending: Waiting for controller); no Gateway uses it.'],
    ]);
  });
});
