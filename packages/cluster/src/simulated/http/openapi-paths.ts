/** The operations of resources as OpenAPI documents list them; what clients look up there: kinds by path, and which parameters a patch takes. */
import type { Json } from '../../model/unknown-json.ts';
import { PATCH_KINDS } from '../api/patch/patch.ts';
import { apiVersionOf, resourceType, type ResourceType } from '../api/resource-type.ts';
import { builtInSchema } from '../api/schema/definitions.ts';
import { groupVersionKind, rootOf, type Dialect, type OpenApiDefinitions } from './openapi-schema.ts';

/** Kinds that subresources speak of, where it is not the resource's own. */
const SUBRESOURCE_KINDS: Readonly<Record<string, readonly [string, string, string]>> = {
  scale: ['autoscaling', 'v1', 'Scale'],
  eviction: ['policy', 'v1', 'Eviction'],
  binding: ['', 'v1', 'Binding'],
  token: ['authentication.k8s.io', 'v1', 'TokenRequest'],
};

const SUBRESOURCE_VERBS: Readonly<Record<string, readonly string[]>> = {
  status: ['get', 'patch', 'update'],
  scale: ['get', 'patch', 'update'],
  ephemeralcontainers: ['get', 'patch', 'update'],
  resize: ['get', 'patch', 'update'],
  approval: ['get', 'patch', 'update'],
  finalize: ['update'],
  eviction: ['create'],
  binding: ['create'],
  token: ['create'],
};

/** Method and action of a verb; whether it is one of the collection. */
const VERBS: Readonly<Record<string, readonly [method: string, action: string, ofCollection: boolean]>> = {
  list: ['get', 'list', true],
  create: ['post', 'post', true],
  deletecollection: ['delete', 'deletecollection', true],
  get: ['get', 'get', false],
  update: ['put', 'put', false],
  patch: ['patch', 'patch', false],
  delete: ['delete', 'delete', false],
};

const WRITE_PARAMETERS = ['dryRun', 'fieldManager', 'fieldValidation'] as const;
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  list: ['allowWatchBookmarks', 'continue', 'fieldSelector', 'labelSelector', 'limit', 'resourceVersion', 'watch'],
  create: WRITE_PARAMETERS,
  update: WRITE_PARAMETERS,
  patch: [...WRITE_PARAMETERS, 'force'],
  delete: ['dryRun', 'gracePeriodSeconds', 'propagationPolicy'],
  deletecollection: ['dryRun', 'fieldSelector', 'gracePeriodSeconds', 'labelSelector', 'propagationPolicy'],
};
const TYPES: Readonly<Record<string, string>> = {
  allowWatchBookmarks: 'boolean',
  force: 'boolean',
  gracePeriodSeconds: 'integer',
  limit: 'integer',
  watch: 'boolean',
};

/** All paths of a type, with its definitions added to `definitions`. */
export function pathsOf(type: ResourceType, definitions: OpenApiDefinitions, dialect: Dialect): Json {
  const kind = definitions.kind(type);
  definitions.list(type);
  const collection = `${rootOf(type)}${type.namespaced ? '/namespaces/{namespace}' : ''}/${type.plural}`;
  const object = `${collection}/{name}`;
  const write = (about: ResourceType, ref: Json, path: string, verbs: readonly string[]): Json => ({
    ...Object.fromEntries(verbs.map((verb) => [VERBS[verb]?.[0] ?? verb, operation(about, ref, path, verb, dialect)])),
    parameters: placeParameters(path, dialect),
  });
  const known = type.verbs.filter((verb) => VERBS[verb] !== undefined);
  const paths: Record<string, Json> = {};
  const ofCollection = known.filter((verb) => VERBS[verb]?.[2] === true);
  const ofObject = known.filter((verb) => VERBS[verb]?.[2] === false);
  if (ofCollection.length > 0) paths[collection] = write(type, kind, collection, ofCollection);
  if (ofObject.length > 0) paths[object] = write(type, kind, object, ofObject);
  if (type.namespaced && known.includes('list')) {
    const everywhere = `${rootOf(type)}/${type.plural}`;
    paths[everywhere] = write(type, kind, everywhere, ['list']);
  }
  for (const subresource of type.subresources) {
    const verbs = SUBRESOURCE_VERBS[subresource];
    if (verbs === undefined) continue;
    const about = subresourceType(type, subresource);
    const path = `${object}/${subresource}`;
    paths[path] = write(about, definitions.kind(about), path, verbs);
  }
  return paths;
}

function subresourceType(type: ResourceType, subresource: string): ResourceType {
  const [group, version, kind] = SUBRESOURCE_KINDS[subresource] ?? [];
  if (group === undefined || version === undefined || kind === undefined) return type;
  return resourceType(apiVersionOf({ group, version }), kind, type.plural);
}

function operation(type: ResourceType, kind: Json, path: string, verb: string, dialect: Dialect): Json {
  const [, action = verb] = VERBS[verb] ?? [];
  const parameters = (PARAMETERS[verb] ?? []).map((name) => parameter(name, 'query', TYPES[name] ?? 'string', dialect));
  const result = verb === 'list' ? { $ref: `${String(kind['$ref'])}List` } : kind;
  const body = bodyOf(verb, kind, type, dialect);
  return {
    operationId: operationId(verb, path),
    parameters: dialect.version === 2 && body.parameter !== undefined ? [body.parameter, ...parameters] : parameters,
    ...body.fields,
    responses: {
      '200': {
        description: 'OK',
        ...(dialect.version === 2 ? { schema: result } : { content: { 'application/json': { schema: result } } }),
      },
    },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': groupVersionKind(type, type.kind),
  };
}

/** What is sent: with version 2 a parameter, with version 3 a part of its own. */
function bodyOf(verb: string, kind: Json, type: ResourceType, dialect: Dialect): { fields: Json; parameter?: Json } {
  if (verb !== 'create' && verb !== 'update' && verb !== 'patch') return { fields: {} };
  const schema = verb === 'patch' ? { $ref: `${dialect.prefix}io.k8s.apimachinery.pkg.apis.meta.v1.Patch` } : kind;
  const media = verb === 'patch' ? patchTypes(type) : ['application/json', 'application/yaml'];
  if (dialect.version === 2)
    return { fields: { consumes: media }, parameter: { name: 'body', in: 'body', required: true, schema } };
  const content = Object.fromEntries(media.map((one) => [one, { schema }]));
  return { fields: { requestBody: { content, required: true } } };
}

function patchTypes(type: ResourceType): readonly string[] {
  const isBuiltIn = builtInSchema(type) !== undefined;
  return Object.keys(PATCH_KINDS).filter((media) => isBuiltIn || PATCH_KINDS[media] !== 'strategic');
}

function placeParameters(path: string, dialect: Dialect): readonly Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    ...parameter(name, 'path', 'string', dialect),
    required: true,
  }));
}

function parameter(name: string, place: 'query' | 'path', type: string, dialect: Dialect): Json {
  return {
    name,
    in: place,
    ...(dialect.version === 2 ? { type, uniqueItems: true } : { schema: { type, uniqueItems: true } }),
  };
}

/** Unique within a document, and all letters: `patchAppsV1NamespacesDeploymentsStatus`. */
function operationId(verb: string, path: string): string {
  const words = path.replace(/\{\w+\}/g, 'Named').split(/[^A-Za-z0-9]+/);
  return verb + words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
}
