import { createDirectWrites } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { clusterWith, deployment, planningOf, proposalsOf } from '../../trial.suite.ts';
import { uncordonNode } from './uncordon-node.ts';

const MINUTE = 60_000;

/** The kinds of change that are proposed for a node that was cordoned so long ago, and that nobody waits for. */
function proposed(minutes: number, annotations: Readonly<Record<string, string>> = {}) {
  const cluster = clusterWith([deployment('web', {}, {}, { replicas: 9 })]);
  const writes = createDirectWrites(cluster, 'test');
  const [node] = planningOf(cluster).snapshot.list('Node');
  const target = { group: '', kind: 'Node', namespace: '', name: node?.metadata.name ?? '' };
  writes.patch(target, { type: 'merge', patch: { metadata: { annotations }, spec: { unschedulable: true } } });
  cluster.clock.advance(minutes * MINUTE);
  const [remedy] = proposalsOf(uncordonNode, planningOf(cluster));
  return remedy?.drafts.flatMap(({ changes }) => changes).map(({ kind }) => kind);
}

describe('uncordon-node, where nobody waits', () => {
  it('takes up a cordon that was left behind', () => expect(proposed(120)).toEqual(['patch']));

  it('asks where a budget kept pods on the node until lately', () => {
    const budget = (maxUnavailable: number) => ({
      ...{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'web', namespace: 'shop' } },
      spec: { maxUnavailable, selector: { matchLabels: { app: 'web' } } },
    });
    const cluster = clusterWith([deployment('web', {}, {}, { replicas: 9 }), budget(0)]);
    const writes = createDirectWrites(cluster, 'test');
    const name = planningOf(cluster).snapshot.list('Node')[0]?.metadata.name ?? '';
    const node = { group: '', kind: 'Node', namespace: '', name };
    writes.patch(node, { type: 'merge', patch: { spec: { unschedulable: true } } });
    cluster.clock.advance(120 * MINUTE);
    writes.patch(
      { group: 'policy', kind: 'PodDisruptionBudget', namespace: 'shop', name: 'web' },
      { type: 'merge', patch: { spec: { maxUnavailable: 1 } } },
    );
    cluster.clock.advance(10 * MINUTE);
    const kinds = () =>
      proposalsOf(uncordonNode, planningOf(cluster)).flatMap(({ drafts }) =>
        drafts[0]?.changes.map(({ kind }) => kind),
      );
    expect(kinds()).toEqual(['manual']);
    cluster.clock.advance(120 * MINUTE);
    expect(kinds()).toEqual(['patch']);
  });

  it.each([
    ['that is minutes old', 10, {}],
    ['that somebody works under', 120, { 'example.com/maintenance': 'disk' }],
  ])('asks about one %s', (_, minutes, annotations) => {
    expect(proposed(minutes, annotations)).toEqual(['manual']);
  });
});
