/** Services that ask the cloud for load balancers. */
import type { Deployment, Service } from '../../model/kinds.ts';
import { SERVICES } from '../api/built-in-types.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { FaultSite } from './fault-site.ts';

/** What is said beside the usual. */
interface Extras {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** Services of type LoadBalancer before a workload: `web-public`, `web-public-2`, … */
export function balancers(
  site: FaultSite,
  { metadata, spec: of }: Deployment,
  count: number,
  { annotations, spec }: Extras = {},
): readonly Service[] {
  const { namespace = '', name } = metadata;
  const targetPort = of?.template.spec?.containers[0]?.ports?.[0]?.containerPort ?? 8080;
  return Array.from({ length: count }, (_, i) =>
    site.create({
      ...{ apiVersion: 'v1', kind: 'Service' },
      metadata: { namespace, name: `${name}-public${i === 0 ? '' : `-${i + 1}`}`, ...(annotations && { annotations }) },
      spec: {
        ...{ type: 'LoadBalancer', selector: of?.selector.matchLabels, ...spec },
        ports: [{ name: 'http', port: 80 + i, protocol: 'TCP', targetPort }],
      },
    }),
  ) as readonly Service[];
}

/** Whether the cloud has given a Service an address. */
export function hasAddress(
  { api: { store } }: SimulatedCluster,
  { metadata: { namespace = '', name } }: Service,
): boolean {
  return (store.get(SERVICES, namespace, name)?.status?.loadBalancer?.ingress ?? []).length > 0;
}
