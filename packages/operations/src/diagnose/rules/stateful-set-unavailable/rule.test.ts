import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { NOW, object, ownedBy } from '../../scene.suite.ts';
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

  it('counts pods that it selects and nobody owns', () => {
    const pod = (name: string, labels: object, owner: object = {}) =>
      object('v1', 'Pod', name, { metadata: { labels, ...owner }, status: { phase: 'Running' } });
    const set = object('apps/v1', 'StatefulSet', 'db', {
      spec: { replicas: 3, selector: { matchLabels: { app: 'db' } } },
      status: { replicas: 3, availableReplicas: 1 },
    });
    const pods = [pod('db-0', { app: 'db' }), pod('db-1', { app: 'db' }), pod('web-0', { app: 'web' })];
    const taken = pod('db-2', { app: 'db' }, ownedBy('StatefulSet', 'other'));
    const found = check(rule, examine({ observedAt: NOW, objects: [set, ...pods, taken] }));
    expect(found.map(({ facts }) => facts['missing'])).toEqual([1]);
  });
});
