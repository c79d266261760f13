/**
 * Network endpoint groups of Services: one in each zone for each port that an Ingress or Gateway sends to.
 * Source: `ingress-gce/pkg/neg`; https://cloud.google.com/kubernetes-engine/docs/how-to/standalone-neg#status
 */
import { isRecord } from '../../../model/unknown-json.ts';
import { SERVICES } from '../../api/built-in-types.ts';
import type { SimulatedCloud } from '../../cloud/simulated-cloud.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { unlessGone } from '../claim.ts';
import { keyOf } from '../object-key.ts';
import type { BackendPort } from './ingress-backends.ts';

const STATUS = 'cloud.google.com/neg-status';

export class EndpointGroups {
  readonly #context: SimulationContext;
  readonly #cloud: SimulatedCloud;

  constructor(context: SimulationContext, cloud: SimulatedCloud) {
    this.#context = context;
    this.#cloud = cloud;
  }

  /** Makes those of a port, unless the Service says that they are there. */
  ensure({ name, service, port, targetPort }: BackendPort): void {
    const { api, events } = this.#context;
    const { namespace = '', name: serviceName } = service.metadata;
    const current = api.store.get(SERVICES, namespace, serviceName);
    if (current === undefined) return;
    const known = groupsOf(current.metadata.annotations?.[STATUS]);
    if (known[String(port)] !== undefined) return;
    const { zones } = this.#cloud;
    for (const zone of zones) {
      const text = `Created NEG ${JSON.stringify(name)} for ${keyOf(service)}-${name}-/${port}-${targetPort}-GCE_VM_IP_PORT-L7 in ${JSON.stringify(zone)}.`;
      events.record(service, 'Normal', 'Create', text, { component: 'neg-controller' });
    }
    const status = JSON.stringify({ network_endpoint_groups: { ...known, [port]: name }, zones });
    unlessGone(() =>
      api.change(SERVICES, namespace, serviceName, (one) => ({
        ...one,
        metadata: { ...one.metadata, annotations: { ...one.metadata.annotations, [STATUS]: status } },
      })),
    );
  }
}

function groupsOf(status = '{}'): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(status);
    const groups = isRecord(value) ? value['network_endpoint_groups'] : undefined;
    return isRecord(groups) ? groups : {};
  } catch {
    return {};
  }
}
