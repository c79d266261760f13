/**
 * Nothing is made beyond a namespace's quotas, and what is made is counted at once.
 * Source: `k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go`
 */
import { addAmounts, amountText, parseAmount, subtractAmounts, ZERO, type Amount } from '../../../model/amount.ts';
import type { Pod, ResourceQuota } from '../../../model/kinds.ts';
import { RESOURCE_QUOTAS } from '../../api/built-in-types.ts';
import type { Admission, AdmissionPlugin } from '../../api/request.ts';
import type { AdmissionContext } from '../admission-context.ts';
import type { Amounts } from '../pod-totals.ts';
import { forbiddenLate } from '../refusal.ts';
import { limitedBy } from './scope.ts';
import { missingRequests, usageOf } from './usage.ts';

type Quantities = Readonly<Record<string, string>>;

export function resourceQuota({ store }: AdmissionContext): AdmissionPlugin {
  const quotasFor = (admission: Admission): readonly ResourceQuota[] =>
    isCharged(admission) && store.count(RESOURCE_QUOTAS, admission.namespace) > 0
      ? [...store.list(RESOURCE_QUOTAS, admission.namespace)]
      : [];
  return {
    name: 'ResourceQuota',
    validate(admission) {
      for (const [quota, names] of pertinent(admission, quotasFor(admission))) check(admission, quota, names);
    },
    stored(admission) {
      for (const [quota, names] of pertinent(admission, quotasFor(admission))) {
        const charge = chargeOf(admission, names);
        if (charge.size === 0) continue;
        const used = { ...quota.status?.used, ...textsOf(sumsOf(quota, charge)) };
        store.put(RESOURCE_QUOTAS, { ...quota, status: { ...quota.status, used } });
      }
    },
  };
}

/** Pods change nothing that is counted after they are made, but by a resize; Services and claims do. */
function isCharged({ operation, namespace, subresource, type }: Admission): boolean {
  if (type.kind === 'Pod' && subresource === 'resize') return operation === 'UPDATE';
  if (namespace === '' || subresource !== '' || operation === 'DELETE') return false;
  if (operation === 'CREATE') return true;
  return type.group === '' && (type.kind === 'Service' || type.kind === 'PersistentVolumeClaim');
}

type Pertinent = readonly (readonly [ResourceQuota, readonly string[]])[];

function pertinent(admission: Admission, quotas: readonly ResourceQuota[]): Pertinent {
  return quotas
    .map((quota) => [quota, limitedBy(quota, admission.type, admission.object)] as const)
    .filter(([, names]) => names.length > 0);
}

function check(admission: Admission, quota: ResourceQuota, names: readonly string[]): void {
  const { name } = quota.metadata;
  const { type, object } = admission;
  const spec = type.kind === 'Pod' && type.group === '' ? (object as Pod).spec : undefined;
  const missing = spec === undefined ? undefined : missingRequests(spec, names);
  if (missing !== undefined) throw forbiddenLate(admission, `failed quota: ${name}: ${missing}`);
  const used = quota.status?.used ?? {};
  if (names.some((one) => used[one] === undefined))
    throw forbiddenLate(admission, `status unknown for quota: ${name}, resources: ${[...names].sort().join(',')}`);
  const charge = chargeOf(admission, names);
  const sums = sumsOf(quota, charge);
  const hard = quota.status?.hard ?? {};
  const exceeded = [...charge.keys()]
    .filter((one) => (charge.get(one) as Amount).nano > 0n)
    .filter((one) => (sums.get(one) as Amount).nano > amountIn(hard, one).nano)
    .sort();
  if (exceeded.length === 0) return;
  const listed = (text: (one: string) => string) => exceeded.map((one) => `${one}=${text(one)}`).join(',');
  const requested = listed((one) => amountText(charge.get(one) as Amount));
  const taken = listed((one) => amountText(amountIn(used, one)));
  const limited = listed((one) => amountText(amountIn(hard, one)));
  throw forbiddenLate(
    admission,
    `exceeded quota: ${name}, requested: ${requested}, used: ${taken}, limited: ${limited}`,
  );
}

/** What the write takes more than before, without zeros. */
function chargeOf({ type, object, previous }: Admission, names: readonly string[]): Amounts {
  const now = usageOf(type, object);
  const before = previous === undefined ? undefined : usageOf(type, previous);
  const charge = new Map<string, Amount>();
  for (const name of names) {
    const amount = subtractAmounts(now.get(name) ?? ZERO, before?.get(name) ?? ZERO);
    if (amount.nano !== 0n) charge.set(name, amount);
  }
  return charge;
}

function sumsOf({ status }: ResourceQuota, charge: Amounts): Amounts {
  const used = status?.used ?? {};
  return new Map([...charge].map(([name, amount]) => [name, addAmounts(amountIn(used, name), amount)]));
}

function amountIn(quantities: Quantities, name: string): Amount {
  return parseAmount(quantities[name] ?? 0) ?? ZERO;
}

function textsOf(amounts: Amounts): Quantities {
  return Object.fromEntries([...amounts].map(([name, amount]) => [name, amountText(amount)]));
}
