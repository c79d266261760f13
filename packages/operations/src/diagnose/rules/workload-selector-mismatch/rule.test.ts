import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { object, ownedBy } from '../../scene.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('shows both sides', () => {
    expect(check(rule, failing)[0]?.message).toBe(
      'Deployment shop/web selects app=other, but labels its pods app=app.',
    );
  });

  it('leaves what a controller made to its owner', () => {
    const set = object('apps/v1', 'ReplicaSet', 'web-1', {
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'web', 'pod-template-hash': '1' } },
        template: { metadata: { labels: { app: 'web' } } },
      },
    });
    const owned = { ...set, metadata: { ...(set['metadata'] as object), ...ownedBy('Deployment', 'web') } };
    expect(check(rule, examine({ objects: [set] }))).toHaveLength(1);
    expect(check(rule, examine({ objects: [owned] }))).toEqual([]);
  });

  it('believes in pods that exist more than in a template without labels', () => {
    const having = (status: object) =>
      check(
        rule,
        examine({
          objects: [
            object('apps/v1', 'StatefulSet', 'db', {
              spec: { selector: { matchLabels: { app: 'db' } }, template: { spec: {} } },
              status,
            }),
          ],
        }),
      );
    expect(having({ replicas: 3, availableReplicas: 1 })).toEqual([]);
    expect(having({ replicas: 0 })).toHaveLength(1);
  });
});
