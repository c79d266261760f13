/**
 * The writer over Kubernetes' REST, whoever carries the requests: a connection to a live cluster, or the handler of a simulated one.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/
 */
import { groupOf, type KubeObject } from './model/kube-object.ts';
import type { ResourceRef } from './model/resource-ref.ts';
import { isRecord } from './model/unknown-json.ts';
import type { ClusterWriter, Patch, Precondition, RemoveRequest, WriteOutcome, WriteRequest } from './writer.ts';

/** One request to an API server. */
export interface RestRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path with query. */
  readonly path: string;
  readonly contentType?: string;
  /** JSON text. */
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Carries a request. Any status is an answer; it throws only when none came. */
export type Exchange = (request: RestRequest) => Promise<{ readonly status: number; readonly body: string }>;

/** How the server names a kind. */
interface Served {
  readonly plural: string;
  readonly namespaced: boolean;
  readonly groupVersion: string;
}

/** An answer of the API server, read. */
interface Answer {
  readonly status: number;
  readonly value: Readonly<Record<string, unknown>>;
}

const CONTENT_TYPES: Readonly<Record<Patch['type'], string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};

/** A writer that asks the server once how it names its kinds, and anew for kinds that it does not know yet. */
export function createRestWriter(exchange: Exchange): ClusterWriter {
  const kinds = new ServedKinds(exchange);
  const write = async (
    target: ResourceRef,
    method: RestRequest['method'],
    request: WriteRequest,
    { subresource = '', query = {}, contentType = 'application/json', body }: Part,
  ): Promise<WriteOutcome> => {
    const isCreation = method === 'POST' && subresource === '';
    if (!isCreation) checkSegment('name', target.name);
    if (target.namespace !== '') checkSegment('namespace', target.namespace);
    const served = await kinds.of(target.group, target.kind, request.signal);
    if (served === undefined) return unserved(target);
    if ('kind' in served) return served;
    const path = pathOf(served, target.namespace, isCreation ? '' : target.name, subresource);
    const parameters = new URLSearchParams({ fieldManager: request.fieldManager, ...query });
    if (request.dryRun === true) parameters.set('dryRun', 'All');
    const answer = await exchange({
      method,
      path: `${path}?${parameters.toString()}`,
      contentType,
      body: JSON.stringify(body),
      signal: request.signal,
    });
    return outcomeOf(read(answer));
  };
  return {
    create: (object, request) => write(refTo(object), 'POST', request, { body: object }),
    apply: (object, request) =>
      write(refTo(object), 'PATCH', request, {
        query: request.force === true ? { force: 'true' } : {},
        contentType: 'application/apply-patch+yaml',
        body: conditional(object, request.precondition),
      }),
    patch: (target, patch, request) =>
      write(target, 'PATCH', request, {
        contentType: CONTENT_TYPES[patch.type],
        body: patchBody(patch, request.precondition),
      }),
    remove: (target, request) => write(target, 'DELETE', request, { body: deleteOptions(request) }),
    scale: (target, replicas, request) =>
      write(target, 'PATCH', request, {
        subresource: 'scale',
        contentType: CONTENT_TYPES.merge,
        body: conditional({ spec: { replicas } }, request.precondition),
      }),
    evict: (pod, request) => write(pod, 'POST', request, { subresource: 'eviction', body: evictionOf(pod, request) }),
  };
}

interface Part {
  readonly subresource?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly body: unknown;
}

/** What an API server serves, as far as it was asked for. */
class ServedKinds {
  readonly #exchange: Exchange;
  readonly #known = new Map<string, Served>();

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  /** How a kind is served, that it is not (`undefined`), or why the server does not say. */
  async of(group: string, kind: string, signal: AbortSignal | undefined): Promise<Served | WriteOutcome | undefined> {
    const key = `${group}/${kind}`;
    return this.#known.get(key) ?? (await this.#discover(group, signal)) ?? this.#known.get(key);
  }

  /** Returns a refusal that is none of not being there. */
  async #discover(group: string, signal: AbortSignal | undefined): Promise<WriteOutcome | undefined> {
    const root = group === '' ? 'v1' : await this.#preferred(group, signal);
    if (typeof root !== 'string') return root;
    const answer = await this.#get(rootOf(root), signal);
    if (answer.status >= 400) return refusalUnlessAbsent(answer);
    this.#note(group, root, answer.value);
    return undefined;
  }

  #note(group: string, groupVersion: string, value: Answer['value']): void {
    for (const resource of Array.isArray(value['resources']) ? (value['resources'] as readonly unknown[]) : []) {
      if (!isRecord(resource)) continue;
      const { name, kind, namespaced } = resource;
      if (typeof name !== 'string' || typeof kind !== 'string' || name.includes('/')) continue;
      this.#known.set(`${group}/${kind}`, { plural: name, namespaced: namespaced === true, groupVersion });
    }
  }

  async #preferred(group: string, signal: AbortSignal | undefined): Promise<string | WriteOutcome | undefined> {
    const answer = await this.#get(`/apis/${encodeURIComponent(group)}`, signal);
    if (answer.status >= 400) return refusalUnlessAbsent(answer);
    const preferred = answer.value['preferredVersion'];
    return isRecord(preferred) && typeof preferred['groupVersion'] === 'string' ? preferred['groupVersion'] : undefined;
  }

  async #get(path: string, signal: AbortSignal | undefined): Promise<Answer> {
    return read(await this.#exchange({ method: 'GET', path, signal }));
  }
}

/**
 * Without a name a path is that of all objects, and with `..` that of what is above: the namespace in place of the pod.
 * @throws RangeError for what can stand in no path. Source: `k8s.io/client-go/rest`, `Request.Name`
 */
function checkSegment(what: string, text: string): void {
  if (text === '' || text === '.' || text === '..' || /[/%]/.test(text))
    throw new RangeError(`invalid resource ${what} ${JSON.stringify(text)}`);
}

function rootOf(groupVersion: string): string {
  return groupVersion.includes('/') ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
}

function pathOf(
  { plural, namespaced, groupVersion }: Served,
  namespace: string,
  name: string,
  subresource: string,
): string {
  const place = namespaced ? `/namespaces/${encodeURIComponent(namespace === '' ? 'default' : namespace)}` : '';
  const rest = [name, subresource].filter((part) => part !== '').map((part) => `/${encodeURIComponent(part)}`);
  return `${rootOf(groupVersion)}${place}/${plural}${rest.join('')}`;
}

function refTo({ apiVersion, kind, metadata }: KubeObject): ResourceRef {
  return { group: groupOf(apiVersion), kind, namespace: metadata.namespace ?? '', name: metadata.name };
}

/** The API server holds an object's own uid and version in a body against what is stored. */
function conditional(body: object, precondition: Precondition = {}): object {
  const metadata = (body as { metadata?: object }).metadata;
  return Object.keys(precondition).length === 0 ? body : { ...body, metadata: { ...metadata, ...precondition } };
}

function patchBody(patch: Patch, precondition: Precondition | undefined): unknown {
  if (patch.type !== 'json') return conditional(patch.patch, precondition);
  // Replaced by a value that is not the stored one, either is a conflict; a failed `test` would be an invalid request.
  const conditions = Object.entries(precondition ?? {}).map(([field, value]) => ({
    op: 'replace',
    path: `/metadata/${field}`,
    value,
  }));
  return [...patch.operations, ...conditions];
}

/** The API server reads nothing of the query where there is a body. */
function deleteOptions({ dryRun, precondition, propagationPolicy, gracePeriodSeconds }: RemoveRequest): object {
  return {
    ...{ apiVersion: 'v1', kind: 'DeleteOptions' },
    ...(dryRun === true ? { dryRun: ['All'] } : {}),
    ...(precondition === undefined ? {} : { preconditions: precondition }),
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
  };
}

function evictionOf({ name, namespace }: ResourceRef, request: RemoveRequest): object {
  return {
    ...{ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } },
    deleteOptions: deleteOptions(request),
  };
}

function read({ status, body }: { readonly status: number; readonly body: string }): Answer {
  try {
    const value: unknown = JSON.parse(body);
    return { status, value: isRecord(value) ? value : {} };
  } catch {
    return { status, value: { message: body.slice(0, 500) } };
  }
}

function refusalUnlessAbsent({ status, value }: Answer): WriteOutcome | undefined {
  return status === 404 ? undefined : refusalOf(status, value);
}

function outcomeOf({ status, value }: Answer): WriteOutcome {
  if (status >= 400) return refusalOf(status, value);
  return { kind: 'done', object: value['kind'] === 'Status' ? undefined : (value as unknown as KubeObject) };
}

function refusalOf(status: number, { reason, message, details }: Answer['value']): WriteOutcome {
  const causes = isRecord(details) && Array.isArray(details['causes']) ? (details['causes'] as readonly unknown[]) : [];
  return {
    kind: 'refused',
    reason: typeof reason === 'string' ? reason : '',
    status,
    message: typeof message === 'string' ? message : `HTTP ${status}`,
    causes: causes.filter(isRecord).map((cause) => ({
      reason: text(cause['reason']),
      message: text(cause['message']),
      field: text(cause['field']),
    })),
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function unserved({ group, kind }: ResourceRef): WriteOutcome {
  const message = `the server does not serve kind "${kind}"${group === '' ? '' : ` of group "${group}"`}`;
  return { kind: 'refused', reason: 'NotFound', status: 404, message, causes: [] };
}
