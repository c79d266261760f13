/** The four kinds of patch, by their content types. Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-update */
import { ApiError, apiError, badRequest } from '../api-error.ts';
import type { TypeSchema } from '../schema/field-schema.ts';
import { isFields, isList, jsonKind, type Fields } from './json.ts';
import { jsonPatched, JsonPatchError, type JsonPatchOperation } from './json-patch.ts';
import { mergePatched } from './merge-patch.ts';
import { strategicMerged } from './strategic-merge.ts';
import { StrategicMergeError } from './strategic-merge-error.ts';

/** A change of one object. */
export type Patch =
  | { readonly kind: 'json'; readonly operations: readonly JsonPatchOperation[] }
  | { readonly kind: 'merge'; readonly patch: Fields }
  | { readonly kind: 'strategic'; readonly patch: Fields }
  | { readonly kind: 'apply'; readonly configuration: Fields };

/** A patch of what is there; applying makes it too. */
export type ChangingPatch = Exclude<Patch, { readonly kind: 'apply' }>;

/** By content type. */
export const PATCH_KINDS: Readonly<Record<string, Patch['kind']>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

/** A JSON patch with more steps is refused. */
const MOST_OPERATIONS = 10_000;

/**
 * A patch from a parsed body.
 * @throws ApiError 400 where the body is no patch of that kind, 413 where it has too many steps
 */
export function patchOf(kind: Patch['kind'], body: unknown): Patch {
  if (kind === 'json') return { kind, operations: operationsOf(body) };
  if (!isFields(body)) {
    const problem = `json: cannot unmarshal ${jsonKind(body)} into Go value of type map[string]interface {}`;
    if (kind === 'apply')
      throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: ${problem}`);
    throw badRequest(kind === 'merge' ? `error decoding patch: ${problem}` : problem);
  }
  return kind === 'apply' ? { kind, configuration: body } : { kind, patch: body };
}

/** Fields of a step that are texts. */
const TEXTS = ['op', 'path', 'from'] as const;

function operationsOf(body: unknown): readonly JsonPatchOperation[] {
  if (!isList(body))
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${jsonKind(body)} into Go value of type []handlers.jsonPatchOp`,
    );
  if (body.length > MOST_OPERATIONS)
    throw apiError(
      413,
      'RequestEntityTooLarge',
      `Request entity too large: The allowed maximum operations in a JSON patch is ${MOST_OPERATIONS}, got ${body.length}`,
    );
  const wrong = body.find((one) => !isFields(one));
  if (wrong !== undefined)
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${jsonKind(wrong)} into Go value of type handlers.jsonPatchOp`,
    );
  return (body as readonly Fields[]).map(operationOf);
}

/** A field that is null is not there. */
function operationOf(step: Fields): JsonPatchOperation {
  const texts = TEXTS.filter((field) => (step[field] ?? undefined) !== undefined);
  const wrong = texts.find((field) => typeof step[field] !== 'string');
  if (wrong !== undefined)
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${jsonKind(step[wrong])} into Go struct field jsonPatchOp.${wrong} of type string`,
    );
  return { ...Object.fromEntries(texts.map((field) => [field, step[field]])), value: step['value'] };
}

/**
 * `object` with the patch; neither is written to.
 * @throws ApiError 422 where a step does not apply, 400 for directives of the wrong form, 500 for merges that make no sense
 */
export function patched(object: Fields, patch: ChangingPatch, type: TypeSchema): Fields {
  try {
    if (patch.kind === 'merge') return mergePatched(object, patch.patch);
    if (patch.kind === 'strategic') return strategicMerged(object, patch.patch, type);
    return jsonPatched(object, patch.operations) as Fields;
  } catch (error) {
    throw refusalOf(error);
  }
}

/** Why a JSON patch does not apply is not said to the client. */
function refusalOf(error: unknown): unknown {
  if (error instanceof JsonPatchError)
    return apiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
  if (!(error instanceof StrategicMergeError)) return error;
  if (error.fault === 'format') return badRequest(error.message);
  return new ApiError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: error.message,
    reason: '',
    code: 500,
  });
}
