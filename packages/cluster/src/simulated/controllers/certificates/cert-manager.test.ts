import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECRETS } from '../../api/built-in-types.ts';
import { putTlsSecret } from '../../certificates/made-facts.ts';
import { SimulatedCluster } from '../../simulated-cluster.ts';
import { snapshotOf } from '../../simulated-reader.ts';
import { CERTIFICATE_REQUESTS, CERTIFICATES, conditionOf, ISSUERS, CLUSTER_ISSUERS } from './certificate-kinds.ts';
import { backOffMs, durationMs, renewalAt } from './certificate-life.ts';
import { certificateCluster, DAY, HOUR, issuer, NAMESPACE } from './certificate-cluster.suite.ts';

describe('Certificates', () => {
  it('are issued: a key, a request, the Secret, and what is in it', () => {
    const { clock, create, read, condition, secret, facts, request, told } = certificateCluster();
    create('web', { dnsNames: ['web.example.com', 'www.example.com'] });
    clock.advance(100);
    expect(condition('web', 'Ready')).toMatchObject({
      ...{ status: 'False', reason: 'DoesNotExist', message: 'Issuing certificate as Secret does not exist' },
    });
    expect(condition('web', 'Issuing')).toMatchObject({ status: 'True', reason: 'DoesNotExist' });
    clock.advance(5000);
    const { status } = read('web');
    expect(status?.conditions).toMatchObject([
      {
        ...{ type: 'Ready', status: 'True', reason: 'Ready', observedGeneration: 1 },
        message: 'Certificate is up to date and has not expired',
      },
    ]);
    expect(status).toMatchObject({ revision: 1 });
    expect(status).not.toHaveProperty('nextPrivateKeySecretName');
    const [from, to, due] = [status?.notBefore, status?.notAfter, status?.renewalTime].map((at) =>
      Date.parse(at ?? ''),
    );
    expect((to as number) - (from as number)).toBe(90 * DAY);
    expect((due as number) - (from as number)).toBe(60 * DAY);
    expect(secret('web-tls')).toMatchObject({
      type: 'kubernetes.io/tls',
      metadata: {
        annotations: {
          'cert-manager.io/alt-names': 'web.example.com,www.example.com',
          'cert-manager.io/certificate-name': 'web',
          'cert-manager.io/issuer-kind': 'Issuer',
          'cert-manager.io/issuer-name': 'own',
        },
      },
    });
    expect(facts('web-tls')).toMatchObject({
      names: ['web.example.com', 'www.example.com'],
      notAfterAt: to,
      keyMatches: true,
      issuer: 'CN=web.example.com',
    });
    expect(request('web-1')?.metadata.ownerReferences).toMatchObject([{ kind: 'Certificate', name: 'web' }]);
    expect(told('web')).toEqual([
      'Normal Issuing Issuing certificate as Secret does not exist',
      expect.stringMatching(/^Normal Generated Stored new private key in temporary Secret resource "web-[a-z0-9]{5}"$/),
      'Normal Requested Created new CertificateRequest resource "web-1"',
      'Normal Issuing The certificate has been successfully issued',
    ]);
    expect(told('web-1')).toEqual([
      'Normal cert-manager.io Certificate request has been approved by cert-manager.io',
      'Normal CertificateIssued Certificate fetched from issuer successfully',
    ]);
  });

  it('are made anew when their Secret is deleted, for other names, and with the old key where it is to stay', () => {
    const { api, clock, create, read, secret, facts, told } = certificateCluster();
    create('web', { privateKey: { rotationPolicy: 'Never' } });
    clock.advance(5000);
    api.delete(SECRETS, NAMESPACE, 'web-tls');
    expect(facts('web-tls')).toBeUndefined();
    clock.advance(5000);
    expect(secret('web-tls')).toBeDefined();
    expect(read('web').status?.revision).toBe(2);
    api.change(CERTIFICATES, NAMESPACE, 'web', (one) => ({
      ...one,
      spec: { ...one.spec, dnsNames: ['new.example.com'] },
    }));
    clock.advance(5000);
    expect(facts('web-tls')?.names).toEqual(['new.example.com']);
    expect(told('web')).toContain(
      'Normal Issuing Fields on existing CertificateRequest resource not up to date: [spec.dnsNames]',
    );
    expect(told('web')).toContain('Normal Reused Reusing private key stored in existing Secret resource "web-tls"');
  });

  it('are renewed after two thirds of their life, and cost nothing until then', () => {
    const { clock, create, read, facts, told } = certificateCluster();
    create('web');
    clock.advance(5000);
    const first = facts('web-tls');
    expect(clock.waiting).toBeLessThan(10);
    clock.advance(60 * DAY - 10_000);
    expect(facts('web-tls')).toEqual(first);
    clock.advance(60_000);
    expect(facts('web-tls')?.notAfterAt).toBeGreaterThan((first?.notAfterAt ?? 0) + 59 * DAY);
    expect(read('web').status).toMatchObject({ revision: 2, conditions: [{ type: 'Ready', status: 'True' }] });
    expect(told('web').join('\n')).toMatch(
      /Normal Issuing Renewing certificate as renewal was scheduled at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC/,
    );
  });

  it('wait for an issuer that is not there, in the words of cert-manager, and are issued once it is', () => {
    const { api, clock, create, condition, requestCondition, told } = certificateCluster();
    create('web', { issuerRef: { name: 'absent', kind: 'ClusterIssuer' } });
    clock.advance(HOUR);
    const text = 'Referenced "ClusterIssuer" not found: clusterissuer.cert-manager.io "absent" not found';
    expect(requestCondition('web-1', 'Ready')).toMatchObject({ status: 'False', reason: 'Pending', message: text });
    expect(told('web-1')).toContain(`Normal IssuerNotFound ${text}`);
    expect(condition('web', 'Ready')).toMatchObject({ status: 'False', reason: 'DoesNotExist' });
    api.create(CLUSTER_ISSUERS, issuer('ClusterIssuer', 'absent', { selfSigned: {} }));
    clock.advance(5000);
    expect(condition('web', 'Ready')?.status).toBe('True');
  });

  it('are asked of the issuer that they name now, not of the one that they named', () => {
    const { api, clock, create, condition, request } = certificateCluster();
    create('web', { issuerRef: { name: 'ownn' } });
    clock.advance(60_000);
    expect(condition('web', 'Ready')?.status).toBe('False');
    api.change(
      CERTIFICATES,
      NAMESPACE,
      'web',
      (now) => ({ ...now, spec: { ...now.spec, issuerRef: { name: 'own' } } }) as never,
    );
    clock.advance(60_000);
    expect(request('web-1')?.spec?.issuerRef).toEqual({ name: 'own' });
    expect(condition('web', 'Ready')?.status).toBe('True');
  });

  it('are asked for again after an hour, two, four while the issuer refuses', () => {
    const { cluster, clock, create, read, condition, told } = certificateCluster();
    const takeBack = cluster.behave({
      issuer: ({ name }) => (name === 'own' ? { signError: 'no such role' } : undefined),
    });
    create('web');
    clock.advance(10_000);
    const text = 'The certificate request has failed to complete and will be retried: no such role';
    expect(condition('web', 'Issuing')).toMatchObject({ status: 'False', reason: 'Failed', message: text });
    expect(read('web').status).toMatchObject({ failedIssuanceAttempts: 1 });
    expect(told('web')).toContain(`Warning Failed ${text}`);
    const attempts = [0, 1, 2, 3].map((hours) => {
      clock.advance(hours * HOUR);
      return read('web').status?.failedIssuanceAttempts;
    });
    expect(attempts).toEqual([1, 2, 3, 3]);
    takeBack();
    clock.advance(2 * HOUR);
    expect(condition('web', 'Ready')?.status).toBe('True');
    expect(read('web').status).not.toHaveProperty('failedIssuanceAttempts');
    expect(read('web').status).not.toHaveProperty('lastFailureTime');
  });

  it('expire when the issuer does not answer', () => {
    const { cluster, clock, create, condition } = certificateCluster();
    create('web');
    clock.advance(5000);
    cluster.behave({ issuer: () => ({ signError: 'gone' }) });
    clock.advance(89 * DAY);
    expect(condition('web', 'Ready')?.status).toBe('True');
    clock.advance(DAY);
    expect(condition('web', 'Ready')).toMatchObject({ status: 'False', reason: 'Expired' });
    expect(condition('web', 'Ready')?.message).toMatch(
      /^Certificate expired on (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d UTC$/,
    );
  });

  it('tell of a key that is not theirs and of another issuer, and repair it', () => {
    const { cluster, clock, create, condition, certificates, api, told } = certificateCluster();
    create('web');
    clock.advance(5000);
    putTlsSecret(cluster, {
      ...{ namespace: NAMESPACE, name: 'web-tls', names: ['web.example.com'], keyMatches: false },
      ...{ notBeforeAt: clock.now, notAfterAt: clock.now + 90 * DAY },
    });
    clock.advance(5000);
    expect(told('web').join('\n')).toContain(
      'Normal Issuing Issuing certificate as Secret contains an invalid key-pair: tls: private key does not match public key',
    );
    expect(certificates.ofSecret(NAMESPACE, 'web-tls')?.keyMatches).toBe(true);
    api.change(CERTIFICATES, NAMESPACE, 'web', (one) => ({
      ...one,
      spec: { ...one.spec, issuerRef: { name: 'public', kind: 'ClusterIssuer' } },
    }));
    clock.advance(60_000);
    expect(told('web').join('\n')).toContain(
      'Normal Issuing Issuing certificate as Secret was previously issued by "Issuer.cert-manager.io/own"',
    );
    expect(condition('web', 'Ready')?.status).toBe('True');
    expect(certificates.ofSecret(NAMESPACE, 'web-tls')?.issuer).toContain("Let's Encrypt");
  });
});

describe('Orders and Challenges', () => {
  const PUBLIC = { issuerRef: { name: 'public', kind: 'ClusterIssuer' } };

  it('come and go with a certificate over ACME', () => {
    const { clock, create, condition, orders, challenges, requestCondition, told } = certificateCluster();
    create('web', PUBLIC);
    clock.advance(2000);
    const [order] = orders();
    expect(order?.status?.state).toBe('pending');
    expect(challenges()).toMatchObject([{ spec: { dnsName: 'web.example.com', type: 'HTTP-01' } }]);
    expect(requestCondition('web-1', 'Ready')).toMatchObject({
      reason: 'Pending',
      message: `Waiting on certificate issuance from order default/${order?.metadata.name ?? ''}: "pending"`,
    });
    clock.advance(60_000);
    expect(orders()[0]?.status?.state).toBe('valid');
    expect(challenges()).toEqual([]);
    expect(condition('web', 'Ready')?.status).toBe('True');
    expect(told(order?.metadata.name ?? '')).toContain('Normal Complete Order completed successfully');
  });

  it('stay pending while the authority does not see its challenge', () => {
    const { cluster, clock, create, condition, challenges } = certificateCluster();
    const challengeError = "Waiting for HTTP-01 challenge propagation: wrong status code '404', expected '200'";
    const takeBack = cluster.behave({ issuer: () => ({ challengeError }) });
    create('web', PUBLIC);
    clock.advance(2 * HOUR);
    expect(challenges()).toMatchObject([{ status: { state: 'pending', reason: challengeError } }]);
    expect(condition('web', 'Ready')?.status).toBe('False');
    takeBack();
    clock.advance(300_000);
    expect(condition('web', 'Ready')?.status).toBe('True');
  });

  it('fail when the authority refuses them', () => {
    const { cluster, clock, create, condition, orders } = certificateCluster();
    const why = '429 urn:ietf:params:acme:error:rateLimited: too many certificates already issued for "example.com"';
    cluster.behave({ issuer: () => ({ signError: why }) });
    create('web', PUBLIC);
    clock.advance(60_000);
    const [order] = orders();
    expect(order?.status).toMatchObject({ state: 'errored', reason: why });
    expect(condition('web', 'Issuing')?.message).toBe(
      `The certificate request has failed to complete and will be retried: Failed to wait for order resource "${order?.metadata.name ?? ''}" to become ready: order is in "errored" state: ${why}`,
    );
  });
});

describe('Issuers', () => {
  it('say how they are ready', () => {
    const { api } = certificateCluster();
    expect(conditionOf(api.get(CLUSTER_ISSUERS, '', 'public').status?.conditions, 'Ready')).toMatchObject({
      ...{ status: 'True', reason: 'ACMEAccountRegistered' },
      message: 'The ACME account was registered with the ACME server',
    });
    expect(conditionOf(api.get(ISSUERS, NAMESPACE, 'own').status?.conditions, 'Ready')?.status).toBe('True');
  });

  it('want the key that they sign with', () => {
    const { cluster, api, clock, create, requestCondition, condition, told } = certificateCluster();
    api.create(ISSUERS, issuer('Issuer', 'ca', { ca: { secretName: 'ca-key' } }));
    create('web', { issuerRef: { name: 'ca' } });
    clock.advance(60_000);
    const ready = () => conditionOf(api.get(ISSUERS, NAMESPACE, 'ca').status?.conditions, 'Ready');
    const message = 'Error getting keypair for CA issuer: secrets "ca-key" not found';
    expect(ready()).toMatchObject({ status: 'False', reason: 'ErrGetKeyPair', message });
    expect(told('ca')).toContain('Warning ErrInitIssuer Error initializing issuer: secrets "ca-key" not found');
    expect(requestCondition('web-1', 'Ready')?.message).toBe(
      'Referenced issuer does not have a Ready status condition',
    );
    const [notBeforeAt, notAfterAt] = [clock.now, clock.now + 3650 * DAY];
    putTlsSecret(cluster, { namespace: NAMESPACE, name: 'ca-key', names: ['ca'], notBeforeAt, notAfterAt });
    clock.advance(5000);
    expect(ready()).toMatchObject({ status: 'True', reason: 'KeyPairVerified', message: 'Signing CA verified' });
    expect(condition('web', 'Ready')?.status).toBe('True');
  });

  it('are not ready while they are refused, and look again', () => {
    const { cluster, api, clock } = certificateCluster();
    const readyError = {
      reason: 'ErrRegisterACMEAccount',
      message: 'Failed to register ACME account: 400 urn:ietf:params:acme:error:invalidContact',
    };
    const takeBack = cluster.behave({ issuer: ({ name }) => (name === 'late' ? { readyError } : undefined) });
    api.create(ISSUERS, issuer('Issuer', 'late', { acme: {} }));
    clock.advance(60_000);
    const ready = () => conditionOf(api.get(ISSUERS, NAMESPACE, 'late').status?.conditions, 'Ready');
    expect(ready()).toMatchObject({ status: 'False', ...readyError });
    takeBack();
    clock.advance(300_000);
    expect(ready()?.status).toBe('True');
  });
});

describe('recorded certificates', () => {
  it('stay as they were: ready, failing and waiting ones', () => {
    const { cluster, clock, create } = certificateCluster(Date.UTC(2025, 5, 1));
    cluster.behave({ issuer: ({ names }) => (names.includes('bad.example.com') ? { signError: 'no' } : undefined) });
    create('good');
    create('bad');
    create('lost', { issuerRef: { name: 'absent' } });
    clock.advance(20 * 60_000);
    const recorded = snapshotOf(cluster, 'recorded');
    const twin = new SimulatedCluster({ snapshot: recorded });
    twin.clock.advance(1_800_000);
    const after = snapshotOf(twin, 'twin');
    for (const kind of [
      'cert-manager.io/Certificate',
      'cert-manager.io/CertificateRequest',
      'cert-manager.io/Issuer',
    ] as const)
      expect(after.listCustom(kind)).toEqual(recorded.listCustom(kind));
    expect(after.list('Secret')).toEqual(recorded.list('Secret'));
    expect(after.certificates).toEqual(recorded.certificates);
  });

  it('go on when what they lacked comes, or their time does', () => {
    const { cluster, clock, create } = certificateCluster(Date.UTC(2025, 5, 1));
    create('good');
    create('lost', { issuerRef: { name: 'absent' } });
    clock.advance(20 * 60_000);
    const twin = new SimulatedCluster({ snapshot: snapshotOf(cluster, 'recorded') });
    const ready = (name: string) =>
      conditionOf(twin.api.get(CERTIFICATES, NAMESPACE, name).status?.conditions, 'Ready')?.status;
    twin.clock.advance(60_000);
    twin.api.create(ISSUERS, issuer('Issuer', 'absent', { selfSigned: {} }));
    twin.clock.advance(60_000);
    expect([ready('good'), ready('lost')]).toEqual(['True', 'True']);
    twin.clock.advance(61 * DAY);
    expect(twin.api.get(CERTIFICATES, NAMESPACE, 'good').status?.revision).toBe(2);
    expect(twin.api.store.get(CERTIFICATE_REQUESTS, NAMESPACE, 'good-2')).toBeDefined();
  });
});

describe('the life of a certificate', () => {
  it('is renewed before it ends, whatever was asked for', () => {
    const life = fc.integer({ min: HOUR, max: 3650 * DAY });
    fc.assert(
      fc.property(life, fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: undefined }), (lifetime, hours) => {
        const due = renewalAt(0, lifetime, hours === undefined ? undefined : `${hours}h`);
        expect(due).toBeLessThanOrEqual(lifetime);
        expect(due).toBeGreaterThanOrEqual(-1);
        if (hours === undefined) expect(due).toBeLessThan(lifetime);
      }),
    );
  });

  it('never ends while the issuer answers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 400 }), fc.integer({ min: 1, max: 300 }), (hours, renewBefore) => {
        const { clock, create, facts, condition } = certificateCluster();
        create('web', { duration: `${hours}h`, renewBefore: `${Math.min(renewBefore, hours - 1)}h` });
        clock.advance(10_000);
        for (let i = 0; i < 12; i++) {
          clock.advance((hours * HOUR) / 4);
          expect(facts('web-tls')?.notAfterAt).toBeGreaterThan(clock.now);
          expect(condition('web', 'Ready')?.status).toBe('True');
        }
      }),
      { numRuns: 15 },
    );
  });

  it('reads durations as Go writes them, and backs off as documented', () => {
    expect(['2160h', '1h30m', '90s', '1.5h', 'soon', ''].map(durationMs)).toEqual([
      ...[90 * DAY, 1.5 * HOUR, 90_000, 1.5 * HOUR],
      ...[undefined, undefined],
    ]);
    expect([1, 2, 3, 6, 7].map((attempts) => backOffMs(attempts) / HOUR)).toEqual([1, 2, 4, 32, 32]);
  });
});
