import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const found = check(rule, failing);
  const of = (name: string) => found.find(({ resource }) => resource.name === name);

  it('is high where the kind was read, or where the controller says so', () => {
    expect(of('web')).toMatchObject({
      severity: 'high',
      message: 'Autoscaler shop/web scales Deployment shop/web, which does not exist.',
      facts: { workload: 'apps/Deployment/shop/web' },
    });
    expect(of('told')?.severity).toBe('high');
    expect(of('plain')?.severity).toBe('high');
  });
  it('is low where no StatefulSet at all was read', () => {
    expect(of('db')).toMatchObject({
      severity: 'low',
      message: 'Autoscaler shop/db scales StatefulSet shop/db, which is not among what was read.',
    });
  });
  it('concludes nothing from a kind that could not be read', () => {
    const objects = failing.snapshot.objects.filter(({ kind }) => kind === 'HorizontalPodAutoscaler');
    const partial = examine({ objects: structuredClone(objects), missing: ['deployments', 'stateful-sets'] });
    expect(check(rule, partial).map(({ resource }) => resource.name)).not.toContain('gone');
  });
});
