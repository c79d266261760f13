import { describe, expect, it } from 'vitest';
import { describeParser, type Row } from './laws.suite.ts';
import { parseLoadBalancer } from './load-balancer.ts';
import type { CloudRefusal } from './message.ts';

const of = (
  versions: string,
  cause: CloudRefusal['cause'],
  text: string,
  more: Partial<CloudRefusal> = {},
): Row<CloudRefusal> => [versions, text, { cause, ...more }];
const failed = 'Error syncing load balancer: failed to ensure load balancer:';

const rows: readonly Row<CloudRefusal>[] = [
  of(
    '1.15–1.36',
    'quota',
    `${failed} failed to create forwarding rule for load balancer (a1b2(prod/web)): googleapi: Error 403: Quota 'FORWARDING_RULES' exceeded.  Limit: 15.0 globally., quotaExceeded`,
    { metric: 'FORWARDING_RULES', limit: 15, region: 'global' },
  ),
  of(
    '1.15–1.36',
    'quota',
    `${failed} failed to ensure a static IP for load balancer (a1(prod/web)): error creating gce static IP address: googleapi: Error 403: Quota 'IN_USE_ADDRESSES' exceeded.  Limit: 8.0 in region us-central1., quotaExceeded`,
    { metric: 'IN_USE_ADDRESSES', limit: 8, region: 'us-central1' },
  ),
  of(
    '1.14',
    'quota',
    `Error creating load balancer (will retry): failed to ensure load balancer for service prod/web: googleapi: Error 403: QUOTA_EXCEEDED - Quota 'IN_USE_ADDRESSES' exceeded. Limit: 8.0 in region us-central1`,
    { metric: 'IN_USE_ADDRESSES' },
  ),
  of('1.14–1.36', 'address-conflict', `${failed} requested ip "34.1.2.3" is neither static nor assigned to the LB`),
  of(
    '1.14–1.36',
    'address-conflict',
    `${failed} requested IP "34.1.2.3" belongs to the Standard network tier; expected Premium`,
  ),
  of('1.14–1.36', 'invalid-request', `${failed} mixed protocol is not supported for LoadBalancer`),
  of('1.14–1.36', 'invalid-request', `${failed} no ports specified for GCE load balancer`),
  of('1.14–1.36', 'not-ready', `${failed} cannot EnsureLoadBalancer() with no hosts`),
  of(
    '1.14–1.36',
    'permission',
    `${failed} googleapi: Error 403: Required 'compute.addresses.create' permission for 'projects/demo/regions/us-east1/addresses/a', forbidden`,
    { region: 'us-east1' },
  ),
  of(
    '1.14–1.36',
    'not-found',
    `${failed} googleapi: Error 404: The resource 'projects/p/regions/us-east1/subnetworks/s' was not found, notFound`,
  ),
  of(
    '1.14–1.36',
    'invalid-request',
    `${failed} googleapi: Error 400: Invalid value for field 'resource.IPAddress': '1.2.3.4'., invalid`,
  ),
  of(
    'ingress-gce',
    'address-conflict',
    'Error ensuring Resource for L4 External LoadBalancer, err: IP configuration error: "34.1.2.3" is in use',
  ),
  of('future', 'other', `${failed} something new`),
];

describeParser('parseLoadBalancer', {
  parse: (text) => parseLoadBalancer('SyncLoadBalancerFailed', text),
  rows,
  weaker: ['quota', 'permission', 'not-found', 'invalid-request'],
});

describe('parseLoadBalancer by reason', () => {
  it.each<[string, string, CloudRefusal['cause'] | undefined]>([
    ['UnAvailableLoadBalancer', 'There are no available nodes for LoadBalancer', 'not-ready'],
    ['Sync', 'Scheduled for sync', undefined],
    [
      'Sync',
      "Error syncing to GCP: error running load balancer syncing routine: googleapi: Error 403: Quota 'BACKEND_SERVICES' exceeded. Limit: 9.0 globally., quotaExceeded",
      'quota',
    ],
    ['Translate', 'Translation failed: invalid ingress spec: could not find service "prod/web"', 'not-found'],
    ['EnsuringLoadBalancer', 'Ensuring load balancer', undefined],
    ['SyncNetworkEndpointGroupFailed', 'Failed to sync NEG "k8s1-a" (will retry): something new', 'other'],
    ['', "Quota 'CPUS' exceeded. Limit: 1.0 globally.", undefined],
  ])('%s: %s', (reason, text, cause) => {
    expect(parseLoadBalancer(reason, text)?.cause).toBe(cause);
  });
});
