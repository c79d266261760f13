import { describe, expect, it } from 'vitest';
import { parseCloudRefusal, parseVisibilityId, refusalsIn } from './cloud-refusal.ts';
import { describeParser } from './laws.suite.ts';
import type { CloudCause } from './message.ts';
import { rows } from './corpus/cloud-refusal.suite.ts';

const weaker = [
  'quota',
  'timeout',
  'permission',
  'not-found',
  'invalid-request',
  'reservation',
  'stock-out',
  'organisation-policy',
];
describeParser('parseCloudRefusal', { parse: parseCloudRefusal, rows, weaker });

describe('parseCloudRefusal', () => {
  it('takes no limit from the middle of a number', () => {
    expect(parseCloudRefusal("Quota 'CPUS' exceeded. Limit: 5")).not.toHaveProperty('limit');
    expect(parseCloudRefusal("Quota 'CPUS' exceeded. Limit: 57.0 in region us-centr")).not.toHaveProperty('region');
  });

  it('names each metric of several once', () => {
    const text =
      "Quota 'CPUS' exceeded. Limit: 24.0 in region us-east1., Quota 'CPUS' exceeded. Limit: 24.0 in region us-east1., Quota 'INSTANCES' exceeded. Limit: 6.0 in region us-east1.";
    expect(refusalsIn(text).map((refusal) => refusal.metric)).toEqual(['CPUS', 'INSTANCES']);
  });

  it('tells quota and stock-out apart where both are named', () => {
    const found = refusalsIn("Quota 'CPUS' exceeded. Limit: 24.0 in region us-east1., ZONE_RESOURCE_POOL_EXHAUSTED");
    expect(found.map((refusal) => refusal.cause)).toEqual(['quota', 'stock-out']);
  });
});

describe('parseVisibilityId', () => {
  it.each<[string, readonly string[], CloudCause | undefined, string?]>([
    [
      'scale.up.error.out.of.resources',
      ['https://www.googleapis.com/compute/v1/projects/p/zones/us-central1-c/instanceGroups/g'],
      'stock-out',
      'us-central1-c',
    ],
    ['scale.up.error.quota.exceeded', ['gke-g'], 'quota'],
    ['scale.up.error.waiting.for.instances.timeout', ['gke-g'], 'timeout'],
    ['scale.up.error.ip.space.exhausted', ['gke-g'], 'ip-space'],
    ['scale.up.error.service.account.deleted', [], 'service-account'],
    ['scale.up.error.unsupportred.compact.placement.config', [], 'placement'],
    ['scale.up.error.tpu.topology.invalid', [], 'placement'],
    ['scale.up.error.reservation.not.ready', [], 'reservation'],
    ['scale.up.error.any.affinity.reservations.no.capacity', [], 'reservation'],
    ['scale.up.error.other', [], 'other'],
    ['no.scale.up.mig.skipped', ['max node group size reached'], 'max-size'],
    ['no.scale.up.mig.failing.predicate', ['NodeAffinity', "node(s) didn't match"], 'placement'],
    ['no.scale.up.in.backoff', [], 'backoff'],
    ['no.scale.up.nap.disabled', [], 'other'],
    ['no.scale.up.nap.pod.zonal.resources.exceeded', ['us-central1-f'], 'cluster-limit', 'us-central1-f'],
    ['no.scale.up.nap.node.groups.limit.reached', [], 'cluster-limit'],
    ['no.scale.up.nap.pod.gpu.type.not.supported', ['nvidia-x'], 'placement'],
    ['no.scale.down.in.backoff', [], undefined],
    ['scale.down.error.failed.to.evict.pods', ['x'], undefined],
    ['constructor', [], undefined],
  ])('%s %j', (id, parameters, cause, zone) => {
    const found = parseVisibilityId(id, parameters);
    expect(found?.cause).toBe(cause);
    expect(found?.zone).toBe(zone);
  });

  it('takes metric and limit from a parameter that names them', () => {
    expect(
      parseVisibilityId('scale.up.error.quota.exceeded', ["Quota 'CPUS' exceeded. Limit: 24.0 in region us-east1."]),
    ).toMatchObject({ cause: 'quota', metric: 'CPUS', limit: 24, region: 'us-east1' });
  });
});
