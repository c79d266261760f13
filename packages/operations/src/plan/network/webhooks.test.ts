import { describe, expect, it } from 'vitest';
import { deleteWebhook } from '../actions/delete-webhook/delete-webhook.ts';
import { exemptWebhookNamespace } from '../actions/exempt-webhook-namespace/exempt-webhook-namespace.ts';
import { openWebhook } from '../actions/open-webhook/open-webhook.ts';
import { restoreWebhookBackend } from '../actions/restore-webhook-backend/restore-webhook-backend.ts';
import { deploymentOf, namespaceOf, proposedFor, sceneOf, serviceOf, strategyFor } from './network-scene.suite.ts';

type Fields = Readonly<Record<string, unknown>>;

function webhook(name: string, namespace: string, more: Fields = {}): Fields {
  return {
    name,
    clientConfig: { service: { name: 'guard', namespace, path: '/check', port: 443 } },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    ...{ failurePolicy: 'Fail', sideEffects: 'None', admissionReviewVersions: ['v1'], ...more },
  };
}

function configuration(webhooks: readonly Fields[]): Fields {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  return { apiVersion, kind: 'ValidatingWebhookConfiguration', metadata: { name: 'guard' }, webhooks };
}

const NOT_SYSTEM = {
  namespaceSelector: {
    matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system', 'guard'] }],
  },
};
const PORTS = [{ name: 'https', containerPort: 8443 }];
const SERVICE = serviceOf(
  'guard',
  { ports: [{ name: 'https', port: 443, targetPort: 'https' }] },
  { namespace: 'guard' },
);
const HOME = [namespaceOf('guard'), deploymentOf('guard', { namespace: 'guard', replicas: 0, ports: PORTS }), SERVICE];
const SHOP = [namespaceOf('shop'), deploymentOf('web')];

function broken(objects: readonly Fields[], webhooks: readonly Fields[]) {
  const scene = sceneOf([...SHOP, ...objects]);
  scene.create(configuration(webhooks));
  scene.create(deploymentOf('cart'));
  scene.wait(20);
  return scene;
}

describe('a webhook that was left behind', () => {
  it('is deleted, and what it refused is made', () => {
    const { held, actions, strategy } = strategyFor(
      broken([], [webhook('a.example.com', 'gone', NOT_SYSTEM)]).observe(),
    );
    expect(held.some((id) => id.startsWith('delete-webhook:'))).toBe(true);
    const deleting = actions.find(({ kind }) => kind === 'delete-webhook');
    expect(deleting?.inverse.kind).toBe('reversible');
    // Controllers that were refused wait up to 1000 s before they try again.
    expect(deleting?.probe.withinMs).toBeGreaterThan(1000 * 1000);
    expect(strategy.rehearsal?.remaining.filter(({ severity }) => severity === 'critical')).toEqual([]);
  });

  it('is out of the way once controllers that it refused have tried again', () => {
    const { remedies } = proposedFor(
      broken([], [webhook('a.example.com', 'gone', NOT_SYSTEM)]).observe(),
      deleteWebhook,
    );
    const target = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'cart' };
    const probe = remedies[0]?.drafts[0]?.probe;
    expect(probe?.conditions).toContainEqual({ kind: 'not-refused', target, by: 'a.example.com' });
  });

  it('goes alone where others of its configuration may be answered', () => {
    const two = [webhook('a.example.com', 'gone', NOT_SYSTEM), webhook('b.example.com', 'guard', NOT_SYSTEM)];
    const { remedies } = proposedFor(broken(HOME, two).observe(), deleteWebhook);
    const changes = remedies.flatMap(({ drafts }) => drafts.flatMap((draft) => draft.changes));
    expect(changes.map(({ kind }) => kind)).not.toContain('delete');
  });

  it('stays where workloads are left that may be what is to answer', () => {
    const home = [namespaceOf('guard'), deploymentOf('guard', { namespace: 'guard', ports: PORTS })];
    const scene = broken(home, [webhook('a.example.com', 'guard', NOT_SYSTEM)]);
    expect(proposedFor(scene.observe(), deleteWebhook).remedies).toEqual([]);
  });
});

describe('a webhook whose program is scaled to zero', () => {
  it('has it scaled up, with failing open as the rival', () => {
    const snapshot = broken(HOME, [webhook('a.example.com', 'guard', NOT_SYSTEM)]).observe();
    const restored = proposedFor(snapshot, restoreWebhookBackend).remedies[0];
    const opened = proposedFor(snapshot, openWebhook).remedies[0];
    expect(restored?.drafts[0]?.changes).toMatchObject([{ kind: 'scale', replicas: 1 }]);
    expect(opened?.drafts.map(({ changes }) => changes[0]?.kind)).toEqual(['patch', 'manual']);
    expect(opened?.fit).toBeLessThan(restored?.fit ?? 0);
    const { strategy } = strategyFor(snapshot);
    expect(strategy.rehearsal?.remaining.filter(({ severity }) => severity === 'critical')).toEqual([]);
  });

  it('that covers its own namespace leaves it out first', () => {
    const home = [
      namespaceOf('guard'),
      deploymentOf('guard', { namespace: 'guard', replicas: 0, ports: PORTS }),
      SERVICE,
    ];
    const scene = sceneOf([...SHOP, ...home]);
    scene.create(
      configuration([
        webhook('a.example.com', 'guard', {
          namespaceSelector: {
            matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system'] }],
          },
        }),
      ]),
    );
    scene.patch({ group: 'apps', kind: 'Deployment', namespace: 'guard', name: 'guard' }, { spec: { replicas: 2 } });
    scene.wait(30);
    const snapshot = scene.observe();
    expect(proposedFor(snapshot, restoreWebhookBackend).remedies).toEqual([]);
    const [remedy] = proposedFor(snapshot, exemptWebhookNamespace).remedies;
    expect(JSON.stringify(remedy?.drafts[0]?.changes)).toContain('"operator":"NotIn","values":["guard"]');
    const { held, strategy } = strategyFor(snapshot);
    expect(held.some((id) => id.startsWith('exempt-webhook-namespace:'))).toBe(true);
    expect(strategy.rehearsal?.remaining.filter(({ severity }) => severity === 'critical')).toEqual([]);
  });
});
