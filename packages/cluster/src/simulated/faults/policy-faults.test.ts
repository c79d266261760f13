import { describe, expect, it } from 'vitest';
import { ApiError } from '../api/api-error.ts';
import { evictPod } from '../api/eviction.ts';
import { DEPLOYMENTS, NODES, POD_DISRUPTION_BUDGETS } from '../api/built-in-types.ts';
import { Symptoms } from './symptoms.suite.ts';

/** What the ReplicaSets of a workload were refused; names of pods have random ends. */
const refusals = (symptoms: Symptoms, workload: string) => [
  ...new Set(
    symptoms
      .warnings(`ReplicaSet ${workload}`)
      .map((text) =>
        text.replace(/^(FailedCreate: )\(combined from similar events\): /, '$1').replace(/pods "[^"]+"/, 'pods "*"'),
      ),
  ),
];

const CALL =
  'Error creating: Internal error occurred: failed calling webhook "validate.policy-system.example.com": failed to call webhook: Post "https://policy-webhook.policy-system.svc:443/validate?timeout=10s":';

describe('faults of policy', () => {
  it.each([
    [
      'namespace-quota-exhausted',
      { resource: 'pods' },
      'Error creating: pods "*" is forbidden: exceeded quota: team-budget, requested: pods=1, used: pods=9, limited: pods=9',
    ],
    [
      'namespace-quota-needs-values',
      {},
      'Error creating: pods "*" is forbidden: failed quota: team-budget: must specify limits.cpu for: storefront',
    ],
    [
      'limit-range-refuses',
      { bound: 'max', share: 0.5 },
      'Error creating: pods "*" is forbidden: maximum memory usage per Container is 256Mi, but limit is 512Mi',
    ],
    [
      'limit-range-refuses',
      { bound: 'min', share: 0.5 },
      'Error creating: pods "*" is forbidden: minimum memory usage per Container is 384Mi, but request is 256Mi',
    ],
    [
      'pod-security-refuses',
      {},
      'Error creating: pods "*" is forbidden: violates PodSecurity "restricted:latest": ' +
        'allowPrivilegeEscalation != false (container "storefront" must set securityContext.allowPrivilegeEscalation=false), ' +
        'unrestricted capabilities (container "storefront" must set securityContext.capabilities.drop=["ALL"]), ' +
        'runAsNonRoot != true (pod or container "storefront" must set securityContext.runAsNonRoot=true), ' +
        'seccompProfile (pod or container "storefront" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
    ],
    ['webhook-left-behind', {}, `${CALL} service "policy-webhook" not found`],
    ['webhook-down', {}, `${CALL} no endpoints available for service "policy-webhook"`],
    ['webhook-times-out', {}, `${CALL} context deadline exceeded`],
    [
      'webhook-ca-wrong',
      { scope: 'cluster' },
      `${CALL} tls: failed to verify certificate: x509: certificate signed by unknown authority`,
    ],
  ] as const)('%s %o: pods are refused, in these words', (kind, parameters, words) => {
    const symptoms = new Symptoms(kind, { target: 'shop/storefront', parameters });
    expect(refusals(symptoms, 'shop/storefront')).toEqual([`FailedCreate: ${words}`]);
    const conditions = () =>
      symptoms.cluster.api.store.get(DEPLOYMENTS, 'shop', 'storefront')?.status?.conditions ?? [];
    expect(conditions()).toContainEqual(
      expect.objectContaining({ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate' }),
    );
    symptoms.repair(3_600_000);
    expect(conditions().some(({ type }) => type === 'ReplicaFailure')).toBe(false);
  });

  it('leaves nothing of what a webhook watches where it answers', () => {
    const symptoms = new Symptoms('webhook-times-out', { target: 'shop/storefront' });
    expect(symptoms.pods('policy-system').map(({ status }) => status?.phase)).toEqual(['Running', 'Running']);
  });

  it.each([
    ['minAvailable', { minAvailable: 3 }],
    ['maxUnavailable', { maxUnavailable: 0 }],
    ['percentage', { minAvailable: '100%' }],
  ] as const)('disruption-budget-deadlock by %s: nothing may be evicted', (form, spec) => {
    const symptoms = new Symptoms('disruption-budget-deadlock', { target: 'shop/storefront', parameters: { form } });
    const { api } = symptoms.cluster;
    const budget = api.store.get(POD_DISRUPTION_BUDGETS, 'shop', 'storefront-budget');
    expect(budget).toMatchObject({
      spec,
      status: { disruptionsAllowed: 0, currentHealthy: 3, desiredHealthy: 3, expectedPods: 3 },
    });
    const node = [...api.store.list(NODES)].find((one) => one.spec?.unschedulable === true);
    const under = symptoms.pods('shop', 'storefront').find(({ spec: pod }) => pod?.nodeName === node?.metadata.name);
    const evict = () => evictPod(api, 'shop', under?.metadata.name ?? '', {});
    expect(evict).toThrow(ApiError);
    expect(evict).toThrow("Cannot evict pod as it would violate the pod's disruption budget.");
    symptoms.repair();
    expect(evict).not.toThrow();
  });

  it('network-policy-blocks: what it keeps away gives up', () => {
    const symptoms = new Symptoms('network-policy-blocks', { target: 'shop/catalog' });
    expect(symptoms.fault.truth.entities).toEqual(['NetworkPolicy shop/catalog-ingress']);
    const [caller] = symptoms.pods('shop', 'storefront');
    expect(caller?.status?.containerStatuses?.[0]).toMatchObject({
      ready: false,
      lastState: { terminated: { exitCode: 1, reason: 'Error' } },
    });
    const log = symptoms.cluster.kubelets.logOf('shop', caller?.metadata.name ?? '', 'storefront');
    expect(log).toMatch(/Get "http:\/\/catalog\.shop\.svc\.cluster\.local:8080\/": dial tcp [\d.]+:8080: i\/o timeout/);
    expect(
      symptoms.pods('shop', 'catalog').every(({ status }) => status?.containerStatuses?.every(({ ready }) => ready)),
    ).toBe(true);
  });
});
