/** Limits of the cloud and of the autoscaler, near and far: which finding is a cause, and which only tells more of one. */
import { describe, expect, it } from 'vitest';
import { DAY, NOW, pending, running } from './pod-states.suite.ts';
import { causeOf, causesOf, GIB, group, quota, REGION, Scene, type Diagnosis } from './scene.suite.ts';

const FULL =
  '0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.';
const codesOf = (assessment: Diagnosis, name: string): readonly string[] =>
  causeOf(assessment, name)
    .explains.map((id) => id.split(':')[0] ?? '')
    .sort();
const unexplained = ({ findings }: Diagnosis): readonly string[] =>
  findings.filter(({ explainedBy }) => explainedBy === undefined).map(({ code }) => code);

function crowded(): { scene: Scene; pods: ReturnType<Scene['deployment']> } {
  const scene = new Scene();
  const nodes = scene.nodes(3);
  scene.deployment('catalogue', { cpu: '3600m', pods: nodes.map((name) => running(name)) });
  return { scene, pods: scene.deployment('api', { cpu: '1000m', pods: [pending(FULL), pending(FULL)] }) };
}

describe('a quota that is nearly used up', () => {
  const growing = (scene: Scene): void => {
    const times = Array.from({ length: 10 }, (_, i) => NOW - (9 - i) * DAY);
    scene.cloud = {
      ...scene.cloud,
      quotaHistory: [{ metric: 'CPUS', region: REGION, times, values: times.map((_, i) => 66 - 2 * (9 - i)) }],
    };
  };

  it('and grows is one cause, with the date and with what autoscaling could take', () => {
    const scene = new Scene();
    const nodes = scene.nodes(2);
    scene.deployment('api', { cpu: '3000m', pods: nodes.map((name) => running(name)) });
    scene.gke([{ name: 'default-pool' }], [quota('CPUS', 66, 72)]);
    growing(scene);
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['quota-near-limit Quota us-central1/CPUS 0']);
    expect(codesOf(assessment, 'quota-near-limit')).toEqual([
      'autoscaler-ceiling-exceeds-quota',
      'quota-forecast',
      'quota-near-limit',
    ]);
  });
  it('but is far from it by its share is a cause by its forecast alone', () => {
    const scene = new Scene();
    scene.deployment('api', { cpu: '3000m', pods: scene.nodes(2).map((name) => running(name)) });
    scene.gke([{ name: 'default-pool', autoscaling: undefined }], [quota('CPUS', 66, 84)]);
    growing(scene);
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual([]);
    expect(assessment.findings.map(({ code, severity }) => `${severity} ${code}`)).toContain('low quota-forecast');
  });
});

describe('limits that stop the autoscaler', () => {
  it('the range of pod addresses is part of the cause that the refusal names', () => {
    const { scene, pods } = crowded();
    scene.scaleUpFailed(pods, 'IP space exhausted');
    scene.gke(
      [{ name: 'default-pool', podRange: { cidr: '10.4.0.0/22', nodeMask: 24, share: 1 } }],
      [quota('CPUS', 12, 720)],
    );
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['ip-space-exhausted Subnetwork us-central1 2']);
    expect(codesOf(assessment, 'ip-space-exhausted')).toContain('pod-cidr-nearly-full');
    expect(unexplained(assessment)).toEqual([]);
  });
  it('the limit of node auto-provisioning is part of the cause that the refusal names', () => {
    const { scene, pods } = crowded();
    for (const pod of pods)
      scene.event(
        pod,
        'Normal',
        'NotTriggerScaleUp',
        "pod didn't trigger scale-up: 1 max cluster cpu, memory limit reached",
      );
    scene.gke([{ name: 'default-pool' }], [quota('CPUS', 12, 720)]);
    const { cluster } = scene.cloud;
    scene.cloud = {
      ...scene.cloud,
      ...(cluster && { cluster: { ...cluster, provisioningLimits: [{ resource: 'cpu', maximum: 12 }] } }),
    };
    const assessment = scene.assess();
    expect(causesOf(assessment)).toHaveLength(1);
    expect(codesOf(assessment, 'scale-up-refused-cluster-limit')).toContain('node-auto-provisioning-limit-reached');
    expect(unexplained(assessment)).toEqual([]);
  });
  it('a pool at its maximum is no second cause beside the loss of the node that would take the pods', () => {
    const scene = new Scene();
    const nodes = scene.nodes(2);
    scene.deployment('catalogue', { cpu: '3600m', pods: nodes.map((name) => running(name)) });
    scene.node('gke-shop-default-pool-7f3c2a91-lost', { ready: 'Unknown' });
    const lacks =
      '0/3 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }, 2 Insufficient cpu. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.';
    const pods = scene.deployment('api', { cpu: '1000m', pods: [pending(lacks), pending(lacks)] });
    for (const pod of pods)
      scene.event(pod, 'Normal', 'NotTriggerScaleUp', "pod didn't trigger scale-up: 1 max node group size reached");
    scene.gke(
      [{ name: 'default-pool', autoscaling: { minNodes: 1, maxNodes: 3 } }],
      [quota('CPUS', 12, 720)],
      [group('default-pool', 3, 3)],
    );
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['nodes-lost Node gke-shop-default-pool-7f3c2a91-lost 2']);
    expect(unexplained(assessment)).toEqual([]);
  });
});

describe('use of memory', () => {
  it('near a limit is a cause of medium severity for the workload, and no second one beside a kill', () => {
    const scene = new Scene();
    const [node = ''] = scene.nodes(1);
    const pods = scene.deployment('api', { memory: '900Mi', memoryLimit: '1Gi', pods: [running(node, 5 * DAY)] });
    const times = Array.from({ length: 200 }, (_, i) => NOW - (199 - i) * 1_800_000);
    scene.usage = pods.map(({ metadata }) => ({
      namespace: 'shop',
      pod: metadata.name,
      container: 'api',
      cpu: undefined,
      memory: { times, values: times.map(() => 0.97 * GIB) },
    }));
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['container-memory-near-limit Deployment shop/api 0']);
  });
});
