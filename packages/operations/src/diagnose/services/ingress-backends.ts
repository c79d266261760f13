/** The Services that Ingresses send traffic to, with the place of each in its Ingress. */
import type { KindMap } from '@aia/cluster';

type Ingress = KindMap['Ingress'];

export interface IngressBackend {
  /** In the namespace of the Ingress. */
  readonly service: string;
  readonly port: { readonly name?: string | undefined; readonly number?: number | undefined };
  /** `spec.rules[0].http.paths[1].backend.service`. */
  readonly path: string;
  /** `shop.example.com/api`, `default backend`. */
  readonly route: string;
}

/** Port name by which the AWS load balancer controller marks a backend that stands for an annotation and no Service. */
const ACTION_PORT = 'use-annotation';

/** In the order of the Ingress; backends that are other resources, or actions of AWS load balancers, are left out. */
export function ingressBackends({ spec }: Ingress): readonly IngressBackend[] {
  const found: IngressBackend[] = [];
  const add = (backend: Backend | undefined, path: string, route: string): void => {
    const { name, port = {} } = backend?.service ?? {};
    if (name !== undefined && name !== '' && port.name !== ACTION_PORT)
      found.push({ service: name, port, path: `${path}.service`, route });
  };
  add(spec?.defaultBackend, 'spec.defaultBackend', 'default backend');
  for (const [i, { host = '*', http }] of (spec?.rules ?? []).entries())
    for (const [j, { path = '/', backend }] of (http?.paths ?? []).entries())
      add(backend, `spec.rules[${i}].http.paths[${j}].backend`, `${host === '' ? '*' : host}${path}`);
  return found;
}

interface Backend {
  readonly service?: { readonly name?: string; readonly port?: { readonly name?: string; readonly number?: number } };
}
