import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { ago, condition, NOW, object } from '../../scene.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('gives the finalizer that holds it before the content that remains', () => {
    const [finding] = check(rule, failing);
    expect(finding?.message).toContain('acme.io/cleanup in 2 resource instances');
    expect(finding?.facts).toEqual({
      conditions: ['NamespaceFinalizersRemaining', 'NamespaceContentRemaining'],
      finalizers: ['kubernetes'],
      remaining: ['widgets.acme.io 2'],
      objectFinalizers: ['acme.io/cleanup 2'],
    });
  });
});

const going = (conditions: readonly object[], metadata: object = {}) =>
  object('v1', 'Namespace', 'old', {
    metadata: { namespace: undefined, deletionTimestamp: ago(90), ...metadata },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Terminating', conditions },
  });
const found = (namespace: unknown) => check(rule, examine({ observedAt: NOW, objects: [namespace] }))[0];

it('names the API that does not answer, by its APIService', () => {
  const message =
    'Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: metrics.k8s.io/v1beta1: the server is currently unable to handle the request';
  const finding = found(going([condition('NamespaceDeletionDiscoveryFailure', 'True', 90, { message })]));
  expect(finding?.facts).toMatchObject({ apis: ['v1beta1.metrics.k8s.io'] });
});

it('names the webhook that stands between', () => {
  const message =
    'Failed to delete all resource types, 1 remaining: Internal error occurred: failed calling webhook "delete.acme.io": failed to call webhook: Post "https://acme.acme.svc:443/": service "acme" not found';
  const finding = found(going([condition('NamespaceDeletionContentFailure', 'True', 90, { message })]));
  expect(finding?.facts).toMatchObject({ webhook: 'delete.acme.io' });
});

it('names finalizers of its own where nothing is left in it', () => {
  const finding = found(going([], { finalizers: ['controller.acme.io/namespace-auth'] }));
  expect(finding?.message).toBe(
    'Namespace old has been terminating for 90 min: it waits for controller.acme.io/namespace-auth to be taken off its finalizers.',
  );
});
