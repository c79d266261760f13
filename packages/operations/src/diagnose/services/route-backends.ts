/** Backends of routes that do not exist or may not be named. */
import type { BackendReference, GatewayRoute } from '@aia/cluster';
import { absenceOf } from '../absence.ts';
import { conditionOf } from '../conditions.ts';
import type { Examination } from '../examination.ts';
import { grantFor, serviceBackendsOf, type PlacedReference } from './gateway-routes.ts';

export interface MissingBackend {
  readonly backend: PlacedReference<BackendReference>;
  readonly missing: 'service' | 'port' | 'grant';
  readonly isCertain: boolean;
  /** Ports of the Service, where it is there. */
  readonly ports: readonly number[];
}

/** Each Service and port once, in the order of the route. What a controller says about its references settles doubt. */
export function missingBackends(examination: Examination, route: GatewayRoute): readonly MissingBackend[] {
  const found = new Map<string, MissingBackend>();
  for (const backend of serviceBackendsOf(route)) {
    const key = `${backend.namespace}/${backend.name}:${backend.reference.port ?? ''}`;
    const one = found.has(key) ? undefined : missingBackend(examination, route, backend);
    if (one !== undefined) found.set(key, one);
  }
  return [...found.values()];
}

function missingBackend(
  examination: Examination,
  route: GatewayRoute,
  backend: PlacedReference<BackendReference>,
): MissingBackend | undefined {
  const { snapshot } = examination;
  const { namespace, name, reference } = backend;
  const said = resolvedRefs(route);
  const grant = grantFor(examination, route, backend);
  if (grant !== 'granted' && grant !== 'unknown' && said !== 'True')
    return { backend, missing: 'grant', isCertain: grant === 'certain' || said === 'False', ports: [] };
  const service = snapshot.get('Service', namespace, name);
  if (service === undefined) {
    const absence = absenceOf(snapshot, '', 'Service', namespace);
    if (absence === 'unknown' || (absence === 'likely' && said === 'True')) return undefined;
    return { backend, missing: 'service', isCertain: absence === 'certain' || said === 'False', ports: [] };
  }
  const ports = (service.spec?.ports ?? []).map(({ port }) => port);
  if (reference.port === undefined || ports.includes(reference.port) || ports.length === 0) return undefined;
  return { backend, missing: 'port', isCertain: true, ports };
}

/** What controllers say about all references of the route: False where one of them does. */
function resolvedRefs({ status }: GatewayRoute): string | undefined {
  const said = (status?.parents ?? []).flatMap(({ conditions }) => conditionOf(conditions, 'ResolvedRefs') ?? []);
  return said.some((condition) => condition.status === 'False') ? 'False' : said[0]?.status;
}
