/** Services that an Ingress or a route sends traffic to. */
import type { Examination } from '../examination.ts';
import { gatewayRoutes, serviceBackendsOf } from './gateway-routes.ts';
import { ingressBackends } from './ingress-backends.ts';

const known = new WeakMap<Examination, ReadonlySet<string>>();

/** As `namespace/name`, whether or not they exist; backends of weight 0 get no traffic. */
export function routedServices(examination: Examination): ReadonlySet<string> {
  let routed = known.get(examination);
  if (routed === undefined) known.set(examination, (routed = new Set(collect(examination))));
  return routed;
}

function* collect(examination: Examination): Iterable<string> {
  for (const ingress of examination.snapshot.list('Ingress'))
    for (const { service } of ingressBackends(ingress)) yield `${ingress.metadata.namespace ?? ''}/${service}`;
  for (const route of gatewayRoutes(examination))
    for (const { namespace, name, reference } of serviceBackendsOf(route))
      if (reference.weight !== 0) yield `${namespace}/${name}`;
}
