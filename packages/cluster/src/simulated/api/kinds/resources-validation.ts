/** Requests and limits. Source: `ValidateContainerResourceRequirements` in `pkg/apis/core/validation`. */
import { amountText, parseAmount, type Amount } from '../../../model/amount.ts';
import type { Json } from '../../../model/unknown-json.ts';
import { qualifiedNameErrors } from '../names.ts';
import { NOT_NEGATIVE, objectIn, type Problems } from './problems.ts';

const OF_CONTAINERS: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage']);
/** What has a meaning without a domain, for containers, claims or quotas. */
const STANDARD: ReadonlySet<string> = new Set([
  'cpu',
  'memory',
  'ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'requests.storage',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'persistentvolumeclaims',
  'configmaps',
  'services.nodeports',
  'services.loadbalancers',
  'storage',
]);
const isHugePages = (name: string) => name.startsWith('hugepages-');
/** Kubernetes' own names have no domain, or one of kubernetes.io. */
const isNative = (name: string) => !name.includes('/') || name.includes('kubernetes.io/');

/** Of what nodes can give more than they have. */
function canOvercommit(name: string): boolean {
  return isNative(name) && !isHugePages(name);
}

export function checkResources(problems: Problems, field: string, resources: Json | undefined): void {
  if (resources === undefined) return;
  const limits = objectIn(resources, 'limits') ?? {};
  const requests = objectIn(resources, 'requests') ?? {};
  for (const name in limits) checkAmount(problems, `${field}.limits[${name}]`, name, limits[name]);
  for (const name in requests) {
    checkAmount(problems, `${field}.requests[${name}]`, name, requests[name]);
    if (Object.hasOwn(limits, name))
      checkAgainstLimit(problems, `${field}.requests`, name, requests[name], limits[name]);
    else if (!canOvercommit(name))
      problems.required(`${field}.limits`, 'Limit must be set for non overcommitable resources');
  }
  const hasHugePages = [limits, requests].some((amounts) => Object.keys(amounts).some(isHugePages));
  const hasOthers = [limits, requests].some((amounts) => 'cpu' in amounts || 'memory' in amounts);
  if (hasHugePages && !hasOthers) problems.forbidden(field, 'HugePages require cpu or memory');
}

function checkAmount(problems: Problems, field: string, name: string, quantity: unknown): void {
  if (!OF_CONTAINERS.has(name)) checkName(problems, field, name);
  checkQuantity(problems, field, quantity);
  const amount = amountOf(quantity);
  if (!isNative(name) && amount !== undefined && amount.nano % 1_000_000_000n !== 0n)
    problems.invalid(field, amountText(amount), 'must be an integer');
}

function checkName(problems: Problems, field: string, name: string): void {
  checkResourceName(problems, field, name);
  if (!name.includes('/') && !isHugePages(name))
    problems.invalid(field, name, 'must be a standard resource for containers');
  else if (!isNative(name) && name.startsWith('requests.'))
    problems.invalid(field, name, "doesn't follow extended resource name standard");
}

/** Whether a name without a domain has a meaning. */
export function isStandard(name: string): boolean {
  return STANDARD.has(name) || /^(requests\.)?hugepages-/.test(name);
}

/** The name of a resource of anything. Source: `validateResourceName` */
export function checkResourceName(problems: Problems, field: string, name: string): void {
  const isWellFormed = qualifiedNameErrors(name).length === 0;
  if (!isWellFormed) problems.text(field, name, qualifiedNameErrors);
  else if (!name.includes('/') && !isStandard(name))
    problems.invalid(field, name, 'must be a standard resource type or fully qualified');
}

/** A quantity that is not negative. */
export function checkQuantity(problems: Problems, field: string, quantity: unknown): void {
  const amount = amountOf(quantity);
  if (amount !== undefined && amount.nano < 0n) problems.invalid(field, amountText(amount), NOT_NEGATIVE);
}

/** A quantity that is more than nothing. */
export function checkPositive(problems: Problems, field: string, quantity: unknown): void {
  const amount = amountOf(quantity);
  if (amount !== undefined && amount.nano <= 0n)
    problems.invalid(field, amountText(amount), 'must be greater than zero');
}

function checkAgainstLimit(problems: Problems, field: string, name: string, request: unknown, limit: unknown): void {
  if (request === limit) return;
  const [wanted, most] = [amountOf(request), amountOf(limit)];
  if (wanted === undefined || most === undefined) return;
  if (wanted.nano !== most.nano && !canOvercommit(name))
    problems.invalid(field, amountText(wanted), `must be equal to ${name} limit of ${amountText(most)}`);
  else if (wanted.nano > most.nano)
    problems.invalid(field, amountText(wanted), `must be less than or equal to ${name} limit of ${amountText(most)}`);
}

/** What a quantity says, where it is one. */
export function amountOf(quantity: unknown): Amount | undefined {
  return typeof quantity === 'string' || typeof quantity === 'number' ? parseAmount(quantity) : undefined;
}
