import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names the Services and paths; what is scaled to zero is information', () => {
    const found = check(rule, failing);
    expect(found.map(({ severity, resource, facts }) => [severity, resource.name, facts['services']])).toEqual([
      ['high', 'shop', ['shop/lost', 'shop/web']],
      ['info', 'idle', ['shop/idle']],
    ]);
    expect(found[0]?.message).toBe(
      'Ingress shop/shop sends a.example.com/, a.example.com/lost to Service shop/lost (it selects no pod), Service shop/web (nothing behind it is ready): clients get an error.',
    );
  });
});
