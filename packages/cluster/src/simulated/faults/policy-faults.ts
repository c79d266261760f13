/** What admission, quotas of namespaces, budgets and network policies refuse. Source: https://kubernetes.io/docs/concepts/policy/ */
import type { Deployment } from '../../model/kinds.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { amountOf, formatBytes, formatCpu } from '../../model/quantity.ts';
import { LIMIT_RANGES, NAMESPACES, PODS, RESOURCE_QUOTAS } from '../api/built-in-types.ts';
import { entityOf } from '../entity.ts';
import { DISRUPTION_BUDGET_DEADLOCK } from './budget-fault.ts';
import type { FaultKind } from './fault.ts';
import type { FaultSite } from './fault-site.ts';
import { NETWORK_POLICY_BLOCKS } from './partition-faults.ts';
import { WEBHOOK_FAULTS } from './webhook-faults.ts';

const SETTLES_MS = 300_000;
/** By when the quota's controller has counted what there is. */
const COUNTED_MS = 10_000;

const quotaExhausted: FaultKind = {
  name: 'namespace-quota-exhausted',
  family: 'policy',
  summary: 'A namespace has a quota that what runs there uses up, and a workload is rolled out.',
  source: 'https://kubernetes.io/docs/concepts/policy/resource-quotas/',
  parameters: {
    resource: {
      type: 'choice',
      summary: 'what is limited',
      choices: ['pods', 'requests.cpu', 'requests.memory'],
      default: 'pods',
    },
  },
  bring: (site, { resource }) => {
    const name = String(resource);
    const target = site.deployment((one) => isSurging(one) && (name === 'pods' || everyPodStates(site, one, name)));
    const { namespace = '' } = target.metadata;
    const quota = makeQuota(site, namespace, { [name]: usedIn(site, namespace, name) });
    site.later(COUNTED_MS, () => site.restart(target));
    return {
      truth: { entities: [entityOf(quota)], classes: ['namespace-quota-exhausted', 'namespace-quota-blocks-rollout'] },
      touched: site.takeTouched(),
      settlesMs: SETTLES_MS,
      remedy: `Raise ${name} of the ResourceQuota, or let the namespace use less.`,
      repair: () => site.remove(RESOURCE_QUOTAS, quota),
    };
  },
};

const quotaNeedsValues: FaultKind = {
  name: 'namespace-quota-needs-values',
  family: 'policy',
  summary: 'A namespace gets a quota of limits, which the containers of its workloads do not state.',
  source: 'https://kubernetes.io/docs/concepts/policy/resource-quotas/#requests-compared-to-limits',
  parameters: {},
  bring: (site) => {
    const target = site.deployment(
      (one) =>
        !containersOf(one).every(({ resources }) => resources?.limits?.['cpu'] !== undefined) &&
        !hasDefaults(site, one),
    );
    const quota = makeQuota(site, target.metadata.namespace ?? '', { 'limits.cpu': '1000' });
    site.later(COUNTED_MS, () => site.restart(target));
    return {
      truth: { entities: [entityOf(quota), entityOf(target)], classes: ['namespace-quota-needs-values'] },
      touched: site.takeTouched(),
      settlesMs: SETTLES_MS,
      remedy: 'State limits.cpu in the containers, or give the namespace a LimitRange with defaults.',
      repair: () => site.remove(RESOURCE_QUOTAS, quota),
    };
  },
};

const limitRange: FaultKind = {
  name: 'limit-range-refuses',
  family: 'policy',
  summary: 'A namespace gets a LimitRange that a workload in it lies outside of.',
  source: 'https://kubernetes.io/docs/concepts/policy/limit-range/',
  parameters: {
    bound: { type: 'choice', summary: 'which bound', choices: ['min', 'max'], default: 'max' },
    share: {
      ...{ type: 'number', summary: 'how far beyond the bound, as a share of it', integer: false },
      ...{ min: 0.1, max: 0.8, default: 0.5 },
    },
  },
  bring: (site, { bound, share }) => {
    const target = site.deployment((one) => containersOf(one).every(statesMemory) && !hasDefaults(site, one));
    const [container] = containersOf(target);
    const { requests, limits } = container?.resources ?? {};
    const bytes = (text: string | undefined) => amountOf('memory', text ?? '0') ?? 0;
    const memory =
      bound === 'max'
        ? bytes(limits?.['memory']) * (1 - Number(share))
        : bytes(requests?.['memory']) * (1 + Number(share));
    const item = { type: 'Container', [String(bound)]: { memory: formatBytes(Math.round(memory / MIB) * MIB) } };
    const metadata = { name: 'container-bounds', namespace: target.metadata.namespace ?? '' };
    const range = site.create({ apiVersion: 'v1', kind: 'LimitRange', metadata, spec: { limits: [item] } });
    site.restart(target);
    return {
      truth: { entities: [entityOf(range), entityOf(target)], classes: ['limit-range-violated'] },
      touched: site.takeTouched(),
      settlesMs: SETTLES_MS,
      remedy: 'Change the bounds of the LimitRange, or what the containers state.',
      repair: () => site.remove(LIMIT_RANGES, range),
    };
  },
};

const ENFORCE = 'pod-security.kubernetes.io/enforce';

const podSecurity: FaultKind = {
  name: 'pod-security-refuses',
  family: 'policy',
  summary: 'A namespace enforces a Pod Security level that its workloads do not meet.',
  source: 'https://kubernetes.io/docs/concepts/security/pod-security-admission/',
  parameters: {},
  bring: (site) => {
    const target = site.deployment((one) => !isRestricted(one));
    const namespace = site.cluster.api.store.get(NAMESPACES, '', target.metadata.namespace ?? '') as KubeObject;
    const before = namespace.metadata.labels?.[ENFORCE];
    label(site, namespace, 'restricted');
    site.restart(target);
    return {
      truth: { entities: [entityOf(target), entityOf(namespace)], classes: ['pod-security-violated'] },
      touched: site.takeTouched(),
      settlesMs: SETTLES_MS,
      remedy: 'Give the pods the security context that the level demands, or enforce a lower level.',
      repair: () => label(site, namespace, before),
    };
  },
};

export const POLICY_FAULTS: readonly FaultKind[] = [
  quotaExhausted,
  quotaNeedsValues,
  limitRange,
  podSecurity,
  ...WEBHOOK_FAULTS,
  DISRUPTION_BUDGET_DEADLOCK,
  NETWORK_POLICY_BLOCKS,
];

const MIB = 2 ** 20;

type Container = ReturnType<typeof containersOf>[number];

/** All that count: sidecars and init containers among them. */
function containersOf({ spec }: Deployment) {
  const { containers = [], initContainers = [] } = spec?.template.spec ?? {};
  return [...containers, ...initContainers];
}

function statesMemory({ resources }: Container): boolean {
  return resources?.requests?.['memory'] !== undefined && resources.limits?.['memory'] !== undefined;
}

/** Whether its rollouts need a pod more than before, as one that is replaced at once does not. */
function isSurging({ spec }: Deployment): boolean {
  return spec?.strategy?.type !== 'Recreate' && spec?.strategy?.rollingUpdate?.maxSurge !== 0;
}

function hasDefaults({ cluster }: FaultSite, { metadata }: Deployment): boolean {
  return cluster.api.store.list(LIMIT_RANGES, metadata.namespace)[Symbol.iterator]().next().done !== true;
}

/** Whether all pods of the namespace of a workload state what such a quota limits, as they then must. */
function everyPodStates({ cluster }: FaultSite, { metadata }: Deployment, name: string): boolean {
  const resource = name.slice('requests.'.length);
  return [...cluster.api.store.list(PODS, metadata.namespace)].every(({ spec }) =>
    [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].every(
      ({ resources }) => resources?.requests?.[resource] !== undefined,
    ),
  );
}

function usedIn({ cluster }: FaultSite, namespace: string, name: string): string {
  const pods = [...cluster.api.store.list(PODS, namespace)].filter(
    ({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed',
  );
  if (name === 'pods') return String(pods.length);
  const resource = name.slice('requests.'.length);
  const sum = pods
    .flatMap(({ spec }) => spec?.containers ?? [])
    .reduce((all, { resources }) => all + (amountOf(resource, resources?.requests?.[resource] ?? '0') ?? 0), 0);
  return resource === 'cpu' ? formatCpu(sum) : formatBytes(sum);
}

function makeQuota(site: FaultSite, namespace: string, hard: Readonly<Record<string, string>>): KubeObject {
  const metadata = { name: 'team-budget', namespace };
  return site.create({ apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard } });
}

function label(site: FaultSite, namespace: KubeObject, level: string | undefined): void {
  site.change(NAMESPACES, namespace, ({ metadata, ...now }) => {
    const labels = Object.fromEntries(Object.entries(metadata.labels ?? {}).filter(([key]) => key !== ENFORCE));
    return {
      ...now,
      metadata: { ...metadata, labels: level === undefined ? labels : { ...labels, [ENFORCE]: level } },
    };
  });
}

/** Whether a template says all that the level demands, as far as this has to know. */
function isRestricted(target: Deployment): boolean {
  const { securityContext } = target.spec?.template.spec ?? {};
  return containersOf(target).every(
    ({ securityContext: own }) =>
      own?.allowPrivilegeEscalation === false &&
      (own.runAsNonRoot ?? securityContext?.runAsNonRoot) === true &&
      own.capabilities?.drop?.includes('ALL') === true &&
      (own.seccompProfile ?? securityContext?.seccompProfile) !== undefined,
  );
}
