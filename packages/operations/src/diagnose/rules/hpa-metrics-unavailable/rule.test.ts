import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const of = (name: string) => check(rule, failing).find(({ resource }) => resource.name === name);

  it.each([
    ['api', 'nothing serves the resource metrics API', { cause: 'metrics-api-missing', api: 'resource' }],
    ['request', 'container app states no cpu request', { cause: 'request-missing', resource: 'cpu', container: 'app' }],
    ['unready', 'none of its pods is ready', { cause: 'pods-not-ready' }],
    ['external', 'the external metrics API has no value for it', { cause: 'no-metrics', api: 'external' }],
    ['twins', 'another autoscaler selects the same pods', { cause: 'selector-ambiguous' }],
  ])('%s: %s', (name, why, facts) => {
    expect(of(name)).toMatchObject({
      severity: 'medium',
      message: `Autoscaler shop/${name} does not scale for 3 h: ${why}.`,
      facts: { ...facts, workload: 'apps/Deployment/shop/web' },
    });
  });
  it('repeats words that it does not know', () => {
    expect(of('bare')).toMatchObject({
      message: 'Autoscaler shop/bare does not scale: test reason.',
      facts: { cause: 'other' },
    });
  });
});
