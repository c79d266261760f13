import { describe, expect, it } from 'vitest';
import { ACTION_KINDS } from '../../catalogue.ts';
import { clusterWith, deployment, planningOf, proposalsOf, put, tried } from '../../trial.suite.ts';
import { grantRole } from './grant-role.ts';

const FORWARDING = "Required 'compute.forwardingRules.create' permission for 'projects/p/regions/r/forwardingRules/a'";
const INSTANCES = "Required 'compute.instances.create' permission for 'projects/p/zones/z/instances/i'";

/** A cluster to which the cloud refuses some requests with these words, and objects that need what is refused. */
function denied(words: string, objects: readonly unknown[]) {
  const cluster = clusterWith([deployment('web')]);
  if (cluster.cloud === undefined) throw new TypeError('no cloud');
  cluster.cloud.conditions.refusal = ({ type }) =>
    type === (words.includes('instances') ? 'machine' : 'forwarding-rule') ? words : undefined;
  put(cluster, objects);
  cluster.clock.advance(15 * 60_000);
  return planningOf(cluster);
}

const FRONT = {
  ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'front', namespace: 'shop' } },
  spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80 }] },
};
const LARGE = deployment('large', {}, { resources: { requests: { cpu: '3' } } }, { replicas: 5 });

describe('grant-role', () => {
  it.each([
    ['load balancers', FORWARDING, [FRONT], 'load-balancer-permission'],
    ['machines', INSTANCES, [LARGE], 'scale-up-refused-permission'],
  ])('gives the service agent its role back that may make %s, and then they come', (_what, words, objects, cause) => {
    const planning = denied(words, objects);
    const [remedy] = proposalsOf(grantRole, planning);
    expect(remedy?.drafts[0]?.changes).toMatchObject([
      { kind: 'cloud', call: { operation: 'grant-role', role: 'roles/container.serviceAgent' } },
    ]);
    const { outcomes, causes } = tried(ACTION_KINDS, remedy as never, planning);
    expect(outcomes).toEqual(['held']);
    expect(causes).not.toContain(cause);
  });

  it('refuses where the words name no permission, or one of another service', () => {
    const objects = [FRONT];
    expect(proposalsOf(grantRole, denied('The caller does not have permission', objects))).toEqual([]);
    expect(proposalsOf(grantRole, denied("Required 'dns.changes.create' permission for 'z'", objects))).toEqual([]);
  });
});
