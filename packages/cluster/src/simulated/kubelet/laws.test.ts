import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContainerStatus, Pod } from '../../model/kinds.ts';
import { PODS } from '../api/built-in-types.ts';
import type { Change } from '../store/object-store.ts';
import type { ContainerBehaviour, ImageBehaviour } from './behaviour.ts';
import { KubeletScene } from './kubelet.suite.ts';

type Status = NonNullable<Pod['status']>;

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 3 });
const ms = fc.integer({ min: 0, max: 90_000 });
const behaviour = fc
  .record({
    startMs: maybe(ms),
    exitsAfterMs: maybe(ms),
    exitCode: maybe(fc.constantFrom(0, 1, 137)),
    startError: maybe(fc.constant('exec: "x": not found')),
    createError: maybe(fc.constant('context deadline exceeded')),
    hangsAfterMs: maybe(ms),
    failsProbes: maybe(fc.subarray(['startup', 'liveness', 'readiness'] as const)),
    stopMs: maybe(fc.constantFrom(0, 3000, Infinity)),
    pullMs: maybe(ms),
    pullError: maybe(fc.constant('not found')),
    usage: maybe(
      fc
        .integer({ min: 1, max: 1000 })
        .map((speed) => (since: number) => ({ cpuMillis: 1, memoryBytes: since * speed })),
    ),
  })
  .map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)))
  .map((row) => row as ContainerBehaviour & ImageBehaviour);

const probe = maybe(
  fc.record({
    tcpSocket: fc.constant({ port: 80 }),
    periodSeconds: fc.integer({ min: 1, max: 20 }),
    failureThreshold: fc.integer({ min: 1, max: 3 }),
    initialDelaySeconds: fc.integer({ min: 0, max: 20 }),
  }),
);
const container = fc.record({
  image: fc.constantFrom('a:1', 'b:1', 'c:1'),
  startupProbe: probe,
  livenessProbe: probe,
  readinessProbe: probe,
  limited: fc.boolean(),
});
const scenario = fc.record({
  images: fc.record({ 'a:1': behaviour, 'b:1': behaviour, 'c:1': behaviour }),
  restartPolicy: fc.constantFrom('Always', 'OnFailure', 'Never'),
  init: fc.array(fc.record({ image: fc.constantFrom('a:1', 'b:1'), sidecar: fc.boolean() }), { maxLength: 2 }),
  containers: fc.array(container, { minLength: 1, maxLength: 3 }),
  deadline: maybe(fc.integer({ min: 1, max: 200 })),
  deleteAfter: maybe(ms),
  outage: maybe(fc.record({ from: ms, length: ms, machine: fc.boolean() })),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

/** Lets a pod live, and returns every status that it had. */
function live({ images, restartPolicy, init, containers, deadline, deleteAfter, outage }: Scenario): readonly Pod[] {
  const scene = new KubeletScene({ images });
  const { kubelets, clock, api } = scene.cluster;
  const history: Pod[] = [];
  api.store.listen(({ type, object, kind }: Change) => {
    if (type.kind === 'Pod' && kind !== 'DELETED') history.push(object as Pod);
  });
  const { metadata } = scene.run('web', {
    restartPolicy,
    ...(deadline === undefined ? {} : { activeDeadlineSeconds: deadline }),
    terminationGracePeriodSeconds: 5,
    initContainers: init.map(({ image, sidecar }, i) => ({
      name: `i${i}`,
      image,
      ...(sidecar ? { restartPolicy: 'Always' } : {}),
    })),
    containers: containers.map(({ limited, ...one }, i) => ({
      name: `c${i}`,
      ...(Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)) as typeof one & {
        startupProbe: never;
        livenessProbe: never;
        readinessProbe: never;
      }),
      ...(limited ? { resources: { limits: { memory: '16Mi' } } } : {}),
    })),
  });
  if (deleteAfter !== undefined)
    clock.after(deleteAfter, () => {
      if (api.store.get(PODS, 'shop', metadata.name) !== undefined) api.delete(PODS, 'shop', metadata.name);
    });
  if (outage !== undefined) {
    clock.after(outage.from, () => kubelets.stopNode('n1', { machine: outage.machine }));
    clock.after(outage.from + outage.length, () => kubelets.startNode('n1'));
  }
  clock.advance(600_000);
  return history;
}

const PHASES: Readonly<Record<string, readonly string[]>> = {
  Pending: ['Pending', 'Running', 'Succeeded', 'Failed'],
  Running: ['Running', 'Pending', 'Succeeded', 'Failed'],
  Succeeded: ['Succeeded'],
  Failed: ['Failed'],
};

const all = ({ containerStatuses = [], initContainerStatuses = [] }: Status) => [
  ...initContainerStatuses,
  ...containerStatuses,
];

function checkContainer(one: ContainerStatus, before: ContainerStatus | undefined): void {
  const { state = {}, lastState = {}, ready, restartCount } = one;
  expect(Object.keys(state)).toHaveLength(1);
  expect(restartCount).toBeGreaterThanOrEqual(before?.restartCount ?? 0);
  expect(restartCount).toBeLessThanOrEqual((before?.restartCount ?? 0) + 1);
  if (ready && !one.name.startsWith('i')) expect(state.running).toBeDefined();
  if (restartCount > 0) expect(lastState.terminated ?? state.terminated).toBeDefined();
  for (const ended of [state.terminated, lastState.terminated])
    if (ended !== undefined) expect((ended.finishedAt ?? '') >= (ended.startedAt ?? '')).toBe(true);
  if (state.running !== undefined)
    expect((state.running.startedAt ?? '') >= (lastState.terminated?.finishedAt ?? '')).toBe(true);
}

function checkStep({ status = {} }: Pod, before: Status | undefined): void {
  const { phase = 'Pending', conditions = [] } = status;
  expect(PHASES[before?.phase ?? 'Pending']).toContain(phase);
  if (before?.startTime !== undefined) expect(status.startTime).toBe(before.startTime);
  for (const one of all(status)) checkContainer(one, before && all(before).find(({ name }) => name === one.name));
  for (const condition of conditions) {
    const known = before?.conditions?.find(({ type }) => type === condition.type);
    if (known?.status === condition.status) expect(condition.lastTransitionTime).toBe(known.lastTransitionTime);
    else expect((condition.lastTransitionTime ?? '') >= (known?.lastTransitionTime ?? '')).toBe(true);
  }
  const is = (type: string) => conditions.find((one) => one.type === type)?.status === 'True';
  if (is('Ready')) expect(is('ContainersReady')).toBe(true);
  if (is('ContainersReady')) expect(status.containerStatuses?.every(({ ready }) => ready)).toBe(true);
  if (is('ContainersReady')) expect(is('Initialized')).toBe(true);
  if (phase === 'Succeeded')
    expect(status.containerStatuses?.every(({ state }) => state?.terminated?.exitCode === 0)).toBe(true);
  if (phase === 'Succeeded' || phase === 'Failed')
    expect(all(status).some(({ state }) => state?.running !== undefined)).toBe(false);
}

describe('whatever containers do', () => {
  it('statuses are ones that Kubernetes can show, and time does not run backwards', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        let before: Status | undefined;
        for (const pod of live(given)) {
          checkStep(pod, before);
          before = pod.status;
        }
      }),
      { numRuns: 150 },
    );
  });

  it('the same happens each time', () => {
    fc.assert(
      fc.property(scenario, (given) => {
        expect(JSON.stringify(live(given))).toBe(JSON.stringify(live(given)));
      }),
      { numRuns: 30 },
    );
  });
});
