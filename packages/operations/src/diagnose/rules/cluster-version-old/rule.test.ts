import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { rule } from './rule.ts';

const found = (serverVersion: string | undefined, observedAt = '2025-09-27T12:00:00Z') =>
  check(rule, examine({ observedAt, ...(serverVersion === undefined ? {} : { serverVersion }) }));

describeRule(rule, import.meta.url, ({ failing }) => {
  it('states it, since providers may look after a release for longer', () => {
    expect(check(rule, failing).map(({ severity, message }) => [severity, message])).toEqual([
      [
        'info',
        'The API server runs Kubernetes v1.27.3-gke.100; the project has published no fixes for 1.27 since 2024-06-28.',
      ],
    ]);
  });
});

it.each([
  ['a release of old', 'v1.19.3', 1],
  ['one that is yet to come', 'v1.99.0', 0],
  ['no version', undefined, 0],
  ['words', 'unknown', 0],
  ['another major release', 'v2.1.0', 0],
])('%s', (_, version, findings) => {
  expect(found(version)).toHaveLength(findings);
});

it('goes by the moment of the dump', () => {
  expect(found('v1.27.3', '2024-01-01T00:00:00Z')).toEqual([]);
});
