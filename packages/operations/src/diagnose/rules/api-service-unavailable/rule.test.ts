import { expect, it } from 'vitest';
import { check, describeRule, examine, examineAsRead } from '../../rule.suite.ts';
import { condition, NOW, object } from '../../scene.suite.ts';
import { rule } from './rule.ts';

const api = (name: string, status: unknown) =>
  object('apiregistration.k8s.io/v1', 'APIService', name, {
    metadata: { namespace: undefined },
    spec: { service: { name: 'adapter', namespace: 'shop' } },
    status,
  });
const found = (...objects: readonly unknown[]) => check(rule, examine({ observedAt: NOW, objects }));

describeRule(rule, import.meta.url, ({ failing }) => {
  it('says which Service serves it, and why it does not', () => {
    const [finding] = check(rule, failing);
    expect(finding?.message).toBe(
      'API v1beta1.custom.metrics.k8s.io, served by Service monitoring/prometheus-adapter, has been unavailable for 2 h: endpoints for service/prometheus-adapter in "monitoring" have no addresses with port name "https".',
    );
    expect(finding?.facts).toEqual({
      api: 'v1beta1.custom.metrics.k8s.io',
      reason: 'MissingEndpoints',
      service: 'monitoring/prometheus-adapter',
    });
  });
});

it('the metrics API is judged here where no autoscaler needs it', () => {
  const status = { conditions: [condition('Available', 'False', 60, { reason: 'FailedDiscoveryCheck' })] };
  expect(found(api('v1beta1.metrics.k8s.io', status)).map(({ severity }) => severity)).toEqual(['high']);
});

it.each([['Unknown'], ['False']] as const)('available %s is no answer', (status) => {
  expect(found(api('v1.acme.io', { conditions: [condition('Available', status)] }))).toHaveLength(1);
});

it.each([
  ['no conditions', {}],
  ['conditions that are none', { conditions: 'Available=False' }],
  ['a condition that is a text', { conditions: ['Available', null, 7, { type: 'Available' }] }],
  ['no status', undefined],
])('survives %s', (_, status) => {
  const examination = examineAsRead({ observedAt: NOW, objects: [api('v1.acme.io', status)] });
  expect(check(rule, examination)).toEqual([]);
});
