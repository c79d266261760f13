import { describe, expect, it } from 'vitest';
import { ACTION_KINDS } from '../../catalogue.ts';
import { clusterWith, deployment, planningOf, proposalsOf, put, tried } from '../../trial.suite.ts';
import { grantRole } from './grant-role.ts';

const FORWARDING = "Required 'compute.forwardingRules.create' permission for 'projects/p/regions/r/forwardingRules/a'";
const INSTANCES = "Required 'compute.instances.create' permission for 'projects/p/zones/z/instances/i'";

const ROBOT = '@container-engine-robot.iam.gserviceaccount.com';
const GOOGLE = '@cloudservices.gserviceaccount.com';

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
    ['load balancers', FORWARDING, [FRONT], 'load-balancer-permission', 'roles/container.serviceAgent', ROBOT],
    ['machines', INSTANCES, [LARGE], 'scale-up-refused-permission', 'roles/editor', GOOGLE],
    [
      'machines, as named',
      `${INSTANCES} (when acting as '7${GOOGLE}')`,
      [LARGE],
      'scale-up-refused-permission',
      'roles/editor',
      GOOGLE,
    ],
  ])('gives the agent its role back that may make %s, and then they come', (_, words, objects, cause, role, member) => {
    const planning = denied(words, objects);
    const [remedy] = proposalsOf(grantRole, planning);
    expect(remedy?.drafts[0]?.changes).toMatchObject([
      { kind: 'cloud', call: { operation: 'grant-role', role, member: expect.stringContaining(member) as string } },
    ]);
    const { outcomes, causes } = tried(ACTION_KINDS, remedy as never, planning);
    expect(outcomes).toEqual(['held']);
    expect(causes).not.toContain(cause);
  });

  it('refuses where the words name no permission, one of another service, or another account', () => {
    const objects = [FRONT];
    const other = `${INSTANCES} (when acting as 'terraform@p.iam.gserviceaccount.com')`;
    expect(proposalsOf(grantRole, denied(other, [LARGE]))).toEqual([]);
    expect(proposalsOf(grantRole, denied('The caller does not have permission', objects))).toEqual([]);
    expect(proposalsOf(grantRole, denied("Required 'dns.changes.create' permission for 'z'", objects))).toEqual([]);
  });
});
