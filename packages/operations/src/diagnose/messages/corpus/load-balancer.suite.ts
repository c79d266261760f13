/** Load balancers: each text with who writes it since when, and what must be read from it. */
import type { CloudRefusal } from '../message.ts';
import type { Row } from './corpus-row.ts';

const of = (
  versions: string,
  cause: CloudRefusal['cause'],
  text: string,
  more: Partial<CloudRefusal> = {},
): Row<CloudRefusal> => [versions, text, { cause, ...more }];
const failed = 'Error syncing load balancer: failed to ensure load balancer:';

export const rows: readonly Row<CloudRefusal>[] = [
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
