/**
 * What the API server answers when it refuses: `Status` objects, with the reasons, codes and words of Kubernetes.
 * Source: `k8s.io/apimachinery/pkg/api/errors`; https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 */
import { ClusterError } from '../../snapshot/cluster-error.ts';
import { qualifiedPlural, type ResourceType } from './resource-type.ts';

/** `metav1.Status` of a failure. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly status: 'Failure';
  readonly message: string;
  readonly reason: StatusReason;
  readonly details?: StatusDetails;
  /** HTTP status code. */
  readonly code: number;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

export interface StatusCause {
  readonly reason?: string;
  readonly message: string;
  readonly field?: string;
}

/** `''` where the API server did not foresee the failure. */
/** `''` where Kubernetes knows none, and writes none. */
export type StatusReason =
  | ''
  | ''
  | 'BadRequest'
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Gone'
  | 'Expired'
  | 'Invalid'
  | 'Timeout'
  | 'TooManyRequests'
  | 'MethodNotAllowed'
  | 'NotAcceptable'
  | 'UnsupportedMediaType'
  | 'RequestEntityTooLarge'
  | 'InternalError'
  | 'ServiceUnavailable';

/** One field that is wrong. Rendered as `spec.replicas: Invalid value: -1: must be greater than or equal to 0`. */
export interface FieldError {
  readonly type: FieldErrorType;
  /** `spec.template.spec.containers[0].image`. */
  readonly field: string;
  /**
   * Without it (`Required`, `Forbidden`) no value is printed. `undefined` is printed as Go prints a pointer to nothing, `"null"`; `null` as
   * it prints a map that is not there.
   */
  readonly value?: unknown;
  readonly detail: string;
}

/** Source: `k8s.io/apimachinery/pkg/util/validation/field`. */
export type FieldErrorType =
  | 'FieldValueNotFound'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueTypeInvalid'
  | 'InternalError';

/** A request that the simulated API server refused. */
export class ApiError extends ClusterError {
  readonly status: Status;

  constructor(status: Status) {
    super('api-refused', status.message, { reason: status.reason, status: status.code });
    this.status = status;
  }

  get reason(): StatusReason {
    return this.status.reason;
  }
}

/** Which object an answer is about. */
type About = Pick<ResourceType, 'group' | 'plural' | 'kind'>;

/** A refusal. */
export function apiError(code: number, reason: StatusReason, message: string, details?: StatusDetails): ApiError {
  const status: Status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  return new ApiError(details === undefined ? status : { ...status, details });
}

export function notFound(type: About, name: string): ApiError {
  return apiError(404, 'NotFound', `${qualifiedPlural(type)} "${name}" not found`, detailsOf(type, name));
}

export function alreadyExists(type: About, name: string, isBeingDeleted = false): ApiError {
  const why = `${isBeingDeleted ? 'object is being deleted: ' : ''}${qualifiedPlural(type)} "${name}" already exists`;
  return apiError(409, 'AlreadyExists', why, detailsOf(type, name));
}

/** Several names were drawn, and each was taken. */
export function noNameLeft(type: About, name: string): ApiError {
  const message = `${qualifiedPlural(type)} "${name}" already exists, the server was not able to generate a unique name for the object`;
  return apiError(409, 'AlreadyExists', message, { ...detailsOf(type, name), retryAfterSeconds: 1 });
}

export function conflict(type: About, name: string, why: string): ApiError {
  const message = `Operation cannot be fulfilled on ${qualifiedPlural(type)} "${name}": ${why}`;
  return apiError(409, 'Conflict', message, detailsOf(type, name));
}

/** What optimistic concurrency says. */
export function modified(type: About, name: string): ApiError {
  return conflict(
    type,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );
}

export function forbidden(type: About, name: string, why: string): ApiError {
  const message =
    name === ''
      ? `${qualifiedPlural(type)} is forbidden: ${why}`
      : `${qualifiedPlural(type)} "${name}" is forbidden: ${why}`;
  return apiError(403, 'Forbidden', message, detailsOf(type, name));
}

export function badRequest(message: string): ApiError {
  return apiError(400, 'BadRequest', message);
}

/** `Deployment.apps "web" is invalid: spec.replicas: Invalid value: …`. Several errors stand in brackets, each once. */
export function invalid(type: About, name: string, errors: readonly FieldError[]): ApiError {
  const texts = [...new Set(errors.map(fieldErrorText))];
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const qualified = type.group === '' ? type.kind : `${type.kind}.${type.group}`;
  return apiError(422, 'Invalid', `${qualified} "${name}" is invalid: ${list}`, {
    ...(name === '' ? {} : { name }),
    ...(type.group === '' ? {} : { group: type.group }),
    kind: type.kind,
    causes: errors.map((error) => ({ reason: error.type, message: bodyOf(error), field: error.field })),
  });
}

function detailsOf({ group, plural }: About, name: string): StatusDetails {
  return { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind: plural };
}

const TYPE_TEXTS: Readonly<Record<FieldErrorType, string>> = {
  FieldValueNotFound: 'Not found',
  FieldValueRequired: 'Required value',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueForbidden: 'Forbidden',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
  FieldValueTypeInvalid: 'Invalid value',
  InternalError: 'Internal error',
};

const WITHOUT_VALUE: ReadonlySet<FieldErrorType> = new Set([
  'FieldValueRequired',
  'FieldValueForbidden',
  'FieldValueTooLong',
  'InternalError',
]);

export function fieldErrorText(error: FieldError): string {
  return `${error.field}: ${bodyOf(error)}`;
}

function bodyOf(error: FieldError): string {
  const { type, value, detail } = error;
  const shown = WITHOUT_VALUE.has(type) || !('value' in error) ? '' : `: ${JSON.stringify(value) ?? '"null"'}`;
  return `${TYPE_TEXTS[type]}${shown}${detail === '' ? '' : `: ${detail}`}`;
}
