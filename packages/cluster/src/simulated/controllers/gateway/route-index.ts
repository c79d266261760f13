/** HTTPRoutes by the Gateways and the Services that they name, as the store has them. */
import type { GatewayRoute } from '../../../model/gateway-kinds.ts';
import type { Change } from '../../store/object-store.ts';
import { keyOf } from '../object-key.ts';
import { parentsOf, servicesOf } from './gateway-routes.ts';

export class RouteIndex {
  readonly #routes = new Map<string, GatewayRoute>();
  readonly #byGateway = new Map<string, Set<string>>();
  readonly #byService = new Map<string, Set<string>>();

  /** Notes a change; returns the keys of the Gateways that it concerns. */
  take({ kind, object, previous }: Change<GatewayRoute>): readonly string[] {
    const key = keyOf(object);
    if (previous !== undefined) {
      for (const gateway of parentsOf(previous)) this.#byGateway.get(gateway)?.delete(key);
      for (const service of servicesOf(previous)) this.#byService.get(service)?.delete(key);
    }
    if (kind === 'DELETED') this.#routes.delete(key);
    else {
      this.#routes.set(key, object);
      for (const gateway of parentsOf(object)) add(this.#byGateway, gateway, key);
      for (const service of servicesOf(object)) add(this.#byService, service, key);
    }
    return [...new Set([...(previous === undefined ? [] : parentsOf(previous)), ...parentsOf(object)])];
  }

  /** Routes that name a Gateway, by key. */
  routesOf(gateway: string): readonly GatewayRoute[] {
    return [...(this.#byGateway.get(gateway) ?? [])].sort().flatMap((key) => this.#routes.get(key) ?? []);
  }

  /** Keys of the Gateways that routes of these namespaces name. */
  gatewaysFrom(namespaces: readonly string[]): readonly string[] {
    const routes = [...this.#routes.values()].filter(({ metadata }) => namespaces.includes(metadata.namespace ?? ''));
    return [...new Set(routes.flatMap(parentsOf))];
  }

  /** Keys of the Gateways whose routes name a Service. */
  gatewaysOf(service: string): readonly string[] {
    const routes = [...(this.#byService.get(service) ?? [])].flatMap((key) => this.#routes.get(key) ?? []);
    return [...new Set(routes.flatMap(parentsOf))];
  }
}

function add(index: Map<string, Set<string>>, key: string, value: string): void {
  const known = index.get(key);
  if (known === undefined) index.set(key, new Set([value]));
  else known.add(value);
}
