/** Autoscalers, disruption budgets, priorities, quotas, limits, nodes. Source: `pkg/apis/{autoscaling,policy,scheduling,core}/validation`. */
import { entryOf, type Json } from '../../../model/unknown-json.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { amountText } from '../../../model/amount.ts';
import { checkTaints } from './pod/placement-validation.ts';
import { IMMUTABLE, listIn, objectIn, textIn, type Problems } from './problems.ts';
import { amountOf, checkQuantity, checkResourceName, isStandard } from './resources-validation.ts';
import { checkCount, checkLabelSelector, checkShare } from './text-rules.ts';
import type { Check, CheckUpdate } from './validation-rule.ts';

function specOf(object: Json): Json {
  return objectIn(object, 'spec') ?? {};
}

export const checkAutoscaler: Check = (problems, autoscaler) => {
  const spec = specOf(autoscaler);
  const [least, most] = [Number(spec['minReplicas'] ?? 1), Number(spec['maxReplicas'] ?? 0)];
  if (least < 1) problems.invalid('spec.minReplicas', least, 'must be greater than or equal to 1');
  if (most < 1) problems.invalid('spec.maxReplicas', most, 'must be greater than 0');
  if (most < least) problems.invalid('spec.maxReplicas', most, 'must be greater than or equal to `minReplicas`');
  const target = objectIn(spec, 'scaleTargetRef');
  for (const field of ['kind', 'name'])
    if (textIn(target, field) === '') problems.required(`spec.scaleTargetRef.${field}`);
  for (const [at, metric] of listIn(spec, 'metrics').entries()) checkMetric(problems, `spec.metrics[${at}]`, metric);
  const behavior = objectIn(spec, 'behavior');
  for (const direction of ['scaleUp', 'scaleDown'])
    checkScaling(problems, `spec.behavior.${direction}`, objectIn(behavior, direction));
};

const METRICS: Readonly<Record<string, string>> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
};

function checkMetric(problems: Problems, place: string, metric: Json): void {
  const type = textIn(metric, 'type');
  const field = entryOf(METRICS, type);
  if (type === '') return problems.required(`${place}.type`, 'must specify a metric source type');
  if (field === undefined) return problems.notSupported(`${place}.type`, type, Object.keys(METRICS));
  const source = objectIn(metric, field);
  if (source === undefined)
    return problems.required(`${place}.${field}`, 'must populate information for the given metric source');
  if (field === 'resource' || field === 'containerResource') checkResourceMetric(problems, `${place}.${field}`, source);
}

function checkResourceMetric(problems: Problems, place: string, source: Json): void {
  if (textIn(source, 'name') === '') problems.required(`${place}.name`, 'must specify a resource name');
  if (place.endsWith('containerResource') && textIn(source, 'container') === '')
    problems.required(`${place}.container`, 'must specify a container');
  const target = objectIn(source, 'target') ?? {};
  const { averageUtilization: share, averageValue: average, value } = target;
  if (share === undefined && average === undefined)
    problems.required(
      `${place}.target.averageUtilization`,
      'must set either a target raw value or a target utilization',
    );
  if (typeof share === 'number' && share < 1)
    problems.invalid(`${place}.target.averageUtilization`, share, 'must be greater than 0');
  if (share !== undefined && average !== undefined)
    problems.forbidden(`${place}.target.averageValue`, 'may not set both a target raw value and a target utilization');
  if (value !== undefined && average === undefined && share === undefined)
    problems.forbidden(`${place}.target.value`, 'may not set a value target for resource metrics');
}

function checkScaling(problems: Problems, place: string, rules: Json | undefined): void {
  if (rules === undefined) return;
  const stabilization = rules['stabilizationWindowSeconds'];
  problems.nonNegative(`${place}.stabilizationWindowSeconds`, stabilization);
  if (typeof stabilization === 'number' && stabilization > 3600)
    problems.invalid(`${place}.stabilizationWindowSeconds`, stabilization, 'must be less than or equal to 3600');
  const policies = listIn(rules, 'policies');
  if (policies.length === 0) problems.required(`${place}.policies`, 'must specify at least one Policy');
  for (const [at, policy] of policies.entries()) {
    const where = `${place}.policies[${at}]`;
    if (policy['type'] !== 'Pods' && policy['type'] !== 'Percent')
      problems.notSupported(`${where}.type`, policy['type'] ?? '', ['Percent', 'Pods']);
    const [value, seconds] = [Number(policy['value'] ?? 0), Number(policy['periodSeconds'] ?? 0)];
    if (value <= 0) problems.invalid(`${where}.value`, value, 'must be greater than zero');
    if (seconds <= 0) problems.invalid(`${where}.periodSeconds`, seconds, 'must be greater than zero');
    if (seconds > 1800) problems.invalid(`${where}.periodSeconds`, seconds, 'must be less than or equal to 1800');
  }
}

export const checkBudget: Check = (problems, budget) => {
  const spec = specOf(budget);
  const { minAvailable, maxUnavailable } = spec;
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    const shown = {
      MinAvailable: minAvailable,
      Selector: spec['selector'] ?? null,
      MaxUnavailable: maxUnavailable,
      UnhealthyPodEvictionPolicy: spec['unhealthyPodEvictionPolicy'] ?? null,
    };
    problems.invalid('spec', shown, 'minAvailable and maxUnavailable cannot be both set');
  }
  for (const field of ['minAvailable', 'maxUnavailable']) {
    checkCount(problems, `spec.${field}`, spec[field]);
    checkShare(problems, `spec.${field}`, spec[field]);
  }
  checkLabelSelector(problems, 'spec.selector', objectIn(spec, 'selector'));
  const policy = spec['unhealthyPodEvictionPolicy'];
  if (policy !== undefined && policy !== 'IfHealthyBudget' && policy !== 'AlwaysAllow')
    problems.notSupported('spec.unhealthyPodEvictionPolicy', policy, ['AlwaysAllow', 'IfHealthyBudget']);
};

const SYSTEM_PRIORITIES: Readonly<Record<string, number>> = {
  'system-node-critical': 2_000_001_000,
  'system-cluster-critical': 2_000_000_000,
};
const HIGHEST = 1_000_000_000;

export const checkPriorityClass: Check = (problems, priorityClass) => {
  const name = textIn(objectIn(priorityClass, 'metadata'), 'name');
  const value = Number(priorityClass['value'] ?? 0);
  if (name.startsWith('system-')) {
    const wrong = systemError(name, value, priorityClass['globalDefault'] === true);
    if (wrong !== undefined)
      problems.forbidden(
        'metadata.name',
        `priority class names with 'system-' prefix are reserved for system use only. error: ${wrong}`,
      );
  } else if (value > HIGHEST)
    problems.forbidden('value', `maximum allowed value of a user defined priority is ${HIGHEST}`);
  problems.oneOf('preemptionPolicy', priorityClass['preemptionPolicy'], ['PreemptLowerPriority', 'Never']);
};

function systemError(name: string, value: number, isDefault: boolean): string | undefined {
  const known = SYSTEM_PRIORITIES[name];
  if (known === undefined) return `${name} is not a known system priority class`;
  if (known !== value) return `value of ${name} PriorityClass must be ${known}`;
  return isDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}

export const checkPriorityClassUpdate: CheckUpdate = (problems, priorityClass, previous) => {
  if (priorityClass['value'] !== previous['value']) problems.forbidden('value', 'may not be changed in an update.');
  if (priorityClass['preemptionPolicy'] !== previous['preemptionPolicy'])
    problems.invalid('preemptionPolicy', priorityClass['preemptionPolicy'], IMMUTABLE);
};

const SCOPES = [
  'BestEffort',
  'CrossNamespacePodAffinity',
  'NotBestEffort',
  'NotTerminating',
  'PriorityClass',
  'Terminating',
];
const POD_SCOPES: ReadonlySet<string> = new Set(['BestEffort', 'NotBestEffort', 'NotTerminating', 'Terminating']);

function checkScopes(problems: Problems, spec: Json): void {
  const scopes = (listIn(spec, 'scopes') as readonly unknown[]).map(String);
  const unknown = scopes.some((scope) => !SCOPES.includes(scope));
  if (unknown) problems.invalid('spec.scopes', scopes, 'unsupported scope');
  for (const name of Object.keys(objectIn(spec, 'hard') ?? {}))
    if (scopes.some((scope) => POD_SCOPES.has(scope)) && !isPodResource(name, scopes))
      problems.invalid('spec.scopes', scopes, 'unsupported scope applied to resource');
  for (const pair of [
    ['BestEffort', 'NotBestEffort'],
    ['Terminating', 'NotTerminating'],
  ])
    if (pair.every((scope) => scopes.includes(scope))) problems.invalid('spec.scopes', scopes, 'conflicting scopes');
}

/** What has no requests is counted, and nothing else of it. */
function isPodResource(name: string, scopes: readonly string[]): boolean {
  if (name === 'pods' || name === 'count/pods') return true;
  return !scopes.includes('BestEffort') && /^((requests|limits)\.)?(cpu|memory|ephemeral-storage)$/.test(name);
}

export const checkQuota: Check = (problems, quota) => {
  for (const [name, amount] of Object.entries(objectIn(specOf(quota), 'hard') ?? {})) {
    const field = `spec.hard[${name}]`;
    checkResourceName(problems, field, name);
    // `storage` is a resource of claims alone.
    if (!name.includes('/') && (!isStandard(name) || name === 'storage'))
      problems.invalid(field, name, 'must be a standard resource for quota');
    checkQuantity(problems, field, amount);
  }
  checkScopes(problems, specOf(quota));
};

export const checkQuotaUpdate: CheckUpdate = (problems, quota, previous) => {
  checkQuota(problems, quota);
  const scopes = (object: Json) => [...(listIn(specOf(object), 'scopes') as readonly unknown[])].map(String).sort();
  if (!sameJson(scopes(quota), scopes(previous)))
    problems.invalid('spec.scopes', specOf(quota)['scopes'] ?? null, IMMUTABLE);
};

const ORDERED = [
  ['min', 'max'],
  ['min', 'default request'],
  ['default request', 'default'],
  ['default', 'max'],
] as const;

export const checkLimits: Check = (problems, limitRange) => {
  const known = new Set<string>();
  for (const [at, item] of listIn(specOf(limitRange), 'limits').entries()) {
    const place = `spec.limits[${at}]`;
    const type = textIn(item, 'type');
    if (known.has(type)) problems.duplicate(`${place}.type`, type);
    known.add(type);
    for (const [lower, upper] of ORDERED) checkOrder(problems, place, item, lower, upper);
  }
};

const FIELDS: Readonly<Record<string, string>> = {
  min: 'min',
  max: 'max',
  default: 'default',
  'default request': 'defaultRequest',
};

function checkOrder(problems: Problems, place: string, item: Json, lower: string, upper: string): void {
  const [less, more] = [objectIn(item, FIELDS[lower] as string), objectIn(item, FIELDS[upper] as string)];
  for (const name in less) {
    const [a, b] = [amountOf(less[name]), amountOf(more?.[name])];
    if (a === undefined || b === undefined || a.nano <= b.nano) continue;
    problems.invalid(
      `${place}.${FIELDS[lower] as string}[${name}]`,
      amountText(a),
      `${lower} value ${amountText(a)} is greater than ${upper} value ${amountText(b)}`,
    );
  }
}

export const checkNode: Check = (problems, node) =>
  checkTaints(problems, 'metadata.taints', listIn(specOf(node), 'taints'));

export const checkNodeUpdate: CheckUpdate = (problems, node, previous) => {
  checkTaints(problems, 'metadata.taints', listIn(specOf(node), 'taints'));
  const [id, had] = [specOf(node)['providerID'], specOf(previous)['providerID']];
  if (had !== undefined && had !== '' && id !== had)
    problems.forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid');
};
