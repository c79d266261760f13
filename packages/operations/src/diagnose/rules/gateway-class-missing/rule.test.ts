import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is certain where classes were read, also in the older version of the API', () => {
    expect(check(rule, failing).map(({ severity, message }) => [severity, message])).toEqual([
      ['high', 'Gateway shop/a is of GatewayClass gone, which does not exist; no controller acts on it.'],
    ]);
    const old = {
      apiVersion: 'gateway.networking.k8s.io/v1beta1',
      kind: 'Gateway',
      metadata: { name: 'g', namespace: 'x' },
      spec: { gatewayClassName: 'gone', listeners: [] },
    };
    expect(check(rule, examine({ objects: [old] })).map(({ severity }) => severity)).toEqual(['low']);
  });
});
