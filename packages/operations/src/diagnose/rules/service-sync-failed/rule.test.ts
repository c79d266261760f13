import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('weighs what the cloud refuses above what is tried again and what nobody knows', () => {
    expect(
      check(rule, failing).map(({ severity, resource, facts }) => [
        severity,
        resource.name,
        facts['reason'],
        facts['metric'],
      ]),
    ).toEqual([
      ['medium', 'edge', 'SyncExternalLoadBalancerFailed', 'BACKEND_SERVICES'],
      ['medium', 'web', 'SyncNetworkEndpointGroupFailed', undefined],
      ['low', 'api', 'FailedToUpdateEndpointSlices', undefined],
      ['info', 'odd', 'SomebodyElse', undefined],
    ]);
  });
});
