import { describe, expect, it } from 'vitest';
import { EVENTS, INGRESSES } from '../../api/built-in-types.ts';
import { installKinds } from '../../certificates/install-kinds.ts';
import { newCloud } from '../../cloud/new-cloud.ts';
import { SimulatedCluster } from '../../simulated-cluster.ts';
import { snapshotOf } from '../../simulated-reader.ts';
import { MANAGED_CERTIFICATES } from './certificate-kinds.ts';

const NAMESPACE = 'default';
const MINUTE = 60_000;
const DAY = 86_400_000;

function managedCluster(limits: Readonly<Record<string, number>> = {}) {
  const cluster = new SimulatedCluster({
    cloud: newCloud({ limits, nodePools: [{ name: 'pool', initialNodes: 0, autoscaling: undefined }] }),
  });
  const { api, clock, cloud } = cluster;
  installKinds(api, 'managed-certificates');
  return {
    cluster,
    api,
    clock,
    create: (name: string, domains: readonly string[] = [`${name}.example.com`]) =>
      api.create(MANAGED_CERTIFICATES, {
        apiVersion: 'networking.gke.io/v1',
        kind: 'ManagedCertificate',
        metadata: { name, namespace: NAMESPACE },
        spec: { domains },
      }),
    /** An Ingress with an address that serves certificates. */
    serve: (names: string) => {
      api.create(INGRESSES, {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: {
          name: 'front',
          namespace: NAMESPACE,
          annotations: { 'networking.gke.io/managed-certificates': names, 'kubernetes.io/ingress.class': 'none' },
        },
        spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
      });
      api.changeStatus(INGRESSES, NAMESPACE, 'front', (one) => ({
        ...one,
        status: { loadBalancer: { ingress: [{ ip: '34.1.2.3' }] } },
      }));
    },
    status: (name: string) => api.get(MANAGED_CERTIFICATES, NAMESPACE, name).status,
    usage: () => cloud?.snapshot.quotas?.find(({ metric }) => metric === 'SSL_CERTIFICATES')?.usage,
    told: (name: string) =>
      [...api.store.list(EVENTS)]
        .filter(({ involvedObject }) => involvedObject?.name === name)
        .map(({ reason = '', message = '' }) => `${reason} ${message}`),
  };
}

describe('ManagedCertificates', () => {
  it('are active within the hour once their domains lead to the load balancer', () => {
    const { clock, create, serve, status, usage, told } = managedCluster();
    create('web');
    serve('other, web');
    clock.advance(10 * MINUTE);
    const { certificateName = '' } = status('web') ?? {};
    expect(certificateName).toMatch(/^mcrt-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(status('web')).toMatchObject({
      certificateStatus: 'Provisioning',
      domainStatus: [{ domain: 'web.example.com', status: 'Provisioning' }],
    });
    expect(told('web')).toEqual([`Create Create SslCertificate ${certificateName}`]);
    expect(usage()).toBe(1);
    clock.advance(51 * MINUTE);
    expect(status('web')).toMatchObject({
      certificateStatus: 'Active',
      domainStatus: [{ domain: 'web.example.com', status: 'Active' }],
    });
    expect(Date.parse(status('web')?.expireTime ?? '')).toBeGreaterThan(clock.now + 89 * DAY);
  });

  it('say that their domains cannot be seen, until they can', () => {
    const { clock, create, serve, status } = managedCluster();
    create('web');
    clock.advance(20 * MINUTE);
    expect(status('web')).toMatchObject({
      certificateStatus: 'Provisioning',
      domainStatus: [{ status: 'FailedNotVisible' }],
    });
    serve('web');
    clock.advance(61 * MINUTE);
    expect(status('web')?.certificateStatus).toBe('Active');
  });

  it('tell which domain fails, and why', () => {
    const { cluster, clock, create, serve, status } = managedCluster();
    const failure = 'FailedCaaForbidden';
    const takeBack = cluster.behave({ domain: ({ domain }) => (domain === 'b.example.com' ? { failure } : undefined) });
    create('web', ['a.example.com', 'b.example.com']);
    serve('web');
    clock.advance(30 * MINUTE);
    expect(status('web')).toMatchObject({
      certificateStatus: 'ProvisioningFailed',
      domainStatus: [
        { domain: 'a.example.com', status: 'Provisioning' },
        { domain: 'b.example.com', status: failure },
      ],
    });
    takeBack();
    clock.advance(80 * MINUTE);
    expect(status('web')?.certificateStatus).toBe('Active');
  });

  it('are renewed a month before they end, or say that they cannot be', () => {
    const { cluster, clock, create, serve, status } = managedCluster();
    create('web');
    serve('web');
    clock.advance(61 * MINUTE);
    const first = Date.parse(status('web')?.expireTime ?? '');
    clock.advance(61 * DAY);
    expect(Date.parse(status('web')?.expireTime ?? '')).toBeGreaterThan(first + 59 * DAY);
    cluster.behave({ domain: () => ({ failure: 'FailedNotVisible' }) });
    clock.advance(61 * DAY);
    expect(status('web')).toMatchObject({
      certificateStatus: 'RenewalFailed',
      domainStatus: [{ status: 'FailedNotVisible' }],
    });
  });

  it('count against a quota, and give it back', () => {
    const { api, clock, create, status, usage, told } = managedCluster({ 'global/SSL_CERTIFICATES': 1 });
    create('one');
    clock.advance(1000);
    create('two');
    clock.advance(1000);
    expect(status('two')?.certificateName).toBeUndefined();
    expect(told('two')[0]).toBe(
      "TooManyCertificates googleapi: Error 403: Quota 'SSL_CERTIFICATES' exceeded.  Limit: 1.0 globally., quotaExceeded",
    );
    api.delete(MANAGED_CERTIFICATES, NAMESPACE, 'one');
    clock.advance(2 * MINUTE);
    expect(status('two')?.certificateName).toBeDefined();
    expect(usage()).toBe(1);
  });

  it('stay as they were recorded', () => {
    const { cluster, clock, create, serve } = managedCluster();
    create('web');
    create('unseen');
    serve('web');
    clock.advance(50 * MINUTE);
    const recorded = snapshotOf(cluster, 'recorded');
    const twin = new SimulatedCluster({ snapshot: recorded });
    twin.clock.advance(30 * MINUTE);
    const after = snapshotOf(twin, 'twin');
    const kind = 'networking.gke.io/ManagedCertificate';
    expect(after.listCustom(kind)).toEqual(recorded.listCustom(kind));
    expect(after.cloud.quotas).toEqual(recorded.cloud.quotas);
  });
});
