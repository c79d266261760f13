/** Namespaces whose LimitRanges and quotas keep pods out, whether or not the API server's refusal was seen. */
import { describe, expect, it } from 'vitest';
import { condition, running } from './pod-states.suite.ts';
import { causeOf, causesOf, Scene } from './scene.suite.ts';

const NODE = 'gke-shop-default-pool-7f3c2a91-n0';
const oneNode = (): Scene => {
  const scene = new Scene();
  scene.node(NODE);
  return scene;
};

const refusedBy = (text: string) => condition('ReplicaFailure', 'True', 'FailedCreate', text);
const limits = (scene: Scene, namespace: string, max: string) =>
  scene.add('v1', 'LimitRange', 'limits', namespace, {
    spec: { limits: [{ type: 'Container', max: { cpu: max }, default: { cpu: max } }] },
  });

describe('a LimitRange', () => {
  it('that refuses pods in two namespaces is one cause in each, with every workload that it keeps out', () => {
    const scene = oneNode();
    const text = 'pods "x" is forbidden: maximum cpu usage per Container is 100m, but limit is 500m';
    for (const namespace of ['team-a', 'team-b']) {
      scene.namespace(namespace);
      limits(scene, namespace, '100m');
      for (const name of ['api', 'worker'])
        scene.deployment(name, {
          namespace,
          pods: [],
          replicas: 2,
          cpu: '500m',
          container: { resources: { limits: { cpu: '500m' } } },
          conditions: [refusedBy(text)],
        });
    }
    const assessment = scene.assess();
    expect(
      causesOf(assessment)
        .map((cause) => cause.split(' ').slice(0, 3).join(' '))
        .sort(),
    ).toEqual(['limit-range-violated LimitRange team-a/limits', 'limit-range-violated LimitRange team-b/limits']);
    const cause = causeOf(assessment, 'limit-range-violated');
    expect(cause.severity).toBe('high');
    expect(cause.explains.filter((id) => id.startsWith('replica-creation-failed'))).toHaveLength(2);
    expect(cause.explains.filter((id) => id.startsWith('deployment-unavailable'))).toHaveLength(2);
    expect(cause.statement).toContain('maximum cpu per Container is 100m, but the limit is 500m');
  });
  it('that lets pods run which were made before it is a cause of medium severity', () => {
    const scene = oneNode();
    limits(scene, 'shop', '100m');
    scene.deployment('api', { pods: [running(NODE)], container: { resources: { limits: { cpu: '500m' } } } });
    expect(causeOf(scene.assess(), 'limit-range-violated')).toMatchObject({
      severity: 'medium',
      resource: { namespace: 'shop', name: 'limits' },
    });
  });
});

describe('a namespace quota', () => {
  const compute = (scene: Scene, hard: string, used: string) =>
    scene.add('v1', 'ResourceQuota', 'compute', 'shop', {
      spec: { hard: { 'requests.cpu': hard } },
      status: { hard: { 'requests.cpu': hard }, used: { 'requests.cpu': used } },
    });

  it('without room for the surge of a rollout is the cause of the stuck rollout, though nothing is Pending', () => {
    const scene = oneNode();
    compute(scene, '1', '800m');
    scene.deployment('api', {
      pods: [running(NODE)],
      cpu: '500m',
      status: { updatedReplicas: 0 },
      conditions: [
        condition('Progressing', 'False', 'ProgressDeadlineExceeded', 'ReplicaSet "api-2" has timed out progressing.'),
      ],
    });
    const assessment = scene.assess();
    const cause = causeOf(assessment, 'namespace-quota-exhausted');
    expect(causesOf(assessment)).toHaveLength(1);
    expect(cause.resource).toMatchObject({ kind: 'ResourceQuota', namespace: 'shop', name: 'compute' });
    expect(cause.explains.map((id) => id.split(':')[0])).toContain('deployment-rollout-stuck');
  });
  it('that lacks room for missing replicas is one cause, together with the finding that it is full', () => {
    const scene = oneNode();
    compute(scene, '1', '1');
    scene.deployment('api', { pods: [running(NODE), running(NODE)], replicas: 4, cpu: '500m' });
    const assessment = scene.assess();
    expect(causesOf(assessment)).toHaveLength(1);
    const { explains, severity } = causeOf(assessment, 'namespace-quota-exhausted');
    expect(severity).toBe('high');
    expect(explains.map((id) => id.split(':')[0]).sort()).toEqual([
      'deployment-unavailable',
      'namespace-quota-blocks-rollout',
      'namespace-quota-exhausted',
    ]);
  });
  it('that is full tells which next rollouts it would stop, as part of one cause', () => {
    const scene = oneNode();
    compute(scene, '1', '1');
    scene.deployment('api', { pods: [running(NODE), running(NODE)], cpu: '500m' });
    const assessment = scene.assess();
    expect(causesOf(assessment)).toHaveLength(1);
    expect(assessment.findings.filter(({ explainedBy }) => explainedBy === undefined)).toEqual([]);
  });
});
