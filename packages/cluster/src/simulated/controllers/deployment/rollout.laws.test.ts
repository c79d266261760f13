import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deployment, Pod, ReplicaSet } from '../../../model/kinds.ts';
import { canonicalJson } from '../../../snapshot/canonical-json.ts';
import { DEPLOYMENTS, PODS, REPLICA_SETS } from '../../api/built-in-types.ts';
import { isActive, isReady } from '../pod-state.ts';
import { replicaSetController } from '../replica-set/replica-set-controller.ts';
import { workloadCluster } from '../workload-cluster.suite.ts';
import { deploymentController } from './deployment-controller.ts';
import { maxSurge, maxUnavailable } from './limits.ts';

type Spec = NonNullable<Deployment['spec']>;

const template = (image: number): Spec['template'] => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image: `web:${image}` }] },
});

/** Pods start and stop at a pace that their names tell. */
function cluster(spec: Partial<Spec>, pace: number) {
  const paceOf = ({ metadata }: Pod) =>
    100 + (([...metadata.name].reduce((sum, c) => sum * 31 + c.charCodeAt(0), pace) >>> 0) % 5000);
  const made = workloadCluster([deploymentController, replicaSetController], {
    kubelet: { readyAfterMs: paceOf, stopsAfterMs: paceOf },
  });
  const { api, store, clock } = made;
  api.create(DEPLOYMENTS, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { selector: { matchLabels: { app: 'web' } }, template: template(1), ...spec },
  });
  return {
    ...made,
    change: (more: Partial<Spec>) =>
      api.change(DEPLOYMENTS, 'shop', 'web', (one) => ({ ...one, spec: { ...(one.spec as Spec), ...more } })),
    web: () => api.get(DEPLOYMENTS, 'shop', 'web'),
    active: () => [...store.list(PODS, 'shop')].filter(isActive),
    sets: () => [...store.list(REPLICA_SETS, 'shop')],
    settle: () => clock.advance(600_000),
    /** Until the ReplicaSets' numbers are those of their pods: by numbers of before the real controller is misled as well. */
    catchUp: () => {
      const lags = ({ metadata, spec, status }: ReplicaSet) =>
        status?.observedGeneration !== metadata.generation || status?.replicas !== spec?.replicas;
      while ([...store.list(REPLICA_SETS, 'shop')].some(lags)) clock.step();
    },
  };
}

const amount = fc.oneof(
  fc.integer({ min: 0, max: 5 }),
  fc.integer({ min: 0, max: 100 }).map((percent) => `${percent}%`),
);
const strategy = fc
  .record({ maxSurge: amount, maxUnavailable: amount })
  .map((rollingUpdate) => ({ type: 'RollingUpdate', rollingUpdate }));
const pause = fc.integer({ min: 0, max: 8000 });

/** What somebody does to a Deployment. */
type Act = (made: ReturnType<typeof cluster>) => void;
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.integer({ min: 1, max: 3 }).map(
    (image): Act =>
      ({ change }) =>
        change({ template: template(image) }),
  ),
  fc.integer({ min: 0, max: 8 }).map(
    (replicas): Act =>
      ({ change }) =>
        change({ replicas }),
  ),
  fc.boolean().map(
    (paused): Act =>
      ({ change }) =>
        change({ paused }),
  ),
  fc.constantFrom('Recreate', 'RollingUpdate').map(
    (type): Act =>
      ({ change }) =>
        change({ strategy: { type } }),
  ),
  fc.nat(7).map((at): Act => ({ api, active }) => {
    const pod = active()[at];
    if (pod !== undefined) api.delete(PODS, 'shop', pod.metadata.name);
  }),
);

describe('a Deployment', () => {
  it('has never too few available pods and never too many while it rolls', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        strategy,
        fc.nat(),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), pause), { minLength: 1, maxLength: 6 }),
        (replicas, wanted, pace, steps) => {
          const made = cluster({ replicas, strategy: wanted }, pace);
          made.settle();
          const [most, least] = [replicas + maxSurge(made.web()), replicas - maxUnavailable(made.web())];
          const broken: string[] = [];
          const check = () => {
            const active = made.active();
            if (active.length > most) broken.push(`${active.length} pods instead of ${most}`);
            const available = active.filter(isReady).length;
            if (available < least) broken.push(`${available} available instead of ${least}`);
          };
          // Within one moment one ReplicaSet may act before another.
          made.store.listen(({ type }) => {
            if (type.kind === 'Pod') made.clock.after(1, check);
          });
          for (const [image, waitMs] of steps) {
            made.change({ template: template(image) });
            made.clock.advance(waitMs);
            made.catchUp();
          }
          made.settle();
          expect(broken).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('comes to what is wanted whatever happened before', () => {
    fc.assert(
      fc.property(strategy, fc.nat(), fc.array(fc.tuple(act, pause), { maxLength: 12 }), (wanted, pace, acts) => {
        const made = cluster({ replicas: 3, strategy: wanted }, pace);
        for (const [run, waitMs] of acts) {
          run(made);
          made.clock.advance(waitMs);
        }
        made.change({ paused: false });
        made.settle();
        const { spec, status, metadata } = made.web();
        const replicas = spec?.replicas ?? 0;
        const images = made.active().map((pod) => pod.spec?.containers[0]?.image);
        expect(images).toEqual(new Array(replicas).fill(spec?.template.spec?.containers[0]?.image));
        expect([...made.store.list(PODS, 'shop')]).toHaveLength(replicas);
        expect(made.sets().reduce((sum, set) => sum + (set.spec?.replicas ?? 0), 0)).toBe(replicas);
        expect(status?.observedGeneration).toBe(metadata.generation);
        expect([status?.replicas ?? 0, status?.updatedReplicas ?? 0, status?.availableReplicas ?? 0]).toEqual([
          replicas,
          replicas,
          replicas,
        ]);
        const conditions = new Map((status?.conditions ?? []).map(({ type, reason }) => [type, reason]));
        expect(conditions).toEqual(
          new Map([
            ['Available', 'MinimumReplicasAvailable'],
            ['Progressing', 'NewReplicaSetAvailable'],
          ]),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('returns to an old template byte by byte, with the same ReplicaSet and the newest revision', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.array(fc.tuple(fc.integer({ min: 2, max: 4 }), fc.boolean(), pause), { maxLength: 5 }),
        (pace, steps) => {
          const made = cluster({ replicas: 2 }, pace);
          made.settle();
          const [first] = made.sets();
          for (const [image, paused, waitMs] of steps) {
            made.change({ template: template(image), paused });
            made.clock.advance(waitMs);
          }
          made.change({ template: template(1), paused: false });
          made.settle();
          const again = made.sets().find(({ metadata }) => metadata.uid === first?.metadata.uid);
          expect(canonicalJson(made.web().spec?.template)).toBe(canonicalJson(template(1)));
          expect(canonicalJson(again?.spec?.template)).toBe(canonicalJson(first?.spec?.template));
          expect(again?.spec?.replicas).toBe(2);
          const revisions = made
            .sets()
            .map(({ metadata }) => Number(metadata.annotations?.['deployment.kubernetes.io/revision']));
          expect(new Set(revisions).size).toBe(revisions.length);
          expect(Number(again?.metadata.annotations?.['deployment.kubernetes.io/revision'])).toBe(
            Math.max(...revisions),
          );
        },
      ),
      { numRuns: 40 },
    );
  });
});
