/** What becomes of an object that is patched, before the API server looks at the result. */
import type { KubeObject } from '../../../model/kube-object.ts';
import { apiError, badRequest } from '../api-error.ts';
import type { ResourceType } from '../resource-type.ts';
import { builtInSchema } from '../schema/definitions.ts';
import { DEDUCED } from '../schema/field-schema.ts';
import { decodedPatchResult, type FieldValidation } from '../schema/field-validation.ts';
import { goText, isFields, type Fields } from './json.ts';
import { patched, PATCH_KINDS, type ChangingPatch } from './patch.ts';

/**
 * The object with the patch; `validation` where the patch comes from outside.
 * @throws ApiError as {@link patched}, 415 where the kind takes no such patch, 400 where the patch moves the object to another name
 */
export function patchedObject<T extends KubeObject>(
  type: ResourceType<T>,
  object: T,
  patch: ChangingPatch,
  validation?: FieldValidation,
): T {
  const schema = builtInSchema(type);
  if (patch.kind === 'strategic' && schema === undefined) throw unsupported();
  const raw = patched(object as unknown as Fields, patch, schema ?? DEDUCED);
  const result = validation === undefined ? raw : understood(type, raw, patch, validation);
  const { name, namespace } = object.metadata;
  const metadata = isFields(result['metadata']) ? result['metadata'] : {};
  if (metadata['name'] !== name)
    throw badRequest(
      `the name of the object (${String(metadata['name'] ?? '')}) does not match the name on the URL (${name})`,
    );
  if (namespace !== undefined && metadata['namespace'] !== namespace && metadata['namespace'] !== undefined)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  return { ...result, metadata: { ...metadata, ...(namespace === undefined ? {} : { namespace }) } } as unknown as T;
}

function understood(type: ResourceType, raw: Fields, patch: ChangingPatch, validation: FieldValidation): Fields {
  const isParsed = patch.kind === 'strategic';
  const shown = () => (isParsed ? goText(patch.patch) : JSON.stringify(raw));
  return decodedPatchResult(type, raw, { wording: isParsed ? 'conversion' : 'json', shown }, validation);
}

function unsupported(): unknown {
  const accepted = Object.keys(PATCH_KINDS).filter((type) => PATCH_KINDS[type] !== 'strategic');
  return apiError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
}
