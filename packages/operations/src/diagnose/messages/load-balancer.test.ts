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
    ['SyncNetworkEndpointGroupFailed', 'Failed to sync NEG "k8s1-a" (will retry): something new', 'other'],
    ['', "Quota 'CPUS' exceeded. Limit: 1.0 globally.", undefined],
  ])('%s: %s', (reason, text, cause) => {
    expect(parseLoadBalancer(reason, text)?.cause).toBe(cause);
  });
});
