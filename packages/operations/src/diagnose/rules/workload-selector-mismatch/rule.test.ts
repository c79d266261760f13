import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('shows both sides', () => {
    expect(check(rule, failing)[0]?.message).toBe(
      'Deployment shop/web selects app=other, but labels its pods app=app.',
    );
  });
});
