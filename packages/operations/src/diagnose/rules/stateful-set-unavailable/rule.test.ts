import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names the pod that holds back those after it', () => {
    const db = check(rule, failing).find(({ resource }) => resource.name === 'db');
    expect(db?.severity).toBe('high');
    expect(db?.message).toBe(
      'StatefulSet shop/db has 1 of 3 replicas available for 4 h (db-1 is not ready, 1 pod does not exist).',
    );
  });
  it('counts from the start of a pod that turns ready between crashes', () => {
    const queue = check(rule, failing).find(({ resource }) => resource.name === 'queue');
    expect([queue?.severity, queue?.since]).toEqual(['critical', Date.parse('2025-09-27T06:00:00Z')]);
  });
});
