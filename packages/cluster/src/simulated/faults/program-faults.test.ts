import { describe, expect, it } from 'vitest';
import { DEPLOYMENTS } from '../api/built-in-types.ts';
import { Symptoms } from './symptoms.suite.ts';

const BACK_OFF = 'indexer CrashLoopBackOff: back-off TIME restarting failed container=indexer pod=POD_search(UID)';
const OCI =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ';
const TARGET = 'search/indexer';

function indexer(kind: string, parameters: Record<string, number | string> = {}): Symptoms {
  return new Symptoms(kind, { target: TARGET, parameters });
}

/** Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/; exit codes as 128 + signal. */
describe('programs that end', () => {
  it.each([
    ['crash-on-start', { exitCode: 78, afterMs: 300 }, 78],
    ['segmentation-fault', {}, 139],
  ])('%s %o', (kind, parameters, exitCode) => {
    const symptoms = indexer(kind, parameters);
    expect(symptoms.states('search', 'indexer')).toEqual([BACK_OFF, `indexer ended Error ${exitCode}`]);
    expect(symptoms.warnings('Pod search/indexer').map(withoutNames)).toContain(
      'BackOff: Back-off restarting failed container indexer in pod POD_search(UID)',
    );
    expect(symptoms.repair().states('search', 'indexer')).toEqual([]);
  });

  it('crash-after-a-while: pods are ready between, and the rollout is complete', () => {
    const symptoms = indexer('crash-after-a-while', { minutes: 5, exitCode: 3 });
    const { status } = symptoms.cluster.api.store.get(DEPLOYMENTS, 'search', 'indexer') ?? {};
    expect(status?.conditions?.find(({ type }) => type === 'Progressing')?.reason).toBe('NewReplicaSetAvailable');
    const [pod] = symptoms.pods('search', 'indexer');
    const [container] = pod?.status?.containerStatuses ?? [];
    expect(container?.restartCount).toBeGreaterThanOrEqual(3);
    expect(container?.lastState?.terminated).toMatchObject({ reason: 'Error', exitCode: 3 });
    expect(symptoms.fault.isGone?.(symptoms.cluster)).toBe(false);
    expect(symptoms.repair().fault.isGone?.(symptoms.cluster)).toBe(true);
  });

  it('program-hangs: the liveness probe gets no answer in time, and the kubelet restarts it', () => {
    const symptoms = indexer('program-hangs', { afterSeconds: 60 });
    const events = symptoms.events('Pod search/indexer');
    expect(events.find((one) => one.startsWith('Unhealthy: Liveness'))).toMatch(
      /^Unhealthy: Liveness probe failed: Get "http:\/\/[\d.]+:8080\/healthz": context deadline exceeded \(Client\.Timeout exceeded while awaiting headers\)$/,
    );
    expect(events).toContain('Killing: Container indexer failed liveness probe, will be restarted');
  });
});

describe('programs that are not started', () => {
  it.each([
    ['entrypoint-wrong', { form: 'name' }, /^exec: "[a-z]+": executable file not found in \$PATH: unknown$/],
    [
      'entrypoint-wrong',
      { form: 'path' },
      /^exec: "(\/usr\/local\/bin\/[a-z]+)": stat \1: no such file or directory: unknown$/,
    ],
    ['entrypoint-not-executable', {}, /^exec: "\/app\/docker-entrypoint\.sh": permission denied: unknown$/],
  ])('%s %o', (kind, parameters, why) => {
    const symptoms = indexer(kind, parameters);
    const [pod] = symptoms
      .pods('search', 'indexer')
      .filter(({ status }) => status?.containerStatuses?.[0]?.ready === false);
    const [container] = pod?.status?.containerStatuses ?? [];
    const ended = container?.lastState?.terminated ?? container?.state?.terminated;
    expect(ended).toMatchObject({ reason: 'StartError', exitCode: 128, startedAt: '1970-01-01T00:00:00Z' });
    expect(ended?.message?.startsWith(OCI)).toBe(true);
    expect(ended?.message?.slice(OCI.length)).toMatch(why);
    expect(['RunContainerError', 'CrashLoopBackOff']).toContain(container?.state?.waiting?.reason);
    expect(symptoms.warnings('Pod search/indexer')).toContain(`Failed: Error: ${ended?.message ?? ''}`);
    expect(symptoms.repair().states('search', 'indexer')).toEqual([]);
  });
});

/** Source: `pkg/probe/http`; https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/ */
describe('probes', () => {
  const address = (port: number) => String.raw`http:\/\/[\d.]+:${port}`;
  it.each([
    ['probe-path-wrong', { probe: 'readiness' }, 'Readiness', 'HTTP probe failed with statuscode: 404'],
    ['probe-path-wrong', { probe: 'liveness' }, 'Liveness', 'HTTP probe failed with statuscode: 404'],
    [
      'probe-port-wrong',
      { probe: 'readiness' },
      'Readiness',
      String.raw`Get "${address(8081)}/readyz": dial tcp [\d.]+:8081: connect: connection refused`,
    ],
    [
      'probe-port-wrong',
      { probe: 'liveness' },
      'Liveness',
      String.raw`Get "${address(8081)}/healthz": dial tcp [\d.]+:8081: connect: connection refused`,
    ],
    ['never-ready', {}, 'Readiness', 'HTTP probe failed with statuscode: 503'],
    [
      'liveness-too-early',
      { startSeconds: 90 },
      'Liveness',
      String.raw`Get "${address(8080)}/healthz": dial tcp [\d.]+:8080: connect: connection refused`,
    ],
  ])('%s %o', (kind, parameters, title, detail) => {
    const symptoms = indexer(kind, parameters);
    const events = symptoms.events('Pod search/indexer');
    expect(events.join('\n')).toMatch(new RegExp(`^Unhealthy: ${title} probe failed: ${detail}$`, 'm'));
    expect(events.includes('Killing: Container indexer failed liveness probe, will be restarted')).toBe(
      title === 'Liveness',
    );
    expect(symptoms.fault.truth.classes).toEqual([title === 'Liveness' ? 'liveness-probe-kills' : 'program-not-ready']);
    expect(symptoms.repair().states('search', 'indexer')).toEqual([]);
  });

  it('a liveness probe that comes too early is mended by a startup probe as well', () => {
    const symptoms = indexer('liveness-too-early', { startSeconds: 100, patienceSeconds: 15 });
    const { cluster } = symptoms;
    cluster.api.change(DEPLOYMENTS, 'search', 'indexer', (now) => {
      const { spec } = now;
      const containers = (spec?.template.spec?.containers ?? []).map((one) => ({
        ...one,
        startupProbe: { httpGet: { path: '/healthz', port: 'http' }, failureThreshold: 30 },
      }));
      return {
        ...now,
        spec: { ...spec, template: { ...spec?.template, spec: { ...spec?.template.spec, containers } } },
      } as typeof now;
    });
    cluster.clock.advance(600_000);
    expect(symptoms.states('search', 'indexer')).toEqual([]);
  });
});

describe('what stands beside a program', () => {
  it('init-container-fails: the program waits', () => {
    const symptoms = new Symptoms('init-container-fails', { target: 'payments/ledger', parameters: { exitCode: 2 } });
    expect(symptoms.states('payments', 'ledger')).toEqual([
      'migrate CrashLoopBackOff: back-off TIME restarting failed container=migrate pod=POD_payments(UID)',
      'migrate ended Error 2',
      'ledger PodInitializing: ',
    ]);
    const waiting = symptoms.pods('payments', 'ledger').find(({ status }) => status?.phase === 'Pending');
    expect(waiting?.status?.conditions?.find(({ type }) => type === 'Initialized')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [migrate]',
    });
  });

  it('init-container-waits: it runs, and says what it waits for', () => {
    const symptoms = indexer('init-container-waits');
    expect(symptoms.states('search', 'indexer')).toEqual(['wait-for-db running', 'indexer PodInitializing: ']);
    expect(symptoms.repair().states('search', 'indexer')).toEqual([]);
  });

  it.each([
    ['shop/cart-redis', 'exporter'],
    [TARGET, 'log-shipper'],
  ])('sidecar-fails of %s: the program runs, the pod is not ready', (target, sidecar) => {
    const [namespace = '', name = ''] = target.split('/');
    const symptoms = new Symptoms('sidecar-fails', { target, parameters: { exitCode: 1 } });
    expect(symptoms.states(namespace, name)).toEqual([
      `${sidecar} CrashLoopBackOff: back-off TIME restarting failed container=${sidecar} pod=POD_${namespace}(UID)`,
      `${sidecar} ended Error 1`,
    ]);
  });
});

describe('dependency-down', () => {
  it('ends those that call it, and they come back with it', () => {
    const symptoms = new Symptoms('dependency-down', { target: 'payments/payments-db' });
    expect(symptoms.pods('payments', 'payments-db')).toEqual([]);
    expect(symptoms.fault.truth.entities).toEqual(['StatefulSet payments/payments-db', 'Service payments/payments-db']);
    expect(symptoms.states('payments', 'ledger')).toEqual([
      'ledger CrashLoopBackOff: back-off TIME restarting failed container=ledger pod=POD_payments(UID)',
      'ledger ended Error 1',
    ]);
    expect(symptoms.states('shop', 'checkout')).toEqual([]);
    expect(symptoms.repair().states('payments', 'ledger')).toEqual([]);
  });

  it('has a program call a Service where none did', () => {
    const symptoms = new Symptoms('dependency-down', { target: 'search/indexer' });
    expect(symptoms.fault.truth.entities).toEqual(['Deployment search/indexer', 'Service search/indexer']);
    expect(symptoms.fault.touched).toEqual(['Deployment search/query', 'Deployment search/indexer']);
    expect(symptoms.states('search', 'query')).toEqual([
      'query CrashLoopBackOff: back-off TIME restarting failed container=query pod=POD_search(UID)',
      'query ended Error 1',
    ]);
    expect(symptoms.repair().states('search', 'query')).toEqual([]);
  });
});

function withoutNames(text: string): string {
  return text.replace(/pod [a-z0-9-]+_(\w+)\([0-9a-f-]+\)/, 'pod POD_$1(UID)');
}
