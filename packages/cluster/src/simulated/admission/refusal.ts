/** How admission plugins refuse. Source: `admission.NewForbidden`. */
import { forbidden, type ApiError } from '../api/api-error.ts';
import type { Admission } from '../api/request.ts';

/** A refusal while the object may still change: generated names are not there yet, so what they begin with stands for them. */
export function forbiddenEarly({ type, object, operation, name }: Admission, why: string): ApiError {
  return forbidden(type, operation === 'CREATE' ? (object.metadata.generateName ?? name) : name, why);
}

/** A refusal of a complete object. */
export function forbiddenLate({ type, name }: Admission, why: string): ApiError {
  return forbidden(type, name, why);
}

/** Several reasons as one text: `[a, b]`, each once. Source: `utilerrors.NewAggregate`. */
export function aggregated(reasons: readonly string[]): string {
  const texts = [...new Set(reasons)];
  return texts.length === 1 ? (texts[0] as string) : `[${texts.join(', ')}]`;
}
