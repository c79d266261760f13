import { describe, expect, it } from 'vitest';
import { SimulatedCluster } from '../simulated-cluster.ts';
import { PODS, SERVICE_ACCOUNTS } from './built-in-types.ts';
import { ISSUER, requestToken, userOfToken } from './service-account-token.ts';

function cluster() {
  const { api, clock } = new SimulatedCluster();
  api.create(SERVICE_ACCOUNTS, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'robot', namespace: 'default' },
  });
  return { api, clock };
}

const ROBOT = {
  name: 'system:serviceaccount:default:robot',
  groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
};

describe('requestToken', () => {
  it('makes a token that names its account, for an hour', () => {
    const { api, clock } = cluster();
    const { token, expirationTimestamp } = requestToken(api, 'default', 'robot', {});
    expect(expirationTimestamp).toBe('2025-01-01T01:00:00Z');
    expect(JSON.parse(atob(token.split('.')[1] as string))).toMatchObject({
      aud: [ISSUER],
      iss: ISSUER,
      sub: 'system:serviceaccount:default:robot',
      'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'robot' } },
    });
    expect(userOfToken(api, token)).toEqual(ROBOT);
    clock.advance(3_600_000);
    expect(userOfToken(api, token)).toBeUndefined();
  });

  it('refuses times that are too short or too long, and accounts that are not there', () => {
    const { api } = cluster();
    expect(() => requestToken(api, 'default', 'robot', { expirationSeconds: 60 })).toThrow(
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes',
    );
    expect(() => requestToken(api, 'default', 'robot', { expirationSeconds: 2 ** 32 + 1 })).toThrow(
      'may not specify a duration larger than 2^32 seconds',
    );
    expect(() => requestToken(api, 'default', 'other', {})).toThrow('serviceaccounts "other" not found');
  });

  it('ends with the account', () => {
    const { api } = cluster();
    const { token } = requestToken(api, 'default', 'robot', {});
    api.delete(SERVICE_ACCOUNTS, 'default', 'robot');
    expect(userOfToken(api, token)).toBeUndefined();
  });

  it('ends with the pod that it is bound to', () => {
    const { api } = cluster();
    const boundObjectRef = { kind: 'Pod', apiVersion: 'v1', name: 'web' };
    expect(() => requestToken(api, 'default', 'robot', { boundObjectRef })).toThrow('pods "web" not found');
    api.store.put(PODS, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default', uid: 'u1' } });
    const { token } = requestToken(api, 'default', 'robot', { boundObjectRef });
    expect(userOfToken(api, token)).toEqual(ROBOT);
    api.store.remove(PODS, 'default', 'web');
    expect(userOfToken(api, token)).toBeUndefined();
  });

  it('is not for the API server where it is for others', () => {
    const { api } = cluster();
    const { token } = requestToken(api, 'default', 'robot', { audiences: ['vault'] });
    expect(userOfToken(api, token)).toBeUndefined();
  });
});

describe('userOfToken', () => {
  it('knows no other tokens', () => {
    const { api } = cluster();
    for (const token of ['', 'abc', 'a.b.c', `a.b.${btoa('simulated')}`])
      expect(userOfToken(api, token)).toBeUndefined();
  });
});
