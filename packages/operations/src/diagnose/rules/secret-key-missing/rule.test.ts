import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names the key, never a value', () => {
    const [finding] = check(rule, failing);
    expect(finding?.facts).toMatchObject({ objectKind: 'Secret', objectName: 'db', key: 'password' });
    expect(JSON.stringify(finding)).not.toContain('eA==');
  });
  it('does not judge without the names of keys', () => {
    expect(rule.needs).toContain('secret-keys');
  });
});
