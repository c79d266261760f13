import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RULES, ruleOf } from './catalogue.ts';

const folder = new URL('rules/', import.meta.url);

describe('catalogue', () => {
  it('holds every folder of rules once, and no code without a folder', () => {
    const folders = readdirSync(folder).toSorted();
    expect(RULES.map(({ code }) => code).toSorted()).toEqual(folders);
  });
  it.each(RULES.map(({ code }) => code))('%s has its rule, test and fixture', (code) => {
    for (const file of ['rule.ts', 'rule.test.ts', 'cluster.yaml'])
      expect(existsSync(new URL(`${code}/${file}`, folder)), `${code}/${file}`).toBe(true);
  });
  it.each(RULES.map((rule) => [rule.code, rule] as const))('%s explains itself to a person', (_, rule) => {
    expect(rule.title).toMatch(/^[A-Z][^.]+$/);
    expect(rule.explanation).toMatch(/\.$/);
    expect(rule.explanation.split('. ').length).toBeGreaterThan(1);
    expect(rule.remediation.text).toMatch(/\.$/);
  });
  it('finds a rule by its code', () => {
    expect(ruleOf('node-not-ready')?.severity).toBe('critical');
    expect(ruleOf('toString')).toBeUndefined();
  });
});
