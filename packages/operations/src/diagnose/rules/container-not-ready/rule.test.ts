import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const about = (pod: string) => check(rule, failing).filter(({ resource }) => resource.name.endsWith(pod));

  it.each([
    ['http5', { probe: 'readiness', cause: 'http-status', statusCode: 503 }],
    ['refus', { probe: 'readiness', cause: 'connection-refused', port: 8080 }],
  ])('tells what the probe of %s met', (pod, facts) => {
    expect(about(pod)).toMatchObject([{ facts: { container: 'api', ...facts } }]);
  });
});
