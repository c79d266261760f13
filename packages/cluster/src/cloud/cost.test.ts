import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KindMap } from '../model/kinds.ts';
import { NO_CLOUD, type CloudAddress, type CloudDisk, type CloudSnapshot, type ForwardingRule } from './cloud.ts';
import { costOf } from './cost.ts';
import { rulesHourly, type CostParts } from './cost-lines.ts';
import { parsePrices } from './parse-prices.ts';
import { LIST_PRICES } from './prices.ts';

const EMPTY: CostParts = { nodes: [], volumes: [], storageClasses: [], cloud: NO_CLOUD };
const LISTED: CloudSnapshot = { ...NO_CLOUD, disks: [], addresses: [], forwardingRules: [] };

function node(type: string, more: Readonly<Record<string, string>> = {}, externalIp?: string): KindMap['Node'] {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: `${type}-${externalIp ?? 'x'}`, labels: { 'node.kubernetes.io/instance-type': type, ...more } },
    ...(externalIp === undefined ? {} : { status: { addresses: [{ type: 'ExternalIP', address: externalIp }] } }),
  } as KindMap['Node'];
}

function disk(type: string, sizeGb: number, zone = 'europe-west1-b'): CloudDisk {
  return {
    ...{ name: 'd', type, sizeGb, zone, region: 'europe-west1', users: [], description: '', labels: {} },
    ...{ createdAt: undefined, lastDetachedAt: undefined },
  };
}

function address(text: string, status: string, users: readonly string[] = []): CloudAddress {
  return { name: text, address: text, region: 'europe-west1', status, addressType: 'EXTERNAL', users };
}

function rule(ipAddress: string): ForwardingRule {
  return { name: 'r', region: 'europe-west1', ipAddress, protocol: 'TCP', scheme: 'EXTERNAL', description: '' };
}

describe('costOf', () => {
  it('counts machines by vCPU and GiB, and Spot machines by their share', () => {
    const { lines } = costOf({
      ...EMPTY,
      nodes: [node('e2-standard-4'), node('e2-standard-4', { 'cloud.google.com/gke-spot': 'true' })],
    });
    const { e2 } = LIST_PRICES.machineFamilies;
    const full = 4 * (e2?.vcpuHourly ?? 0) + 16 * (e2?.gibHourly ?? 0);
    expect(lines).toMatchObject([
      { item: 'nodes', about: 'e2-standard-4', quantity: 1 },
      { item: 'nodes', about: 'e2-standard-4, Spot', quantity: 1 },
    ]);
    expect(lines[0]?.hourly).toBeCloseTo(full, 10);
    expect(lines[1]?.hourly).toBeCloseTo(full * (e2?.spotShare ?? 0), 10);
    expect(full).toBeCloseTo(0.134, 3);
  });

  it('says what it has no price for', () => {
    const { hourly, unpriced } = costOf({
      ...EMPTY,
      nodes: [node('x9-huge-1'), node('a2-highgpu-1g')],
      cloud: { ...NO_CLOUD, disks: [disk('hyperdisk-new', 10)] },
    });
    expect(hourly).toBe(0);
    expect(unpriced.map(({ about }) => about)).toEqual([
      '1 × x9-huge-1',
      '1 × a2-highgpu-1g',
      '10 GB of hyperdisk-new',
      'load balancers',
      'reserved addresses',
      'Cloud NAT',
      'traffic',
    ]);
  });

  it('counts disks per month, regional ones twice, and the boot disks of pools', () => {
    const pool = {
      ...{ name: 'p', machineType: 'e2-standard-4', diskType: 'pd-balanced', diskSizeGb: 100, spot: false, zones: [] },
      ...{ autoscaling: undefined, initialNodes: 1, privateNodes: true },
    };
    const cluster = {
      name: 'c',
      location: 'l',
      version: '',
      autopilot: false,
      autoscalingProfile: '',
      nodePools: [pool],
    };
    const { lines } = costOf({
      ...EMPTY,
      nodes: [node('e2-standard-4', { 'cloud.google.com/gke-nodepool': 'p' })],
      cloud: { ...LISTED, cluster, disks: [disk('pd-ssd', 730), disk('pd-ssd', 730, '')] },
    });
    expect(Object.fromEntries(lines.map((line) => [line.about, line.hourly]))).toMatchObject({
      'pd-ssd': 0.17,
      'regional pd-ssd': 0.34,
      'pd-balanced': 10 / 730,
      'management fee': 0.1,
    });
  });

  it('takes volumes for the disks that were not listed', () => {
    const { lines } = costOf({
      ...EMPTY,
      volumes: [
        {
          apiVersion: 'v1',
          kind: 'PersistentVolume',
          metadata: { name: 'v' },
          spec: { capacity: { storage: '73Gi' }, storageClassName: 'ssd' },
        },
      ],
      storageClasses: [
        {
          ...{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'ssd' } },
          ...{ provisioner: 'pd.csi.storage.gke.io', parameters: { type: 'pd-ssd' } },
        },
      ],
    });
    expect(lines).toMatchObject([{ item: 'disks', about: 'pd-ssd', quantity: 73 }]);
  });

  it('charges addresses of machines and those that nobody uses, and none of load balancers', () => {
    const { lines } = costOf({
      ...EMPTY,
      nodes: [node('e2-standard-4', {}, '1.1.1.1')],
      cloud: {
        ...LISTED,
        forwardingRules: [rule('3.3.3.3')],
        addresses: [
          address('1.1.1.1', 'IN_USE'),
          address('2.2.2.2', 'RESERVED'),
          address('3.3.3.3', 'IN_USE'),
          address('4.4.4.4', 'IN_USE', ['forwardingRules/other']),
        ],
      },
    });
    expect(lines.filter(({ item }) => item === 'addresses')).toMatchObject([
      { about: 'in use by machines', quantity: 1, hourly: 0.005 },
      { about: 'reserved, not in use', quantity: 1, hourly: 0.01 },
    ]);
  });

  it('charges Cloud NAT where there is one, for so many machines at most', () => {
    const nodes = Array.from({ length: 40 }, () => node('e2-standard-4'));
    const { lines } = costOf({ ...EMPTY, nodes }, LIST_PRICES, { hasNat: true });
    expect(lines.find(({ item }) => item === 'nat')).toMatchObject({ quantity: 32, hourly: 32 * 0.0014 });
  });

  it('is the sum of its lines, never negative, and grows by what is added', () => {
    const types = fc.constantFrom('e2-standard-4', 'n2-standard-8', 'e2-micro', 'unheard-of');
    const disks = fc.array(
      fc.tuple(fc.constantFrom('pd-ssd', 'pd-standard', 'odd'), fc.integer({ min: 1, max: 5000 })),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(fc.array(types, { maxLength: 6 }), disks, fc.nat(12), types, (machines, some, rules, extra) => {
        const cloud = {
          ...LISTED,
          disks: some.map(([type, gb]) => disk(type, gb)),
          forwardingRules: Array.from({ length: rules }, (_, i) => rule(`1.0.0.${i}`)),
        };
        const parts = { ...EMPTY, nodes: machines.map((type) => node(type)), cloud };
        const cost = costOf(parts);
        expect(cost.hourly).toBeCloseTo(
          cost.lines.reduce((sum, line) => sum + line.hourly, 0),
          10,
        );
        expect(cost.lines.every(({ hourly, quantity }) => hourly >= 0 && quantity > 0)).toBe(true);
        const one = costOf({ ...EMPTY, nodes: [node(extra)], cloud: LISTED });
        expect(costOf({ ...parts, nodes: [...parts.nodes, node(extra)] }).hourly).toBeCloseTo(
          cost.hourly + one.hourly,
          10,
        );
        expect(cost.monthly).toBeCloseTo(cost.hourly * 730, 8);
      }),
    );
  });
});

describe('the bundle of forwarding rules', () => {
  it.each([
    [0, true, 0],
    [1, true, 0.025],
    [5, true, 0.025],
    [7, true, 0.045],
    [5, false, 0.125],
    [7, false, 0.145],
  ])('%i rules, flat: %s', (count, forwardingRuleBundleIsFlat, hourly) => {
    expect(rulesHourly(count, { ...LIST_PRICES, forwardingRuleBundleIsFlat })).toBeCloseTo(hourly, 10);
  });
});

describe('parsePrices', () => {
  it('lays what a person says over the list', () => {
    const prices = parsePrices({
      currency: 'EUR',
      clusterHourly: 0,
      diskGbMonthly: { 'pd-ssd': 0.2, 'hyperdisk-ml': 0.5 },
      machineFamilies: { e2: { spotShare: 0.5 }, n4: { vcpuHourly: 0.03, gibHourly: 0.004, spotShare: 0.4 } },
    });
    expect(prices).toMatchObject({ currency: 'EUR', clusterHourly: 0, unusedAddressHourly: 0.01 });
    expect(prices.diskGbMonthly).toMatchObject({ 'pd-ssd': 0.2, 'hyperdisk-ml': 0.5, 'pd-standard': 0.04 });
    expect(prices.machineFamilies['e2']).toEqual({ ...LIST_PRICES.machineFamilies['e2'], spotShare: 0.5 });
    expect(prices.machineFamilies['n4']?.vcpuHourly).toBe(0.03);
  });

  it.each([
    [7, TypeError, 'prices: must be an object, is 7'],
    [{ diskPrice: 1 }, RangeError, 'prices.diskPrice: there is no such field; there are asOf, currency'],
    [{ clusterHourly: '0.1' }, TypeError, 'prices.clusterHourly: must be a number, is "0.1"'],
    [{ clusterHourly: -1 }, RangeError, 'prices.clusterHourly: must be from 0 to 1000000, is -1'],
    [{ clusterHourly: Number.NaN }, RangeError, 'prices.clusterHourly: must be from 0 to 1000000, is NaN'],
    [{ natMostMachines: 1.5 }, RangeError, 'prices.natMostMachines: must be a whole number, is 1.5'],
    [{ currency: 5 }, TypeError, 'prices.currency: must be a string, is 5'],
    [
      { forwardingRuleBundleIsFlat: 'yes' },
      TypeError,
      'prices.forwardingRuleBundleIsFlat: must be a boolean, is "yes"',
    ],
    [{ diskGbMonthly: { 'pd-ssd': null } }, TypeError, 'prices.diskGbMonthly.pd-ssd: must be a number, is null'],
    [
      { machineFamilies: { e2: { spotShare: 2 } } },
      RangeError,
      'prices.machineFamilies.e2.spotShare: must be from 0 to 1, is 2',
    ],
    [
      { machineFamilies: { n4: { vcpuHourly: 1 } } },
      RangeError,
      'prices.machineFamilies.n4.gibHourly: must be given for a family that is new',
    ],
  ])('refuses %j', (value, kind, text) => {
    expect(() => parsePrices(value)).toThrow(kind);
    expect(() => parsePrices(value)).toThrow(text);
  });
});
