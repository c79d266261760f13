/** Options of writes and deletions, as queries and bodies give them. */
import { isRecord, type Json } from '../../model/unknown-json.ts';
import { badRequest, invalid, type FieldError } from '../api/api-error.ts';
import type { DeleteOptions, WriteOptions } from '../api/request.ts';
import type { ValidationDirective } from '../api/schema/field-validation.ts';
import type { Call } from './call.ts';

const POLICIES = ['Foreground', 'Background', 'Orphan'] as const;
/** Source: `k8s.io/apimachinery/pkg/apis/meta/v1/validation`, `FieldManagerMaxLength`. */
const LONGEST_MANAGER = 128;

/** `kind` of the options, for refusals: `CreateOptions`, `UpdateOptions`, `PatchOptions`. @throws ApiError 422 */
export function writeOptions({ url, request, user, target, warn }: Call, kind: string): WriteOptions {
  const query = url.searchParams;
  const manager = query.get('fieldManager') ?? '';
  const errors = [...dryRunErrors(query.getAll('dryRun')), ...managerErrors(manager), ...validationErrors(query)];
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind, plural: '' }, '', errors);
  return {
    user,
    fieldManager: manager === '' ? programOf(request.headers) : manager,
    dryRun: query.getAll('dryRun').length > 0,
    onWarning: warn,
    fieldValidation: fieldValidation(url),
    ...(target.subresource !== '' && { subresource: target.subresource }),
  };
}

/** Clients are warned where they do not say otherwise. */
export function fieldValidation(url: URL): ValidationDirective {
  const said = url.searchParams.get('fieldValidation');
  return said === 'Ignore' || said === 'Strict' ? said : 'Warn';
}

/** Without a name the program's own is taken: `kubectl/v1.36.0 (linux/amd64)` → `kubectl`. */
function programOf(headers: Headers): string {
  return ((headers.get('user-agent') ?? '').split('/', 1)[0] as string).slice(0, LONGEST_MANAGER) || 'unknown';
}

function dryRunErrors(values: readonly unknown[]): readonly FieldError[] {
  return values.every((value) => value === 'All') ? [] : [notSupported('dryRun', values, ['All'])];
}

function managerErrors(manager: string): readonly FieldError[] {
  return manager.length <= LONGEST_MANAGER
    ? []
    : [{ type: 'FieldValueTooLong', field: 'fieldManager', detail: `may not be more than ${LONGEST_MANAGER} bytes` }];
}

function validationErrors(query: URLSearchParams): readonly FieldError[] {
  const value = query.get('fieldValidation') ?? '';
  const allowed = ['', 'Ignore', 'Warn', 'Strict'];
  return allowed.includes(value) ? [] : [notSupported('fieldValidation', value, allowed)];
}

function notSupported(field: string, value: unknown, allowed: readonly string[]): FieldError {
  const detail = `supported values: ${allowed.map((one) => JSON.stringify(one)).join(', ')}`;
  return { type: 'FieldValueNotSupported', field, value, detail };
}

/** From the body where there is one, else from the query. @throws ApiError 400, 422 */
export function deleteOptions(call: Call, body: Json | undefined): DeleteOptions {
  const given = body ?? fromQuery(call.url.searchParams);
  if (body !== undefined && body['kind'] !== undefined && body['kind'] !== 'DeleteOptions')
    throw badRequest(
      `${String(body['kind'])} in version "${String(body['apiVersion'])}" cannot be handled as a DeleteOptions`,
    );
  const { gracePeriodSeconds, propagationPolicy, orphanDependents, preconditions, dryRun = [] } = given;
  const policy = propagationPolicy ?? policyOfOld(orphanDependents);
  const errors = [
    ...dryRunErrors(Array.isArray(dryRun) ? dryRun : [dryRun]),
    ...(policy === undefined || POLICIES.some((known) => known === policy)
      ? []
      : [notSupported('propagationPolicy', policy, [...POLICIES, 'nil'])]),
  ];
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions', plural: '' }, '', errors);
  return {
    user: call.user,
    onWarning: call.warn,
    dryRun: Array.isArray(dryRun) && dryRun.length > 0,
    ...(typeof gracePeriodSeconds === 'number' && { gracePeriodSeconds }),
    ...(policy !== undefined && { propagationPolicy: policy as (typeof POLICIES)[number] }),
    ...(isRecord(preconditions) && { preconditions: texts(preconditions) }),
  };
}

function fromQuery(query: URLSearchParams): Json {
  const seconds = query.get('gracePeriodSeconds');
  return {
    ...(seconds !== null && { gracePeriodSeconds: wholeNumber('gracePeriodSeconds', seconds) }),
    ...(query.has('propagationPolicy') && { propagationPolicy: query.get('propagationPolicy') }),
    ...(query.has('orphanDependents') && { orphanDependents: query.get('orphanDependents') === 'true' }),
    dryRun: query.getAll('dryRun'),
  };
}

/** @throws ApiError 400 */
export function wholeNumber(name: string, text: string): number {
  if (!/^-?\d{1,15}$/.test(text))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax (${name})`);
  return Number(text);
}

function policyOfOld(orphanDependents: unknown): string | undefined {
  if (typeof orphanDependents !== 'boolean') return undefined;
  return orphanDependents ? 'Orphan' : 'Background';
}

function texts(record: Json): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => typeof value === 'string')) as Record<
    string,
    string
  >;
}
