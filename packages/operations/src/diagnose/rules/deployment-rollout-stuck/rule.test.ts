import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { condition, NOW, object } from '../../scene.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('knows the newest earlier revision to go back to', () => {
    const frontend = check(rule, failing).find(({ resource }) => resource.name === 'frontend');
    expect(frontend?.facts).toEqual({
      revision: 7,
      previousRevision: 6,
      previousRevisionAvailable: true,
      previousReplicas: 3,
      desired: 4,
      updated: 2,
    });
    expect(frontend?.message).toContain('3 of revision 6 still serve');
  });
  it('says when there is none', () => {
    const first = check(rule, failing).find(({ resource }) => resource.name === 'first');
    expect(first?.facts['previousRevisionAvailable']).toBe(false);
  });

  it('takes any reason for which the controller makes no progress', () => {
    const deployment = object('apps/v1', 'Deployment', 'web', {
      spec: { replicas: 3 },
      status: {
        replicas: 3,
        readyReplicas: 3,
        availableReplicas: 1,
        conditions: [condition('Progressing', 'False', 60, { reason: 'ReplicaSetCreateError' })],
      },
    });
    expect(check(rule, examine({ observedAt: NOW, objects: [deployment] }))).toHaveLength(1);
  });
});
