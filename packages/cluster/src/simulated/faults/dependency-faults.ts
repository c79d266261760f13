/** Programs that cannot do without a Service behind which nothing runs any more. */
import type { Container, Deployment, Service, StatefulSet } from '../../model/kinds.ts';
import { CONFIG_MAPS } from '../api/built-in-types.ts';
import { entityOf } from '../entity.ts';
import type { FaultKind } from './fault.ts';
import { isSound, type FaultSite, type Workload } from './fault-site.ts';
import { MINUTE, SECOND } from './flawed-rollout.ts';
import { serviceOf } from './targets.ts';

/** Programs find out when they use a connection the next time. */
const NOTICE_MS = 60 * SECOND;

const dependencyDown: FaultKind = {
  name: 'dependency-down',
  family: 'program',
  summary: 'Somebody scaled a workload to zero whose Service other programs cannot do without.',
  source: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/',
  parameters: {},
  bring: (site) => {
    const { service, workload, callers } = dependencyOf(site);
    for (const one of callers) site.take(one);
    const { namespace = '', name } = service.metadata;
    const need = `${name}.${namespace}:${service.spec?.ports?.[0]?.port ?? 80}`;
    const owners = new Set(callers.map(({ kind, metadata }) => `${metadata.namespace ?? ''} ${kind}/${metadata.name}`));
    const address = service.spec?.clusterIP ?? '';
    const lastWords = [
      `connect to ${need} failed: ${address === 'None' ? `dial tcp: lookup ${need.split(':')[0]} on 10.96.0.10:53: no such host` : `dial tcp ${address}: connection refused`}`,
    ];
    site.behave({
      container: ({ namespace: space, workload: owner, role }) =>
        role === 'main' && owners.has(`${space} ${owner}`) ? { needs: [need], lastWords } : undefined,
    });
    const { replicas = 1 } = workload.spec ?? {};
    site.scale(workload, 0);
    site.later(NOTICE_MS, () => site.cluster.kubelets.reconsider());
    return {
      truth: {
        entities: [entityOf(workload), entityOf(service)],
        classes: ['workload-scaled-to-zero', 'service-without-endpoints', 'dependency-unavailable'],
      },
      touched: site.takeTouched(),
      settlesMs: 10 * MINUTE,
      remedy: `Scale ${entityOf(workload)} to ${replicas} again.`,
      repair: () => site.scale(workload, replicas),
    };
  },
};

interface Dependency {
  readonly service: Service;
  readonly workload: Deployment | StatefulSet;
  readonly callers: readonly Workload[];
}

/** Something that others call, its Service, and those others that no fault has befallen. @throws NoTargetError */
function dependencyOf(site: FaultSite): Dependency {
  const calls = callsIn(site);
  const callersOf = (service: Service, callee: Workload) =>
    (calls.get(`${service.metadata.namespace ?? ''}/${service.metadata.name}`) ?? []).filter(
      (one) => one.metadata.uid !== callee.metadata.uid && !site.isTaken(one),
    );
  const calledOf = (one: Workload) =>
    one.kind === 'DaemonSet'
      ? undefined
      : serviceOf(site.cluster, one, (service) => callersOf(service, one).length > 0);
  if (!site.workloads().some((one) => calledOf(one) !== undefined)) return newDependency(site);
  const workload = site.workload((one) => calledOf(one) !== undefined);
  const service = calledOf(workload) as Service;
  return { workload: workload as Deployment, service, callers: callersOf(service, workload) };
}

/** Where no environment names a Service: one that another program, rather of its namespace, calls from its next rollout on. @throws NoTargetError */
function newDependency(site: FaultSite): Dependency {
  const hasPort = ({ spec }: Service) => (spec?.ports ?? []).length > 0;
  const workload = site.workload(
    (one) => one.kind !== 'DaemonSet' && serviceOf(site.cluster, one, hasPort) !== undefined,
  );
  const service = serviceOf(site.cluster, workload, hasPort) as Service;
  const { namespace = '', name } = service.metadata;
  const open = site.everyWorkload().filter((one) => one.kind === 'Deployment' && !site.isTaken(one) && isSound(one));
  const near = open.filter(({ metadata }) => metadata.namespace === namespace);
  const caller = site.pick('Deployment', near.length > 0 ? near : open);
  const env = caller.spec?.template.spec?.containers[0]?.env ?? [];
  const variable = `${name.toUpperCase().replaceAll('-', '_')}_URL`;
  const value = `http://${name}.${namespace}:${service.spec?.ports?.[0]?.port ?? 80}`;
  site.roll(caller, {}, { env: [...env, { name: variable, value }] });
  return { workload: workload as Deployment, service, callers: [caller] };
}

/** Workloads by what their environment names, `namespace/name` of what may be a Service. */
function callsIn(site: FaultSite): ReadonlyMap<string, readonly Workload[]> {
  const calls = new Map<string, Workload[]>();
  for (const workload of site.everyWorkload()) {
    const named = textsOf(site, workload).flatMap((text) => hostsIn(text, workload.metadata.namespace ?? ''));
    for (const key of new Set(named)) calls.set(key, [...(calls.get(key) ?? []), workload]);
  }
  return calls;
}

/** `namespace/name` of hosts as `name`, `name.namespace` or `name.namespace.svc.cluster.local`. */
function hostsIn(text: string, home: string): readonly string[] {
  return [...text.matchAll(/(?:^|[/@,\s])([a-z0-9-]+)(?:\.([a-z0-9-]+))?(?:\.[a-z0-9.-]+)?(?=[:/,\s]|$)/g)].map(
    ([, name = '', namespace = home]) => `${namespace}/${name}`,
  );
}

/** What the environment of a workload's programs says, Secrets aside. */
function textsOf(site: FaultSite, { metadata: { namespace = '' }, spec }: Workload): readonly string[] {
  const dataOf = (name = '') => site.cluster.api.store.get(CONFIG_MAPS, namespace, name)?.data ?? {};
  const ofContainer = ({ env = [], envFrom = [] }: Container) => [
    ...env.flatMap(({ value, valueFrom }) => {
      const { name, key = '' } = valueFrom?.configMapKeyRef ?? {};
      return value ?? (name === undefined ? undefined : dataOf(name)[key]) ?? [];
    }),
    ...envFrom.flatMap(({ configMapRef }) => Object.values(dataOf(configMapRef?.name))),
  ];
  return (spec?.template.spec?.containers ?? []).flatMap(ofContainer);
}

/** Kinds of the family `program` that lie in what programs call. */
export const DEPENDENCY_FAULTS: readonly FaultKind[] = [dependencyDown];
