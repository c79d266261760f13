/** Answers of probed endpoints as findings see them. */
import { refText, type EndpointProbeResult, type KindMap, type ResourceRef } from '@aia/cluster';
import type { Evidence } from '../evidence.ts';
import type { Examination } from '../examination.ts';
import { unique } from '../order.ts';

/** Judged answers in a stable order. */
export function probedEndpoints(examination: Examination): readonly EndpointProbeResult[] {
  return examination.snapshot.endpoints
    .filter(({ exposedBy }) => examination.judges(exposedBy.namespace))
    .toSorted((a, b) => (a.url < b.url ? -1 : 1));
}

/** What was asked, where and what came of it. */
export function answerEvidence({
  url,
  exposedBy,
  address,
  status,
  faultText,
  requests,
  failures,
  at,
  latencyMs,
}: EndpointProbeResult): Evidence {
  const outcome = status === undefined ? (faultText ?? 'no answer') : `status ${status}`;
  const time = latencyMs === undefined ? '' : ` after ${latencyMs} ms`;
  const where = address === undefined ? '' : ` at ${address}`;
  return {
    kind: 'calculation',
    text: `GET ${url}${where}, exposed by ${refText(exposedBy)}: ${outcome}${time}; ${failures} of ${requests} requests failed, ${new Date(at).toISOString()}`,
  };
}

/** Services that stand behind an endpoint, as `namespace/name`: the backends of an Ingress or of a Gateway's routes for its host. */
export function servicesBehind({ snapshot }: Examination, { exposedBy, host }: EndpointProbeResult): readonly string[] {
  const { kind, namespace, name } = exposedBy;
  if (kind === 'Service') return [`${namespace}/${name}`];
  const ingress = kind === 'Ingress' ? snapshot.get('Ingress', namespace, name) : undefined;
  const names =
    ingress === undefined
      ? routed(snapshot, exposedBy, host)
      : backendsOf(ingress, host).map((one) => `${namespace}/${one}`);
  return unique(names);
}

function backendsOf({ spec }: KindMap['Ingress'], host: string): readonly string[] {
  const rules = (spec?.rules ?? []).filter((rule) => rule.host === undefined || rule.host === '' || rule.host === host);
  const backends = rules.flatMap(({ http }) => http?.paths ?? []).map(({ backend }) => backend);
  return [...backends, spec?.defaultBackend].flatMap((backend) => backend?.service?.name ?? []);
}

function routed(snapshot: Examination['snapshot'], gateway: ResourceRef, host: string): readonly string[] {
  return snapshot.listCustom('gateway.networking.k8s.io/HTTPRoute').flatMap(({ metadata, spec }) => {
    const { namespace = '' } = metadata;
    const isAttached = spec?.parentRefs?.some(
      (parent) => parent.name === gateway.name && (parent.namespace ?? namespace) === gateway.namespace,
    );
    const { hostnames = [] } = spec ?? {};
    if (isAttached !== true || (hostnames.length > 0 && !hostnames.includes(host))) return [];
    return (spec?.rules ?? [])
      .flatMap(({ backendRefs = [] }) => backendRefs)
      .flatMap((backend) => (backend.name === undefined ? [] : [`${backend.namespace ?? namespace}/${backend.name}`]));
  });
}
