/**
 * Containers get what the namespace's LimitRanges say where they say nothing, and stay within what they allow.
 * Source: https://kubernetes.io/docs/concepts/policy/limit-range/; `plugin/pkg/admission/limitranger`
 */
import { amountText, type Amount } from '../../model/amount.ts';
import type { Container, KindMap, PersistentVolumeClaim, Pod, PodSpec } from '../../model/kinds.ts';
import { LIMIT_RANGES, PERSISTENT_VOLUME_CLAIMS } from '../api/built-in-types.ts';
import type { Admission, AdmissionPlugin } from '../api/request.ts';
import type { AdmissionContext } from './admission-context.ts';
import { isNewPod } from './pod-admission.ts';
import { amountsOf, podTotal, type Amounts } from './pod-totals.ts';
import { aggregated, forbiddenLate } from './refusal.ts';

type LimitRange = KindMap['LimitRange'];
type LimitItem = NonNullable<LimitRange['spec']>['limits'][number];
type Quantities = Readonly<Record<string, string>>;

export function limitRanger({ store }: AdmissionContext): AdmissionPlugin {
  const rangesIn = (namespace: string): readonly LimitRange[] =>
    store.count(LIMIT_RANGES, namespace) === 0 ? [] : [...store.list(LIMIT_RANGES, namespace)];
  return {
    name: 'LimitRanger',
    mutate(admission) {
      if (!isNewPod(admission)) return admission.object;
      return rangesIn(admission.namespace).reduce(completed, admission.object as Pod);
    },
    validate(admission) {
      if (!isNewPod(admission) && !isClaimWrite(admission)) return;
      for (const { spec } of rangesIn(admission.namespace)) {
        const wrong = (spec?.limits ?? []).flatMap((item) => violations(item, admission));
        if (wrong.length > 0) throw forbiddenLate(admission, aggregated(wrong));
      }
    },
  };
}

function isClaimWrite({ type, operation, subresource }: Admission): boolean {
  return type === PERSISTENT_VOLUME_CLAIMS && operation !== 'DELETE' && subresource === '';
}

function completed(pod: Pod, { spec }: LimitRange): Pod {
  const items = (spec?.limits ?? []).filter(({ type }) => type === 'Container');
  const limits: Quantities = Object.assign({}, ...items.map((item) => item.default ?? {}));
  const requests: Quantities = Object.assign({}, ...items.map((item) => item.defaultRequest ?? {}));
  const notes: string[] = [];
  const complete = (container: Container, title: string): Container => {
    const own = container.resources ?? {};
    const addedLimits = missing(limits, own.limits);
    const addedRequests = missing(requests, own.requests);
    if (addedRequests.length > 0) notes.push(`${addedRequests.join(', ')} request for ${title} ${container.name}`);
    if (addedLimits.length > 0) notes.push(`${addedLimits.join(', ')} limit for ${title} ${container.name}`);
    if (addedLimits.length === 0 && addedRequests.length === 0) return container;
    const resources = { ...own, limits: { ...limits, ...own.limits }, requests: { ...requests, ...own.requests } };
    return { ...container, resources };
  };
  const containers = (pod.spec?.containers ?? []).map((one) => complete(one, 'container'));
  const initContainers = pod.spec?.initContainers?.map((one) => complete(one, 'init container'));
  if (notes.length === 0) return pod;
  const note = { 'kubernetes.io/limit-ranger': `LimitRanger plugin set: ${notes.join('; ')}` };
  return {
    ...pod,
    metadata: { ...pod.metadata, annotations: { ...pod.metadata.annotations, ...note } },
    spec: { ...pod.spec, containers, ...(initContainers === undefined ? {} : { initContainers }) },
  };
}

function missing(wanted: Quantities, own: Quantities | undefined): readonly string[] {
  return Object.keys(wanted)
    .filter((name) => own?.[name] === undefined)
    .sort();
}

/** What one entry of a LimitRange finds wrong. */
function violations(item: LimitItem, { object, type }: Admission): readonly string[] {
  if (type === PERSISTENT_VOLUME_CLAIMS)
    return item.type === type.kind ? claimViolations(item, object as PersistentVolumeClaim) : [];
  const spec = (object as Pod).spec as PodSpec;
  if (item.type === 'Pod') return within(item, podTotal(spec, 'requests'), podTotal(spec, 'limits'));
  if (item.type !== 'Container') return [];
  return [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ resources }) =>
    within(item, amountsOf(resources?.requests), amountsOf(resources?.limits)),
  );
}

function claimViolations(item: LimitItem, { spec }: PersistentVolumeClaim): readonly string[] {
  const requests = amountsOf(spec?.resources?.requests);
  const least = [...amountsOf(item.min)].flatMap(([name, bound]) =>
    tooLittle(bound, requests.get(name), `minimum ${name} usage per ${item.type} is ${amountText(bound)}`),
  );
  const most = [...amountsOf(item.max)].flatMap(([name, bound]) => {
    const title = `maximum ${name} usage per ${item.type} is ${amountText(bound)}`;
    const request = requests.get(name);
    if (request === undefined) return [`${title}.  No request is specified`];
    return request.nano > bound.nano ? [`${title}, but request is ${amountText(request)}`] : [];
  });
  return [...least, ...most];
}

function within(item: LimitItem, requests: Amounts, limits: Amounts): readonly string[] {
  const least = [...amountsOf(item.min)].flatMap(([name, bound]) =>
    tooLittle(
      bound,
      requests.get(name),
      `minimum ${name} usage per ${item.type} is ${amountText(bound)}`,
      limits.get(name),
    ),
  );
  const most = [...amountsOf(item.max)].flatMap(([name, bound]) =>
    tooMuch(
      bound,
      limits.get(name),
      `maximum ${name} usage per ${item.type} is ${amountText(bound)}`,
      requests.get(name),
    ),
  );
  const apart = [...amountsOf(item.maxLimitRequestRatio)].flatMap(([name, bound]) =>
    tooFarApart(
      bound,
      requests.get(name),
      limits.get(name),
      `${name} max limit to request ratio per ${item.type} is ${amountText(bound)}`,
    ),
  );
  return [...least, ...most, ...apart];
}

function tooLittle(bound: Amount, request: Amount | undefined, title: string, limit?: Amount): readonly string[] {
  if (request === undefined) return [`${title}.  No request is specified`];
  if (request.nano < bound.nano) return [`${title}, but request is ${amountText(request)}`];
  return limit !== undefined && limit.nano < bound.nano ? [`${title}, but limit is ${amountText(limit)}`] : [];
}

function tooMuch(bound: Amount, limit: Amount | undefined, title: string, request?: Amount): readonly string[] {
  if (limit === undefined) return [`${title}.  No limit is specified`];
  if (limit.nano > bound.nano) return [`${title}, but limit is ${amountText(limit)}`];
  return request !== undefined && request.nano > bound.nano ? [`${title}, but request is ${amountText(request)}`] : [];
}

function tooFarApart(
  bound: Amount,
  request: Amount | undefined,
  limit: Amount | undefined,
  title: string,
): readonly string[] {
  if (request === undefined || request.nano === 0n) return [`${title}, but no request is specified or request is 0`];
  if (limit === undefined || limit.nano === 0n) return [`${title}, but no limit is specified or limit is 0`];
  const ratio = Number(limit.nano) / Number(request.nano);
  return ratio > Number(bound.nano) / 1e9 ? [`${title}, but provided ratio is ${ratio.toFixed(6)}`] : [];
}
