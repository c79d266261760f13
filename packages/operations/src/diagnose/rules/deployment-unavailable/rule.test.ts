import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is critical where nothing is left behind a Service, high where others serve', () => {
    const [api, web] = check(rule, failing);
    expect([api?.resource.name, api?.severity, api?.facts['missing']]).toEqual(['api', 'critical', 2]);
    expect([web?.resource.name, web?.severity, web?.facts['missing']]).toEqual(['web', 'high', 0]);
  });
  it('names the pod that is not ready and since when', () => {
    const web = check(rule, failing).find(({ resource }) => resource.name === 'web');
    expect(web?.message).toBe(
      'Deployment shop/web has 2 of 3 replicas available for 60 min (web-7c9d8f6b5-wq8nm is not ready).',
    );
    expect(web?.facts).toEqual({ desired: 3, available: 2, updated: 3, ready: 2, missing: 0 });
  });
});
