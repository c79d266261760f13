/** What validation finds wrong, collected field by field in the order in which the API server looks. Source: `k8s.io/apimachinery/pkg/util/validation/field`. */
import { isRecord, type Json } from '../../../model/unknown-json.ts';
import type { FieldError } from '../api-error.ts';
import type { TextRule } from '../names.ts';

/** A list of wrong fields that grows. */
export class Problems {
  readonly found: FieldError[] = [];

  required(field: string, detail = ''): void {
    this.found.push({ type: 'FieldValueRequired', field, detail });
  }

  invalid(field: string, value: unknown, detail: string): void {
    this.found.push({ type: 'FieldValueInvalid', field, value, detail });
  }

  forbidden(field: string, detail: string): void {
    this.found.push({ type: 'FieldValueForbidden', field, detail });
  }

  duplicate(field: string, value: unknown): void {
    this.found.push({ type: 'FieldValueDuplicate', field, value, detail: '' });
  }

  notFound(field: string, value: unknown): void {
    this.found.push({ type: 'FieldValueNotFound', field, value, detail: '' });
  }

  tooLong(field: string, bytes: number): void {
    this.found.push({ type: 'FieldValueTooLong', field, detail: `may not be more than ${bytes} bytes` });
  }

  notSupported(field: string, value: unknown, supported: readonly string[]): void {
    const detail = `supported values: ${supported.map((one) => JSON.stringify(one)).join(', ')}`;
    this.found.push({ type: 'FieldValueNotSupported', field, value, detail });
  }

  /** One of a closed list; an empty text is a missing one. */
  oneOf(field: string, value: unknown, supported: readonly string[]): void {
    if (value === undefined || value === null || value === '') this.required(field);
    else if (!supported.includes(value as string)) this.notSupported(field, value, supported);
  }

  /** A text that a rule holds to; each complaint is one problem. */
  text(field: string, value: unknown, rule: TextRule): void {
    for (const detail of rule(typeof value === 'string' ? value : '')) this.invalid(field, value ?? '', detail);
  }

  /** A number that is not negative, where one is given. */
  nonNegative(field: string, value: unknown): void {
    if (typeof value === 'number' && value < 0) this.invalid(field, value, NOT_NEGATIVE);
  }

  /** A number within bounds, where one is given. */
  between(field: string, value: unknown, least: number, most: number): void {
    if (typeof value !== 'number' || (value >= least && value <= most)) return;
    this.invalid(field, value, `must be between ${least} and ${most}, inclusive`);
  }
}

export const NOT_NEGATIVE = 'must be greater than or equal to 0';
export const IMMUTABLE = 'field is immutable';

/** The list in a field, or an empty one. */
export function listIn(value: Json | undefined, field: string): readonly Json[] {
  const list = value?.[field];
  return Array.isArray(list) ? (list as readonly Json[]) : [];
}

/** The object in a field, where there is one. */
export function objectIn(value: Json | undefined, field: string): Json | undefined {
  const inner = value?.[field];
  return isRecord(inner) ? inner : undefined;
}

/** The text in a field, or `''`. */
export function textIn(value: Json | undefined, field: string): string {
  const text = value?.[field];
  return typeof text === 'string' ? text : '';
}
