import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('knows which Secrets a store syncs', () => {
    expect(check(rule, failing).map(({ resource }) => resource.name)).toEqual(['not-synced', 'web']);
  });
});
