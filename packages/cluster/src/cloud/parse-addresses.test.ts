import { describe, expect, it } from 'vitest';
import { parseAddresses, parseForwardingRules, serviceOfRule } from './parse-addresses.ts';

const api = 'https://www.googleapis.com/compute/v1/projects/p';

describe('parseAddresses', () => {
  const regional = {
    kind: 'compute#address',
    name: 'web',
    address: '34.173.206.6',
    region: `${api}/regions/us-central1`,
    status: 'IN_USE',
    users: [`${api}/regions/us-central1/forwardingRules/a123`, `${api}/zones/us-central1-a/instances/gke-1`],
  };
  const expected = {
    name: 'web',
    address: '34.173.206.6',
    region: 'us-central1',
    status: 'IN_USE',
    addressType: 'EXTERNAL',
    users: ['forwardingRules/a123', 'instances/gke-1'],
  };

  it('reads the same from gcloud, REST and aggregated lists', () => {
    expect(parseAddresses([regional])).toEqual({ value: [expected], problems: [] });
    expect(parseAddresses({ kind: 'compute#addressList', items: [regional] }).value).toEqual([expected]);
    const scopes = {
      'regions/us-central1': { addresses: [regional] },
      'regions/x': { warning: { code: 'NO_RESULTS_ON_PAGE' } },
    };
    expect(parseAddresses({ kind: 'compute#addressAggregatedList', items: scopes })).toEqual({
      value: [expected],
      problems: [],
    });
    expect(parseAddresses({ kind: 'compute#addressList' })).toEqual({ value: [], problems: [] });
  });

  it('gives addresses without region to global', () => {
    expect(parseAddresses([{ name: 'lb', address: '1.2.3.4' }]).value[0]?.region).toBe('global');
  });
});

describe('parseForwardingRules', () => {
  it('reads the front and the Service behind it', () => {
    const { value } = parseForwardingRules([
      {
        name: 'a123',
        region: `${api}/regions/us-central1`,
        IPAddress: '34.173.206.6',
        IPProtocol: 'TCP',
        loadBalancingScheme: 'EXTERNAL',
        description: '{"kubernetes.io/service-name":"aia-system/aia-frontend"}',
      },
    ]);
    expect(value[0]).toMatchObject({
      region: 'us-central1',
      ipAddress: '34.173.206.6',
      protocol: 'TCP',
      scheme: 'EXTERNAL',
    });
    expect(value.map(serviceOfRule)).toEqual(['aia-system/aia-frontend']);
  });

  it('survives other values', () => {
    for (const value of [null, 3, 'x', [null], { items: 7 }, [{ name: {} }]])
      expect(parseForwardingRules(value).value).toEqual([]);
  });
});
