/** What the status and annotations of a Service say of its load balancer. */
import type { Service } from '../../../model/kinds.ts';
import { fingerprint } from '../../cloud/fingerprint.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import { balancerName } from './service-front.ts';

const PORTS_ERROR = 'LoadBalancerPortsError';
const RESOURCE = 'service.kubernetes.io/';

/** Its first address; `undefined` without. */
export function addressOf({ status }: Service): string | undefined {
  return status?.loadBalancer?.ingress?.find(({ ip }) => (ip ?? '') !== '')?.ip;
}

/** With the address alone. `ipMode` is there since Kubernetes 1.30. */
export function withAddress(service: Service, ip: string, serverVersion: string): Service {
  const minor = Number(/^v?1\.(\d{1,3})/.exec(serverVersion)?.[1] ?? 30);
  const ingress = [minor < 30 ? { ip } : { ip, ipMode: 'VIP' }];
  return { ...service, status: { ...service.status, loadBalancer: { ingress } } };
}

export function withoutAddress(service: Service): Service {
  return { ...service, status: { ...service.status, loadBalancer: {} } };
}

/** With the condition that its ports are of several protocols; the same object where it says so already. */
export function withMixedProtocols(service: Service, now: number): Service {
  const { conditions = [] } = service.status ?? {};
  if (conditions.some(({ type, status }) => type === PORTS_ERROR && status === 'True')) return service;
  const condition = {
    type: PORTS_ERROR,
    status: 'True',
    lastTransitionTime: timestamp(now),
    reason: 'LoadBalancerMixedProtocolNotSupported',
    message: 'LoadBalancer with multiple protocols are not supported',
  };
  return { ...service, status: { ...service.status, conditions: [...conditions, condition] } };
}

/** With the names of what ingress-gce made for it. Source: `ingress-gce/pkg/annotations/service.go`, `pkg/utils/namer` */
export function withResources(service: Service, clusterName: string, isInternal: boolean): Service {
  const { namespace = '', name } = service.metadata;
  const cluster = fingerprint(clusterName);
  const own = `k8s2-${cluster}-${namespace.slice(0, 16)}-${name.slice(0, 16)}-${fingerprint(`${clusterName}/${namespace}/${name}`)}`;
  const isLocal = service.spec?.externalTrafficPolicy === 'Local';
  const check = isLocal ? own : `k8s2-${cluster}-l4-shared-hc`;
  const [protocol = 'TCP'] = (service.spec?.ports ?? []).flatMap((port) => port.protocol ?? 'TCP');
  const word = protocol.toLowerCase();
  const resources = {
    'backend-service': own,
    'firewall-rule': own,
    'firewall-rule-for-hc': `${check}-fw`,
    healthcheck: check,
    [`${word}-forwarding-rule`]: isInternal ? own.replace('k8s2-', `k8s2-${word}-`) : balancerName(service),
  };
  const named = Object.fromEntries(Object.entries(resources).map(([key, value]) => [`${RESOURCE}${key}`, value]));
  const metadata = {
    ...service.metadata,
    annotations: { ...withoutResources(service).metadata.annotations, ...named },
  };
  return { ...service, metadata };
}

const RESOURCE_NAME =
  /^service\.kubernetes\.io\/(?:backend-service|firewall-rule(?:-for-hc)?|healthcheck|(?:tcp|udp)-forwarding-rule)$/;

/** Without them. */
export function withoutResources(service: Service): Service {
  const kept = Object.entries(service.metadata.annotations ?? {}).filter(([name]) => !RESOURCE_NAME.test(name));
  return { ...service, metadata: { ...service.metadata, annotations: Object.fromEntries(kept) } };
}
