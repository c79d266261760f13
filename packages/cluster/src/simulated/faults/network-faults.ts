/** Services and Ingresses that lead nowhere. Source: https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/ */
import type { Deployment, KindMap, Service } from '../../model/kinds.ts';
import { ENDPOINT_SLICES, INGRESSES, SERVICES } from '../api/built-in-types.ts';
import { entityOf } from '../entity.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { FaultKind, ParameterValues } from './fault.ts';
import type { FaultSite } from './fault-site.ts';
import { PARTITIONS } from './partition-faults.ts';
import { byEntity, podsOf, serviceOf } from './targets.ts';

type Ingress = KindMap['Ingress'];
type Spec = NonNullable<Service['spec']>;
type IngressSpec = NonNullable<Ingress['spec']>;
type Backend = NonNullable<NonNullable<Ingress['spec']>['defaultBackend']>;

const SETTLES_MS = 300_000;

/** What is wrong with a Service. */
interface ServiceRow extends Pick<FaultKind, 'name' | 'summary' | 'source' | 'parameters'> {
  readonly classes: readonly string[];
  readonly remedy: string;
  wrong(spec: Spec, values: ParameterValues): Partial<Spec>;
  /** Whether requests arrive again. */
  arrives(cluster: SimulatedCluster, service: Service, target: Deployment): boolean;
}

const SERVICE_ROWS: readonly ServiceRow[] = [
  {
    name: 'service-selector-drift',
    summary: 'The labels that a Service selects by were renamed in the Service and not in the pods.',
    source: 'https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service',
    parameters: {
      form: {
        type: 'choice',
        summary: 'what was changed',
        choices: ['key', 'value', 'extra'],
        default: 'value',
      },
    },
    classes: ['service-selects-nothing'],
    remedy: 'Select by labels that the pods have.',
    wrong: ({ selector = {} }, { form }) => ({ selector: drifted(selector, String(form)) }),
    arrives: (cluster, service) => hasReadyEndpoint(cluster, service),
  },
  {
    name: 'service-target-port-wrong',
    summary: 'A Service sends to a port that the containers behind it do not have.',
    source: 'https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports',
    parameters: {
      form: { type: 'choice', summary: 'how it names the port', choices: ['name', 'number'], default: 'name' },
    },
    classes: ['service-target-port-missing'],
    remedy: 'Send to a port that the containers have.',
    wrong: ({ ports = [] }, { form }) => ({
      ports: ports.map((one, i) => (i > 0 ? one : { ...one, targetPort: form === 'name' ? 'web-api' : 8999 })),
    }),
    arrives: (cluster, service, target) => leadsToPort(cluster, service, target),
  },
];

function serviceFault({ classes, remedy, wrong, arrives, ...row }: ServiceRow): FaultKind {
  return {
    ...row,
    family: 'network',
    bring: (site, values) => {
      const { cluster } = site;
      const target = site.deployment((one) => sends(cluster, serviceOf(cluster, one)));
      const service = serviceOf(cluster, target) as Service;
      site.change(SERVICES, service, (now) => ({ ...now, spec: { ...now.spec, ...wrong(now.spec ?? {}, values) } }));
      return {
        truth: { entities: [entityOf(service)], classes },
        touched: site.takeTouched(),
        settlesMs: SETTLES_MS,
        remedy,
        repair: () => {
          const { selector, ports } = service.spec ?? {};
          site.change(SERVICES, service, (now) => ({ ...now, spec: { ...now.spec, selector, ports } as Spec }));
        },
        isGone: (now) => {
          const { namespace = '', name } = service.metadata;
          const current = now.api.store.get(SERVICES, namespace, name);
          return current === undefined || arrives(now, current, target);
        },
      };
    },
  };
}

function sends(cluster: SimulatedCluster, service: Service | undefined): boolean {
  return service !== undefined && (service.spec?.ports ?? []).length > 0 && hasReadyEndpoint(cluster, service);
}

function drifted(selector: Readonly<Record<string, string>>, form: string): Readonly<Record<string, string>> {
  const [[key = '', value = ''] = [], ...others] = Object.entries(selector);
  if (form === 'extra') return { ...selector, track: 'stable' };
  const renamed = key === 'app' ? 'app.kubernetes.io/instance' : 'app';
  return Object.fromEntries([form === 'key' ? [renamed, value] : [key, `${value}-web`], ...others]);
}

function slicesOf({ api: { store } }: SimulatedCluster, { metadata }: Service) {
  return [...store.list(ENDPOINT_SLICES, metadata.namespace)].filter(
    (slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === metadata.name,
  );
}

function hasReadyEndpoint(cluster: SimulatedCluster, service: Service): boolean {
  // A slice without endpoints has null there.
  return slicesOf(cluster, service).some(({ endpoints }) =>
    (endpoints as typeof endpoints | null)?.some(({ conditions }) => conditions?.ready !== false),
  );
}

/** Whether the first port of a Service is one that a container of its pods states. */
function leadsToPort(cluster: SimulatedCluster, { spec }: Service, target: Deployment): boolean {
  const { targetPort, port } = spec?.ports?.[0] ?? {};
  return podsOf(cluster, target).some(({ spec: pod }) =>
    [...(pod?.containers ?? []), ...(pod?.initContainers ?? [])].some(({ ports = [] }) =>
      ports.some(({ name, containerPort }) => (targetPort ?? port) === name || (targetPort ?? port) === containerPort),
    ),
  );
}

/** What is wrong with an Ingress. */
interface IngressRow extends Pick<FaultKind, 'name' | 'summary'> {
  readonly remedy: string;
  wrong(backend: NonNullable<Backend['service']>): NonNullable<Backend['service']>;
}

const INGRESS_ROWS: readonly IngressRow[] = [
  {
    name: 'ingress-backend-missing',
    summary: 'An Ingress sends requests to a Service of another name than it has.',
    remedy: 'Name the Service that there is.',
    wrong: (backend) => ({ ...backend, name: `${backend.name}-svc` }),
  },
  {
    name: 'ingress-port-wrong',
    summary: 'An Ingress sends requests to a port that its Service does not have.',
    remedy: 'Name a port of the Service.',
    wrong: ({ name }) => ({ name, port: { number: 8999 } }),
  },
];

function ingressFault({ name, summary, remedy, wrong }: IngressRow): FaultKind {
  return {
    ...{ name, family: 'network', summary, parameters: {} },
    source: 'https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource',
    bring: (site) => {
      const ingress = drawIngress(site);
      const before = ingress.spec ?? {};
      site.change(INGRESSES, ingress, (now) => ({ ...now, spec: mapBackend(now.spec ?? {}, wrong) }));
      return {
        truth: { entities: [entityOf(ingress)], classes: ['ingress-backend-missing'] },
        touched: site.takeTouched(),
        settlesMs: SETTLES_MS,
        remedy,
        repair: () => site.change(INGRESSES, ingress, (now) => ({ ...now, spec: before })),
        isGone: ({ api: { store } }) => {
          const now = store.get(INGRESSES, ingress.metadata.namespace ?? '', ingress.metadata.name);
          return now === undefined || backendsOf(now.spec).every((backend) => exists(site, ingress, backend));
        },
      };
    },
  };
}

/** An Ingress all of whose backends exist; one is made where there is none. @throws NoTargetError without Services */
export function drawIngress(site: FaultSite): Ingress {
  const { cluster } = site;
  const sound = byEntity(cluster.api.store.list(INGRESSES)).filter(({ metadata, spec, ...one }) => {
    const backends = backendsOf(spec);
    const all = { ...one, metadata, spec } as Ingress;
    return !site.isTaken(all) && backends.length > 0 && backends.every((backend) => exists(site, all, backend));
  });
  const led = (target: Deployment) =>
    sound.filter(
      ({ metadata, spec }) =>
        metadata.namespace === target.metadata.namespace &&
        backendsOf(spec).some(({ name }) => name === serviceOf(cluster, target)?.metadata.name),
    );
  const target = site.deployment((one) =>
    sound.length > 0 ? led(one).length > 0 : sends(cluster, serviceOf(cluster, one)),
  );
  const ingress =
    sound.length > 0 ? site.pick('Ingress', led(target)) : makeIngress(site, serviceOf(cluster, target) as Service);
  site.take(ingress);
  return ingress;
}

function makeIngress(site: FaultSite, { metadata: { name, namespace = '' }, spec }: Service): Ingress {
  const service = { name, port: { number: spec?.ports?.[0]?.port ?? 80 } };
  const http = { paths: [{ path: '/', pathType: 'Prefix', backend: { service } }] };
  return site.create({
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name, namespace } },
    spec: { rules: [{ host: `${name}.example.com`, http }] },
  }) as Ingress;
}

function backendsOf(spec: Ingress['spec']): readonly NonNullable<Backend['service']>[] {
  const { defaultBackend, rules = [] } = spec ?? {};
  const all = [defaultBackend, ...rules.flatMap(({ http }) => (http?.paths ?? []).map(({ backend }) => backend))];
  return all.flatMap((backend) => backend?.service ?? []);
}

/** Changes the first backend that is a Service. */
function mapBackend(spec: IngressSpec, change: IngressRow['wrong']): IngressSpec {
  const first = backendsOf(spec)[0];
  const changed = (backend: Backend): Backend =>
    first !== undefined && backend.service === first ? { ...backend, service: change(first) } : backend;
  const { defaultBackend, rules } = spec;
  return {
    ...spec,
    ...(defaultBackend === undefined ? {} : { defaultBackend: changed(defaultBackend) }),
    ...(rules === undefined
      ? {}
      : {
          rules: rules.map((rule) =>
            rule.http === undefined
              ? rule
              : {
                  ...rule,
                  http: { paths: rule.http.paths.map((path) => ({ ...path, backend: changed(path.backend) })) },
                },
          ),
        }),
  };
}

function exists(
  { cluster }: FaultSite,
  { metadata }: Ingress,
  { name, port }: NonNullable<Backend['service']>,
): boolean {
  const service = cluster.api.store.get(SERVICES, metadata.namespace ?? '', name);
  return (service?.spec?.ports ?? []).some(
    (one) => one.port === port?.number || (port?.name !== undefined && one.name === port.name),
  );
}

export const NETWORK_FAULTS: readonly FaultKind[] = [
  ...SERVICE_ROWS.map(serviceFault),
  ...INGRESS_ROWS.map(ingressFault),
  ...PARTITIONS,
];
