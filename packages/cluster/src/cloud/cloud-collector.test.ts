import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_CLOUD, type CloudSnapshot } from './cloud.ts';
import { CloudCollector } from './cloud-collector.ts';
import { recogniseCloud } from './recognise-cloud.ts';

const api = 'https://www.googleapis.com/compute/v1/projects/p';
const region = {
  kind: 'compute#region',
  name: 'us-central1',
  selfLink: `${api}/regions/us-central1`,
  zones: [`${api}/zones/us-central1-a`],
  quotas: [{ metric: 'CPUS', limit: 24, usage: 24 }],
};
const project = { kind: 'compute#project', name: 'p', quotas: [{ metric: 'CPUS_ALL_REGIONS', limit: 32, usage: 24 }] };
const address = {
  kind: 'compute#address',
  name: 'web',
  address: '1.2.3.4',
  region: `${api}/regions/us-central1`,
  status: 'IN_USE',
};
const rule = {
  kind: 'compute#forwardingRule',
  name: 'a1',
  IPAddress: '1.2.3.4',
  IPProtocol: 'TCP',
  loadBalancingScheme: 'EXTERNAL',
};
const pool = {
  name: 'extra',
  config: { machineType: 'n2-standard-2' },
  locations: ['us-central1-a'],
  initialNodeCount: 1,
};
const link = 'https://container.googleapis.com/v1/projects/p/locations/us-central1/clusters/aia';
const cluster = { name: 'aia', location: 'us-central1', selfLink: link, currentMasterVersion: '1.33', nodePools: [] };
const pools = [{ ...pool, selfLink: `${link}/nodePools/extra` }];
const entry = { jsonPayload: { resultInfo: { measureTime: '1758960000', results: [{ eventId: 'e' }] } } };
const quotas = [{ metric: 'CPUS', region: 'us-central1', limit: 24, usage: 20 }];

function collected(inputs: readonly unknown[], hint = {}): { cloud: CloudSnapshot; messages: readonly string[] } {
  const collector = new CloudCollector();
  for (const input of structuredClone(inputs)) collector.add(input, 'file.json');
  const cloud = collector.build(hint);
  return { cloud, messages: collector.problems.map(({ message }) => message) };
}

describe('recogniseCloud', () => {
  it.each([
    [region, 'region'],
    [[region], 'region'],
    [{ kind: 'compute#regionList', items: [region] }, 'region'],
    [project, 'project'],
    [[address], 'addresses'],
    [[{ ...address, kind: undefined, addressType: 'EXTERNAL' }], 'addresses'],
    [{ kind: 'compute#addressAggregatedList', items: {} }, 'addresses'],
    [[rule], 'forwarding-rules'],
    [[{ ...rule, kind: undefined }], 'forwarding-rules'],
    [cluster, 'cluster'],
    [{ clusters: [cluster] }, 'cluster'],
    [[pool], 'node-pools'],
    [{ nodePools: [pool] }, 'node-pools'],
    [quotas, 'quotas'],
    [{ quotas }, 'quotas'],
    [entry, 'visibility'],
    [[entry], 'visibility'],
  ])('%j', (value, type) => expect(recogniseCloud(value)).toEqual({ type }));

  it.each([
    [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } }],
    [{ apiVersion: 'v1', kind: 'List', items: [] }],
    [{ kind: 'compute#instance', name: 'i' }],
    [{ status: 'success', data: { resultType: 'matrix', result: [] } }],
    [[1, 'x', null]],
    ['text'],
    [null],
    [[]],
  ])('not %j', (value) => expect(recogniseCloud(value)).toBeUndefined());

  it('tells empty listings apart by the name of their file only', () => {
    expect(recogniseCloud([], 'cloud/forwarding-rules.json')).toEqual({ type: 'forwarding-rules' });
    expect(recogniseCloud([], 'cloud/addresses.json')).toEqual({ type: 'addresses' });
    expect(recogniseCloud([], 'cloud/other.json')).toBeUndefined();
    expect(recogniseCloud([region], 'cloud/addresses.json')).toEqual({ type: 'region' });
  });
});

describe('CloudCollector', () => {
  it('builds one picture, whatever the order of the inputs', () => {
    const inputs = [region, project, [address], [rule], cluster, pools, entry, quotas];
    const whole = collected(inputs).cloud;
    expect(whole).toMatchObject({
      provider: 'gcp',
      project: 'p',
      quotas: [
        { region: 'global', metric: 'CPUS_ALL_REGIONS' },
        { region: 'us-central1', metric: 'CPUS', usage: 24 },
      ],
      addresses: [{ name: 'web' }],
      forwardingRules: [{ name: 'a1' }],
      cluster: { name: 'aia', version: '1.33', nodePools: [{ name: 'extra' }] },
      visibility: [{ type: 'result' }],
    });
    fc.assert(
      fc.property(fc.shuffledSubarray([...inputs, ...inputs], { minLength: inputs.length * 2 }), (shuffled) => {
        expect(collected(shuffled).cloud).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps unknown, empty and nothing apart', () => {
    expect(collected([]).cloud).toBe(NO_CLOUD);
    expect(collected([{ ...region, quotaStatusWarning: {} }]).cloud).toMatchObject({
      provider: 'gcp',
      quotas: undefined,
      addresses: undefined,
    });
    const collector = new CloudCollector();
    collector.add([], 'addresses.json');
    expect(collector.build()).toMatchObject({ addresses: [], forwardingRules: undefined });
  });

  it('chooses no cluster unless told which', () => {
    const other = { ...cluster, name: 'aia-eu', selfLink: undefined };
    const unsure = collected([{ clusters: [cluster, other] }]);
    expect(unsure.cloud.cluster).toBeUndefined();
    expect(unsure.messages.join()).toContain('several clusters (aia, aia-eu)');
    expect(collected([{ clusters: [cluster, other] }], { clusterName: 'aia' }).cloud.cluster?.name).toBe('aia');
    expect(
      collected([{ clusters: [cluster, other] }], { nodeNames: ['gke-aia-eu-pool-12345678-abcd'] }).cloud.cluster?.name,
    ).toBe('aia-eu');
  });

  it('makes a cluster of pools alone', () => {
    expect(collected([pools]).cloud.cluster).toMatchObject({
      name: 'aia',
      location: 'us-central1',
      version: '',
      nodePools: [{ name: 'extra' }],
    });
  });

  it('keeps the newest autoscaler status', () => {
    const text = (time: string): string => `time: ${time} +0000 UTC\nautoscalerStatus: Running\nnodeGroups: []\n`;
    const collector = new CloudCollector();
    collector.addAutoscalerStatus(text('2025-01-02 00:00:00'), {}, 'a');
    collector.addAutoscalerStatus(text('2025-01-01 00:00:00'), {}, 'b');
    collector.addAutoscalerStatus('rubbish', {}, 'c');
    expect(collector.build()).toMatchObject({ provider: 'unknown', autoscaler: { updatedAt: Date.UTC(2025, 0, 2) } });
    expect(collector.problems).toMatchObject([{ source: 'c' }]);
  });

  it('takes any JSON without throwing', () => {
    const keys = fc.constantFrom(
      'kind',
      'items',
      'name',
      'quotas',
      'metric',
      'limit',
      'zones',
      'nodePools',
      'clusters',
      'config',
      'machineType',
      'locations',
      'autoscaling',
      'selfLink',
      'jsonPayload',
      'decision',
    );
    const words = fc.constantFrom(
      'compute#region',
      'compute#project',
      'compute#address',
      'compute#forwardingRuleList',
      'x',
      null,
      1,
      [],
      {},
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        words,
        fc.dictionary(keys, tie('tree'), { maxKeys: 5 }),
        fc.array(tie('tree'), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(fc.array(tree), (inputs) => void collected(inputs)),
      { numRuns: 1000 },
    );
  });
});
