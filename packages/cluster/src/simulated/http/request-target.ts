/**
 * What a request asks for, read from its method and address.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/; `k8s.io/apiserver/pkg/endpoints/request`, `RequestInfo`.
 */
import { entryOf } from '../../model/unknown-json.ts';
import { badRequest } from '../api/api-error.ts';

/** The address and the verb of a request, as authorisation and routing see them. */
export interface RequestTarget {
  /** As it was decoded, with a leading slash. */
  readonly path: string;
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`; for other paths the HTTP method in small letters. */
  readonly verb: string;
  /** Whether the path is one of resources, `/api/v1/…` or `/apis/GROUP/VERSION/…`. */
  readonly isResource: boolean;
  readonly group: string;
  readonly version: string;
  /** Plural; `''` for paths that name none. */
  readonly resource: string;
  readonly subresource: string;
  /** `''` for none. */
  readonly namespace: string;
  readonly name: string;
}

const VERBS: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** Subresources of namespaces, which are no resources within them. */
const NAMESPACE_SUBRESOURCES: ReadonlySet<string> = new Set(['status', 'finalize']);

/** @throws ApiError 400 for an address that cannot be decoded */
export function targetOf(method: string, url: URL): RequestTarget {
  const path = decoded(url.pathname);
  const parts = path.split('/').filter((part) => part !== '');
  const other = { path, verb: method.toLowerCase(), isResource: false, group: '', version: '' };
  const [prefix] = parts;
  const versionAt = prefix === 'api' ? 1 : 2;
  if ((prefix !== 'api' && prefix !== 'apis') || parts.length <= versionAt + 1) return { ...other, ...NOTHING };
  const group = prefix === 'api' ? '' : (parts[1] as string);
  const version = parts[versionAt] as string;
  const { rest, watches } = withoutPrefix(parts.slice(versionAt + 1));
  const named = resourceOf(rest);
  const verb = verbOf(method, named.name, url.searchParams, watches);
  return {
    ...other,
    ...named,
    name: nameOf(verb, named.name, url.searchParams),
    verb,
    isResource: true,
    group,
    version,
  };
}

const NOTHING = { resource: '', subresource: '', namespace: '', name: '' };

function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    throw badRequest('the path of the request is not well encoded');
  }
}

/** `/api/v1/watch/…` is the old way to ask for a watch. */
function withoutPrefix(parts: readonly string[]): { rest: readonly string[]; watches: boolean } {
  const watches = parts[0] === 'watch';
  return { rest: watches || parts[0] === 'proxy' ? parts.slice(1) : parts, watches };
}

function resourceOf(parts: readonly string[]): Pick<RequestTarget, 'resource' | 'subresource' | 'namespace' | 'name'> {
  const [first = '', second = '', third = ''] = parts;
  if (first === 'namespaces' && second !== '' && parts.length > 2 && !NAMESPACE_SUBRESOURCES.has(third)) {
    const [, , resource = '', name = '', subresource = ''] = parts;
    return { resource, subresource, namespace: second, name };
  }
  return { resource: first, subresource: third, namespace: first === 'namespaces' ? second : '', name: second };
}

function verbOf(method: string, name: string, query: URLSearchParams, watches: boolean): string {
  const verb = entryOf(VERBS, method) ?? method.toLowerCase();
  if (watches && verb === 'get') return 'watch';
  if (name !== '') return verb;
  if (verb === 'get') return isSet(query, 'watch') ? 'watch' : 'list';
  return verb === 'delete' ? 'deletecollection' : verb;
}

/** Lists and watches of one object by its name are authorised as of that object. */
function nameOf(verb: string, name: string, query: URLSearchParams): string {
  if (name !== '' || (verb !== 'list' && verb !== 'watch' && verb !== 'deletecollection')) return name;
  return /^metadata\.name==?([^,=!]+)$/.exec(query.get('fieldSelector') ?? '')?.[1] ?? '';
}

/** A flag of the query: given without a value it is set. */
export function isSet(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && value !== 'false' && value !== '0';
}
