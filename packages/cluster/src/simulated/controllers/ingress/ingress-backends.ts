/** The ports of Services behind an Ingress: whether they can be backends, what they are called, and how they fare. */
import type { IngressBackend } from '../../../cloud/http-front-need.ts';
import type { Service } from '../../../model/kinds.ts';
import { isRecord } from '../../../model/unknown-json.ts';
import { SERVICES } from '../../api/built-in-types.ts';
import type { ObjectStore } from '../../store/object-store.ts';
import { podsBehind } from '../endpoints/service-pods.ts';
import { namesOf } from '../object-key.ts';
import { isReady } from '../pod-state.ts';
import { groupName, nodePortBackendName } from './backend-names.ts';

/** A port that can be a backend. */
export interface BackendPort {
  /** Of its backend service; what shares it is one backend. */
  readonly name: string;
  readonly service: Service;
  readonly port: number;
  readonly targetPort: string;
  /** Whether pods are reached directly, through a network endpoint group. */
  readonly hasGroup: boolean;
}

const NEG = 'cloud.google.com/neg';

/** The port, or in words why there is none. */
export function backendPort(store: ObjectStore, backend: IngressBackend, clusterName: string): BackendPort | string {
  const quoted = JSON.stringify(backend.service);
  const service = store.get(SERVICES, ...namesOf(backend.service));
  if (service === undefined) return `could not find service ${quoted}`;
  const port = (service.spec?.ports ?? []).find(({ name, port: number }) =>
    backend.name === '' ? number === backend.number : name === backend.name,
  );
  if (port === undefined) {
    const wanted = `&ServiceBackendPort{Name:${backend.name},Number:${backend.number},}`;
    return `could not find port ${JSON.stringify(wanted)} in service ${quoted}`;
  }
  const hasGroup = isForIngress(service);
  const { type = 'ClusterIP' } = service.spec ?? {};
  if (!hasGroup && type !== 'NodePort' && type !== 'LoadBalancer')
    return `service ${quoted} is type ${JSON.stringify(type)}, expected "NodePort" or "LoadBalancer"`;
  const name = hasGroup
    ? groupName(clusterName, backend.service, port.port)
    : nodePortBackendName(clusterName, port.nodePort ?? 0);
  return { name, service, port: port.port, targetPort: String(port.targetPort ?? port.port), hasGroup };
}

/** Whether its annotation asks for network endpoint groups for Ingresses. */
function isForIngress({ metadata }: Service): boolean {
  try {
    const wanted: unknown = JSON.parse(metadata.annotations?.[NEG] ?? '{}');
    return isRecord(wanted) && wanted['ingress'] === true;
  } catch {
    return false;
  }
}

/** As health checks see it; `Unknown` without endpoints, which nothing is asked of. */
export function backendHealth(store: ObjectStore, { service }: BackendPort): 'HEALTHY' | 'UNHEALTHY' | 'Unknown' {
  let health: 'UNHEALTHY' | 'Unknown' = 'Unknown';
  for (const pod of podsBehind(store, service, false)) {
    if (isReady(pod)) return 'HEALTHY';
    health = 'UNHEALTHY';
  }
  return health;
}
