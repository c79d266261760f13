import { describe, expect, it } from 'vitest';
import { ENDPOINT_SLICES } from '../api/built-in-types.ts';
import { Symptoms } from './symptoms.suite.ts';

/** The state of the first container of each pod. */
const statesOf = (symptoms: Symptoms, namespace: string, prefix: string) =>
  symptoms.pods(namespace, prefix).map(({ status }) => {
    const [first] = status?.containerStatuses ?? [];
    return first?.state?.waiting?.reason ?? (first?.ready === true ? 'ready' : 'unready');
  });

describe('callers that are cut off', () => {
  it('mesh-partition: the caller loops, and all is well behind the Service', () => {
    const symptoms = new Symptoms('mesh-partition', { target: 'payments/ledger' });
    expect(symptoms.fault.truth.entities).toEqual(['Service payments/ledger']);
    expect(statesOf(symptoms, 'payments', 'ledger')).toEqual(['ready', 'ready']);
    const callers = ['checkout', 'webhooks'].flatMap((name) =>
      [...symptoms.pods('shop', name), ...symptoms.pods('payments', name)].filter(
        ({ status }) => status?.containerStatuses?.[0]?.state?.waiting?.reason === 'CrashLoopBackOff',
      ),
    );
    expect(callers.length).toBeGreaterThan(0);
    const { namespace = '', name } = callers[0]?.metadata ?? { name: '' };
    expect(symptoms.cluster.kubelets.logOf(namespace, name, callers[0]?.spec?.containers[0]?.name ?? '')).toContain(
      'call to http://ledger.payments.svc.cluster.local failed: 503 upstream connect error or disconnect/reset before headers. reset reason: connection timeout',
    );
  });

  it('dns-down: the name service has no endpoints, and callers resolve nothing', () => {
    const symptoms = new Symptoms('dns-down', { parameters: { callers: 3 } });
    expect(statesOf(symptoms, 'kube-system', 'kube-dns')).toEqual(['CrashLoopBackOff', 'CrashLoopBackOff']);
    const slices = [...symptoms.cluster.api.store.list(ENDPOINT_SLICES, 'kube-system')];
    expect(
      slices.flatMap(({ endpoints }) => endpoints ?? []).some(({ conditions }) => conditions?.ready === true),
    ).toBe(false);
    const looping = ['shop', 'payments', 'search'].flatMap((namespace) =>
      symptoms.pods(namespace).filter(({ status }) => status?.containerStatuses?.some(({ ready }) => !ready)),
    );
    expect(new Set(looping.map(({ metadata }) => metadata.ownerReferences?.[0]?.name)).size).toBe(3);
    for (const { metadata, spec } of looping)
      expect(
        symptoms.cluster.kubelets.logOf(metadata.namespace ?? '', metadata.name, spec?.containers[0]?.name ?? ''),
      ).toContain('getaddrinfo EAI_AGAIN');
  });
});
