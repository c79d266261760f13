/**
 * What is done about fields that a kind does not have, and what is said of values of wrong types.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation
 */
import { badRequest, invalid } from '../api-error.ts';
import type { Fields } from '../patch/json.ts';
import type { ResourceType } from '../resource-type.ts';
import { decode, type DecoderWording } from './decoding.ts';
import { schemaOf } from './definitions.ts';

/** What becomes of unknown and duplicate fields; all of them are dropped where the request is not refused. */
export type ValidationDirective = 'Ignore' | 'Warn' | 'Strict';

/** How a request wants its fields looked at. */
export interface FieldValidation {
  readonly directive: ValidationDirective;
  /** Told of each warning. */
  readonly warn: (text: string) => void;
  /** What reading the body found before: `duplicate field "spec.replicas"`. */
  readonly duplicates?: readonly string[];
}

/**
 * An object from a request, as the server understands it.
 * @throws ApiError 400 for values of wrong types, and for unknown or duplicate fields where the request is strict
 */
export function decodedObject(type: ResourceType, object: Fields, validation: FieldValidation): Fields {
  const { decoded, problem } = checked(type, object, 'json', validation);
  if (problem === undefined) return decoded;
  const version = JSON.stringify(type.version);
  throw badRequest(`${type.kind} in version ${version} cannot be handled as a ${type.kind}: ${problem}`);
}

/**
 * The result of a patch, as the server understands it. `shown` is what a refusal prints.
 * @throws ApiError 422
 */
export function decodedPatchResult(
  type: ResourceType,
  result: Fields,
  { wording, shown }: { readonly wording: DecoderWording; readonly shown: () => string },
  validation: FieldValidation,
): Fields {
  const { decoded, problem } = checked(type, result, wording, validation);
  if (problem === undefined) return decoded;
  const nothing = { group: '', kind: '', plural: '' };
  throw invalid(nothing, '', [{ type: 'FieldValueInvalid', field: 'patch', value: shown(), detail: problem }]);
}

function checked(
  type: ResourceType,
  object: Fields,
  wording: DecoderWording,
  { directive, warn, duplicates = [] }: FieldValidation,
): { readonly decoded: Fields; readonly problem: string | undefined } {
  const schema = schemaOf(type);
  const understood =
    schema === undefined ? { object, strictErrors: [], error: undefined } : decode(object, schema, wording);
  const strictErrors = [...duplicates, ...understood.strictErrors];
  if (understood.error !== undefined) return { decoded: object, problem: understood.error };
  if (directive === 'Strict' && strictErrors.length > 0)
    return { decoded: object, problem: `strict decoding error: ${strictErrors.join(', ')}` };
  if (directive === 'Warn') for (const text of strictErrors) warn(text);
  return { decoded: understood.object, problem: undefined };
}
