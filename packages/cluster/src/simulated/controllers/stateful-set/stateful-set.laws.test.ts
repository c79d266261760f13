import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Pod, StatefulSet } from '../../../model/kinds.ts';
import { PERSISTENT_VOLUME_CLAIMS, PODS, STATEFUL_SETS } from '../../api/built-in-types.ts';
import { workloadCluster } from '../workload-cluster.suite.ts';
import { isRunningAndReady, ordinalOf } from './ordinals.ts';
import { statefulSetController } from './stateful-set-controller.ts';

type Spec = NonNullable<StatefulSet['spec']>;

const template = (image: number): Spec['template'] => ({
  metadata: { labels: { app: 'db' } },
  spec: { containers: [{ name: 'db', image: `db:${image}` }] },
});

function cluster(spec: Partial<Spec>, pace: number) {
  const paceOf = ({ metadata }: Pod) => 100 + ((ordinalOf({ metadata } as Pod)[1] * 977 + pace) % 3000);
  const made = workloadCluster([statefulSetController], { kubelet: { readyAfterMs: paceOf, stopsAfterMs: paceOf } });
  const { api, store, clock } = made;
  api.create(STATEFUL_SETS, {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db', namespace: 'shop' },
    spec: {
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: template(1),
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } }],
      ...spec,
    },
  });
  return {
    ...made,
    change: (more: Partial<Spec>) =>
      api.change(STATEFUL_SETS, 'shop', 'db', (one) => ({ ...one, spec: { ...(one.spec as Spec), ...more } })),
    db: () => api.get(STATEFUL_SETS, 'shop', 'db'),
    settle: () => clock.advance(600_000),
    claims: () => [...store.list(PERSISTENT_VOLUME_CLAIMS, 'shop')].map(({ metadata }) => metadata.name),
  };
}

type Act = (made: ReturnType<typeof cluster>) => void;
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.integer({ min: 1, max: 3 }).map(
    (image): Act =>
      ({ change }) =>
        change({ template: template(image) }),
  ),
  fc.integer({ min: 0, max: 5 }).map(
    (replicas): Act =>
      ({ change }) =>
        change({ replicas }),
  ),
  fc.nat(5).map((at): Act => ({ api, pods }) => {
    const pod = pods()[at];
    if (pod !== undefined) api.delete(PODS, 'shop', pod.metadata.name);
  }),
);
const acts = fc.array(fc.tuple(act, fc.nat(5000)), { maxLength: 12 });

it.each(['OrderedReady', 'Parallel'])(
  'a StatefulSet comes to what is wanted whatever happened before: %s',
  (podManagementPolicy) => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 3 }), acts, (pace, maxUnavailable, steps) => {
        const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable } };
        const made = cluster({ replicas: 3, podManagementPolicy, updateStrategy }, pace);
        for (const [run, waitMs] of steps) {
          run(made);
          made.clock.advance(waitMs);
        }
        made.settle();
        const { spec, status } = made.db();
        const replicas = spec?.replicas ?? 0;
        const names = Array.from({ length: replicas }, (_, ordinal) => `db-${ordinal}`);
        const pods = made.pods();
        expect(pods.map(({ metadata }) => metadata.name).sort()).toEqual(names);
        const image = spec?.template.spec?.containers[0]?.image;
        expect(new Set(pods.map((pod) => pod.spec?.containers[0]?.image))).toEqual(
          new Set(replicas === 0 ? [] : [image]),
        );
        expect(made.claims()).toEqual(expect.arrayContaining(names.map((name) => `data-${name}`)));
        expect(status).toMatchObject({
          replicas,
          availableReplicas: replicas,
          observedGeneration: made.db().metadata.generation,
        });
        expect(status?.currentRevision).toBe(status?.updateRevision);
      }),
      { numRuns: 40 },
    );
  },
);

it('a StatefulSet makes a pod only when all before it are ready', () => {
  fc.assert(
    fc.property(fc.nat(), acts, (pace, steps) => {
      const made = cluster({ replicas: 3 }, pace);
      const early: string[] = [];
      made.store.listen(({ kind, type, object }) => {
        if (type.kind !== 'Pod' || kind !== 'ADDED') return;
        const before = ordinalOf(object)[1];
        const ready = made.pods().filter((pod) => ordinalOf(pod)[1] < before && isRunningAndReady(pod));
        if (ready.length < before) early.push(object.metadata.name);
      });
      for (const [run, waitMs] of steps) {
        run(made);
        made.clock.advance(waitMs);
      }
      expect(early).toEqual([]);
    }),
    { numRuns: 40 },
  );
});
