import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const about = (pod: string) => check(rule, failing).filter(({ resource }) => resource.name.endsWith(pod));

  it.each([
    ['absnt', 'not-found'],
    ['deny1', 'unauthorized'],
    ['upper', 'invalid-name'],
  ])('tells why %s gets no image', (pod, cause) => {
    expect(about(pod)).toMatchObject([{ facts: { container: 'api', cause } }]);
  });
  it('quotes the event where the waiting message names no cause', () => {
    expect(about('absnt')[0]?.evidence).toContainEqual(
      expect.objectContaining({ kind: 'event', reason: 'Failed', count: 5 }),
    );
    expect(about('absnt')[0]?.facts['image']).toBe('europe-docker.pkg.dev/acme/shop/api:9.9.9');
  });
});
