import { createDirectWrites, SAFE_TO_EVICT } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { strategise } from '../../../strategy.ts';
import { clusterWith, deployment, planningOf, proposalsOf } from '../../trial.suite.ts';
import { allowEviction } from './allow-eviction.ts';

const MINUTE = 60_000;
const POOL = {
  nodePools: [
    { name: 'general', initialNodes: 4, zones: ['europe-west1-b'], autoscaling: { minNodes: 4, maxNodes: 4 } },
  ],
};
const WEB = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' };
const ANTI = {
  podAntiAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: [
      {
        weight: 100,
        podAffinityTerm: { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' },
      },
    ],
  },
};

const IN_PLACE = { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };

/** Four nodes that are half empty, each with a pod that is marked; `marked`: when, by a rollout or from the beginning. */
function idle(marked: 'later' | 'always', pod: object = {}, replicas = 4, more: readonly object[] = []) {
  const annotations = { [SAFE_TO_EVICT]: 'false' };
  const container = { resources: { requests: { cpu: '1500m', memory: '1Gi' } } };
  const web = deployment('web', { affinity: ANTI, ...pod }, container, { replicas, strategy: IN_PLACE });
  const template = (web['spec'] as { template: { metadata: object } }).template;
  if (marked === 'always') template.metadata = { ...template.metadata, annotations };
  const cluster = clusterWith([web, ...more], POOL);
  const patch = { spec: { template: { metadata: { annotations } } } };
  if (marked === 'later') createDirectWrites(cluster, 'test').patch(WEB, { type: 'merge', patch });
  cluster.clock.advance(20 * MINUTE);
  cluster.cloud?.changePool('general', { autoscaling: { minNodes: 1, maxNodes: 4 } });
  cluster.clock.advance(MINUTE);
  return planningOf(cluster);
}

const budget = {
  ...{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'web', namespace: 'shop' } },
  spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'web' } } },
};

describe('allow-eviction', () => {
  const draftOf = (planning: ReturnType<typeof idle>) => proposalsOf(allowEviction, planning)[0]?.drafts[0];

  it('takes the mark away that an earlier revision went without, and fewer nodes do', () => {
    const planning = idle('later');
    const draft = draftOf(planning);
    const patch = { spec: { template: { metadata: { annotations: { [SAFE_TO_EVICT]: null } } } } };
    expect(draft?.changes).toEqual([
      { kind: 'patch', target: expect.objectContaining(WEB), patch: { type: 'merge', patch } },
    ]);
    expect(draft?.preconditions).toBeUndefined();
    const { plan, rehearsal } = strategise(planning.snapshot, { version: 'test' });
    expect(plan.phases.flatMap(({ actions }) => actions).map(({ kind }) => kind)).toContain(allowEviction.kind);
    expect(rehearsal?.after.nodes).toBeLessThan(4);
    expect(rehearsal?.after.pods.succeeding).toBe(rehearsal?.after.pods.total);
  });

  it('asks the owner where nothing says why the pods have it, and needs not to where a budget does', () => {
    expect(draftOf(idle('always'))?.preconditions).toEqual([expect.objectContaining({ kind: 'told' })]);
    expect(draftOf(idle('always', {}, 4, [budget]))?.preconditions).toBeUndefined();
  });

  it('is a step for a person where the pods keep data on their node', () => {
    const volumes = [{ name: 'spool', emptyDir: {} }];
    expect(draftOf(idle('later', { volumes }))?.changes.map(({ kind }) => kind)).toEqual(['manual']);
  });

  it('says nothing where the mark keeps no node', () => {
    expect(proposalsOf(allowEviction, idle('later', { nodeSelector: { 'no.such/label': 'x' } }))).toEqual([]);
  });
});
