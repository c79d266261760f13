import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is as sure as the way of failing is', () => {
    expect(check(rule, failing).map(({ severity, facts }) => [severity, facts['url'], facts['fault']])).toEqual([
      ['high', 'https://203.0.113.9:443/', 'tls'],
      ['high', 'https://a.example.com:443/', 'refused'],
      ['medium', 'https://b.example.com:443/', 'timeout'],
      ['medium', 'https://d.example.com:443/', 'name-unresolved'],
      ['low', 'https://c.example.com:443/', 'timeout'],
    ]);
  });
  it('names the Services behind the host', () => {
    const services = new Map(check(rule, failing).map(({ facts }) => [facts['url'], facts['services']]));
    expect(services.get('https://a.example.com:443/')).toEqual(['shop/web']);
    expect(services.get('https://203.0.113.9:443/')).toEqual(['shop/lb']);
  });
});
