import { describe, expect, it } from 'vitest';
import { describeParser } from './laws.suite.ts';
import { parseLoadBalancer } from './load-balancer.ts';
import type { CloudRefusal } from './message.ts';
import { rows } from './corpus/load-balancer.suite.ts';

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
    ['AllocationFailed', 'Failed to allocate IP for "shop/web": no available IPs', 'ip-space'],
    [
      'AllocationFailed',
      'Failed to allocate IP for "shop/web": ["10.1.1.1"] is not allowed in config',
      'address-conflict',
    ],
    [
      'AllocationFailed',
      `Failed to allocate IP for "shop/web": can't change sharing key for "shop/web", address also in use by shop/api`,
      'address-conflict',
    ],
    ['AllocationFailed', 'Failed to allocate IP for "shop/web": unknown pool "edge"', 'invalid-request'],
    [
      'FailedBuildModel',
      "Failed build model due to couldn't auto-discover subnets: unable to resolve at least one subnet",
      'not-found',
    ],
    ['FailedBuildModel', 'Failed build model due to no certificate found for host: shop.example.com', 'not-found'],
    ['FailedBuildModel', 'Failed build model due to ingress: shop/web: Service "gone" not found', 'not-found'],
    [
      'FailedBuildModel',
      'Failed build model due to conflicting load balancer attributes idle_timeout.timeout_seconds: 60 | 30',
      'invalid-request',
    ],
    [
      'FailedDeployModel',
      'Failed deploy model due to AccessDenied: User is not authorized to perform: elasticloadbalancing:CreateRule',
      'permission',
    ],
    ['SyncNetworkEndpointGroupFailed', 'Failed to sync NEG "k8s1-a" (will retry): something new', 'other'],
    ['', "Quota 'CPUS' exceeded. Limit: 1.0 globally.", undefined],
  ])('%s: %s', (reason, text, cause) => {
    expect(parseLoadBalancer(reason, text)?.cause).toBe(cause);
  });
});
