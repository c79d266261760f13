/**
 * What `/openapi/v2` and `/openapi/v3` answer, from which clients learn fields, how they merge, and which parameters are understood.
 * Texts of fields are left out. Source: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-interface-definition
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Json } from '../../model/unknown-json.ts';
import { apiVersionOf, type ResourceType } from '../api/resource-type.ts';
import { OpenApiDefinitions, V2, V3, type Dialect } from './openapi-schema.ts';
import { pathsOf } from './openapi-paths.ts';

/** What these documents are made of. `ResourceTypes` is one. */
export interface ServedTypes {
  /** All types that are served. */
  readonly all: readonly ResourceType[];
}

const HEAD = { title: 'Kubernetes', version: 'unversioned' } as const;

/** The document of all types in OpenAPI 2.0. */
export function openApiV2(types: ServedTypes): Json {
  const { paths, definitions } = contentOf(types.all, V2);
  return { swagger: '2.0', info: HEAD, paths, definitions };
}

/**
 * Where the documents of each group and version are: `apis/apps/v1` with an address. Its hash changes with the document, so that
 * clients may keep what they have read for good.
 */
export function openApiV3Index(types: ServedTypes): Json {
  const places = new Set(types.all.map(placeOf));
  const paths = [...places].sort().map((place) => {
    const hash = bytesToHex(sha256(utf8ToBytes(textOf(types, place)))).toUpperCase();
    return [place, { serverRelativeURL: `/openapi/v3/${place}?hash=${hash}` }] as const;
  });
  return { paths: Object.fromEntries(paths) };
}

/** The document of one group and version (`apis/apps/v1`, `api/v1`) in OpenAPI 3.0; `undefined` where nothing is served there. */
export function openApiV3(types: ServedTypes, place: string): Json | undefined {
  const members = types.all.filter((type) => placeOf(type) === place);
  if (members.length === 0) return undefined;
  const { paths, definitions } = contentOf(members, V3);
  return { openapi: '3.0.0', info: HEAD, paths, components: { schemas: definitions } };
}

function placeOf(type: ResourceType): string {
  return type.group === '' ? `api/${type.version}` : `apis/${apiVersionOf(type)}`;
}

/**
 * Documents are large and asked for at every start of a client; types change rarely, and then as new values. A text goes with the first
 * of its types, which is in no other.
 */
const texts = new WeakMap<ResourceType, { readonly members: readonly ResourceType[]; readonly text: string }>();

function textOf(types: ServedTypes, place: string): string {
  const members = types.all.filter((type) => placeOf(type) === place);
  const [first] = members;
  const known = first && texts.get(first);
  if (known?.members.length === members.length && known.members.every((type, at) => type === members[at]))
    return known.text;
  const text = JSON.stringify(openApiV3(types, place));
  if (first !== undefined) texts.set(first, { members, text });
  return text;
}

function contentOf(
  types: readonly ResourceType[],
  dialect: Dialect,
): { readonly paths: Json; readonly definitions: Json } {
  const definitions = new OpenApiDefinitions(dialect);
  const paths = Object.assign({}, ...types.map((type) => pathsOf(type, definitions, dialect))) as Json;
  return { paths, definitions: definitions.all };
}
