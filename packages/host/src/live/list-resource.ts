/** Reads one whole collection page by page, see Kubernetes "API concepts", "Retrieving large results sets in chunks". */
import type { ApiClient, ApiResult } from './api-client.ts';
import type { ListableResource } from './resources.ts';

/** Objects of one page. */
const PAGE_SIZE = 500;
/** Expired continue tokens that are followed up in one list. */
const EXPIRY_LIMIT = 8;
/** Empty pages in a row that are followed by another. */
const EMPTY_LIMIT = 10;
/** Restarts from the beginning before the list is asked for in one piece. */
const RESTART_LIMIT = 2;

/** Metadata only: the server cuts spec, data and status off before it answers. */
export const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

export interface ListOptions {
  /** Namespaces to read; `undefined` for all. Cluster-scoped resources are not affected. */
  readonly namespaces: readonly string[] | undefined;
  /** Default `application/json`. */
  readonly accept?: string;
  /** For example `type=kubernetes.io/tls`. */
  readonly fieldSelector?: string;
  /** Objects after which reading stops. Default: no bound. */
  readonly maxObjects?: number;
  /** Called after each page with the number of objects so far. */
  readonly onPage?: (objects: number) => void;
  /** Takes out of each object what must not be kept. */
  readonly trim: (item: Record<string, unknown>) => void;
}

/** What was read, and why it is not all when it is not. */
export interface Listing {
  /** With `apiVersion` and `kind` filled in. */
  readonly items: readonly Record<string, unknown>[];
  /** The answer that ended it early. */
  readonly failure: Exclude<ApiResult, { kind: 'ok' }> | undefined;
}

/** Objects of one resource, as they came but for what must not be kept. */
export interface ReadResource {
  readonly resource: ListableResource;
  readonly items: readonly Record<string, unknown>[];
}

/**
 * Lists a resource in all or the named namespaces. A refusal in one namespace says nothing of the next, any other failure ends
 * it; what was read until then is kept.
 */
export async function listResource(
  client: ApiClient,
  resource: ListableResource,
  options: ListOptions,
): Promise<Listing> {
  const items: Record<string, unknown>[] = [];
  let refused: Listing['failure'];
  for (const path of pathsOf(resource, options.namespaces)) {
    const list = new PagedList(client, resource, path, options, items.length);
    const failure = await list.read();
    for (const item of list.items) items.push(item);
    if (failure?.kind === 'refused') refused ??= failure;
    else if (failure !== undefined) return { items, failure };
  }
  return { items, failure: refused };
}

/** Paths of a resource in all or the named namespaces. */
export function pathsOf(
  { group, version, resource, namespaced }: ListableResource,
  namespaces: readonly string[] | undefined,
): string[] {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  if (!namespaced || namespaces === undefined) return [`${root}/${resource}`];
  return namespaces.map((namespace) => `${root}/namespaces/${encodeURIComponent(namespace)}/${resource}`);
}

type Failure = Listing['failure'];

/** The state of reading one path. */
class PagedList {
  items: Record<string, unknown>[] = [];
  readonly #client: ApiClient;
  readonly #resource: ListableResource;
  readonly #path: string;
  readonly #options: ListOptions;
  readonly #before: number;
  #limit = PAGE_SIZE;
  #token = '';
  readonly #seen = new Set<string>();
  #emptyPages = 0;
  #expiries = 0;
  #restarts = 0;

  constructor(client: ApiClient, resource: ListableResource, path: string, options: ListOptions, before: number) {
    this.#client = client;
    this.#resource = resource;
    this.#path = path;
    this.#options = options;
    this.#before = before;
  }

  async read(): Promise<Failure> {
    for (;;) {
      const result = await this.#client.get(this.#url(), { accept: this.#options.accept ?? 'application/json' });
      if (result.kind === 'ok') {
        const end = this.#take(result.value);
        if (end !== 'more') return end;
      } else if (!this.#recover(result)) return result;
    }
  }

  #url(): string {
    const query = new URLSearchParams();
    if (this.#limit > 0) query.set('limit', String(this.#limit));
    if (this.#token !== '') query.set('continue', this.#token);
    if (this.#options.fieldSelector !== undefined) query.set('fieldSelector', this.#options.fieldSelector);
    const text = query.toString();
    return text === '' ? this.#path : `${this.#path}?${text}`;
  }

  /** Keeps a page; `'more'` when another follows, else how the list ended. */
  #take(value: unknown): Failure | 'more' {
    const { items, metadata } = (value ?? {}) as { items?: unknown; metadata?: { continue?: unknown } };
    // An empty list is written as null by servers in Go.
    if (!Array.isArray(items) && items !== null) return failed('the answer is not a list');
    for (const item of items ?? []) this.#keep(item);
    const read = this.#before + this.items.length;
    this.#options.onPage?.(read);
    const token = metadata?.continue;
    if (typeof token !== 'string' || token === '') return undefined;
    if (this.#seen.has(token)) return failed('the server repeats a continue token');
    this.#emptyPages = items === null || items.length === 0 ? this.#emptyPages + 1 : 0;
    if (this.#emptyPages > EMPTY_LIMIT) return failed(`${EMPTY_LIMIT} pages in a row are empty, and more are offered`);
    if (read >= (this.#options.maxObjects ?? Infinity)) return failed(`more than ${this.#options.maxObjects} objects`);
    this.#seen.add(token);
    this.#token = token;
    return 'more';
  }

  #keep(item: unknown): void {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return;
    const { group, version, kind } = this.#resource;
    const envelope = { apiVersion: group === '' ? version : `${group}/${version}`, kind };
    // First for its place in print, last because metadata-only answers name another kind.
    const object: Record<string, unknown> = { ...envelope, ...(item as Record<string, unknown>), ...envelope };
    this.#options.trim(object);
    this.items.push(object);
  }

  /** Whether there is a way on after a page that failed. */
  #recover(result: Exclude<ApiResult, { kind: 'ok' }>): boolean {
    if (result.kind === 'too-large') {
      if (this.#limit <= 1) return false;
      this.#limit = Math.ceil(this.#limit / 5);
      return true;
    }
    if (result.kind !== 'refused' || result.status !== 410 || ++this.#expiries > EXPIRY_LIMIT) return false;
    // The server offers a token that goes on from the same place at the newest state. A snapshot spans several moments anyway.
    const offered = (result.value as { metadata?: { continue?: unknown } } | null | undefined)?.metadata?.continue;
    if (typeof offered === 'string' && offered !== '' && offered !== this.#token) this.#token = offered;
    else this.#restart();
    return true;
  }

  #restart(): void {
    this.items = [];
    this.#token = '';
    this.#seen.clear();
    if (++this.#restarts > RESTART_LIMIT) this.#limit = 0;
  }
}

function failed(reason: string): NonNullable<Failure> {
  return { kind: 'failed', reason, cause: undefined };
}
