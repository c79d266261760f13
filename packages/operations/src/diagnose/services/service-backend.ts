/** Whether anything answers behind a Service that a webhook or an aggregated API is served by. */
import { timeOf, type ClusterSnapshot, type Pod, type Service } from '@aia/cluster';
import { absenceOf } from '../absence.ts';
import { conditionOf } from '../conditions.ts';

/** What stands behind a Service. */
export type Backend = { readonly state: 'serving' } | { readonly state: 'unknown' } | BrokenBackend;

/** Nothing answers; `isCertain` is false where what is not there may only not have been read. */
export type BrokenBackend =
  | { readonly state: 'no-service'; readonly isCertain: boolean }
  | { readonly state: 'no-pods'; readonly isCertain: boolean }
  | { readonly state: 'no-port'; readonly isCertain: true }
  /** `since` is when the last pod turned unready (epoch ms), where pods say so; without pods, endpoints are kept by hand. */
  | {
      readonly state: 'no-ready-pods';
      readonly isCertain: true;
      readonly pods: number;
      readonly since: number | undefined;
    };

/** A Service by name, and the port that is called there. */
export interface BackendAddress {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/** Looks behind a Service: at its endpoints where these were read, else at the pods it selects. */
export function backendOf(snapshot: ClusterSnapshot, { namespace, name, port }: BackendAddress): Backend {
  const service = snapshot.get('Service', namespace, name);
  if (service === undefined) return absent(snapshot, 'Service', namespace, 'no-service');
  const { type, selector = {}, ports = [] } = service.spec ?? {};
  if (type === 'ExternalName') return { state: 'unknown' };
  if (ports.length > 0 && ports.every((one) => one.port !== port)) return { state: 'no-port', isCertain: true };
  const endpoints = endpointsOf(snapshot, service);
  if (endpoints === 'ready') return { state: 'serving' };
  if (Object.keys(selector).length === 0)
    return endpoints === 'none-ready'
      ? { state: 'no-ready-pods', isCertain: true, pods: 0, since: undefined }
      : { state: 'unknown' };
  const pods = snapshot.withLabels('Pod', namespace, selector).filter(isAlive);
  if (pods.length === 0) {
    return endpoints === 'none-ready'
      ? { state: 'no-pods', isCertain: true }
      : absent(snapshot, 'Pod', namespace, 'no-pods');
  }
  if (endpoints === undefined && pods.some(isServing)) return { state: 'serving' };
  return { state: 'no-ready-pods', isCertain: true, pods: pods.length, since: lastTurn(pods) };
}

function absent(
  snapshot: ClusterSnapshot,
  kind: 'Service' | 'Pod',
  namespace: string,
  state: 'no-service' | 'no-pods',
): Backend {
  const absence = absenceOf(snapshot, '', kind, namespace);
  return absence === 'unknown' ? { state: 'unknown' } : { state, isCertain: absence === 'certain' };
}

/** What EndpointSlices or Endpoints of the Service say; `undefined` where neither was read. */
function endpointsOf(snapshot: ClusterSnapshot, { metadata }: Service): 'ready' | 'none-ready' | undefined {
  const { namespace = '', name } = metadata;
  const slices = snapshot.withLabels('EndpointSlice', namespace, { 'kubernetes.io/service-name': name });
  const old = snapshot.get('Endpoints', namespace, name);
  if (slices.length === 0 && old === undefined) return undefined;
  const isReady =
    // A condition that is not given means ready, https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions
    slices.some(({ endpoints = [] }) => endpoints.some(({ conditions }) => conditions?.ready !== false)) ||
    (old?.subsets ?? []).some(({ addresses = [] }) => addresses.length > 0);
  return isReady ? 'ready' : 'none-ready';
}

function isAlive({ status }: Pod): boolean {
  return status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
}

/** A pod that runs and says nothing of its readiness is taken at its phase. */
function isServing({ status, metadata }: Pod): boolean {
  const ready = conditionOf(status?.conditions, 'Ready');
  if (metadata.deletionTimestamp !== undefined) return false;
  return ready === undefined ? status?.phase === 'Running' : ready.status === 'True';
}

function lastTurn(pods: readonly Pod[]): number | undefined {
  const turns = pods.flatMap(({ status, metadata }) => {
    const ready = conditionOf(status?.conditions, 'Ready');
    return timeOf(ready?.lastTransitionTime) ?? timeOf(metadata.creationTimestamp) ?? [];
  });
  return turns.length === 0 ? undefined : Math.max(...turns);
}
