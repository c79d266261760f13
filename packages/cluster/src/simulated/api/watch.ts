/**
 * Watches: changes of a selection of objects, from a revision on.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
import type { KubeObject } from '../../model/kube-object.ts';
import type { Timer, VirtualClock } from '../clock/virtual-clock.ts';
import type { Change, ObjectStore } from '../store/object-store.ts';
import type { Status } from './api-error.ts';
import { checkWatchOptions, expired, listObjects, matchOf, revisionOf, type ListOptions, type Match } from './list.ts';
import { apiVersionOf, inVersion, type ResourceType } from './resource-type.ts';

/** Query parameters of a watch. */
export interface WatchOptions extends ListOptions {
  /** Sends the current revision about once a minute. */
  readonly allowWatchBookmarks?: boolean;
  /** When the server ends it; default {@link DEFAULT_TIMEOUT_SECONDS}. */
  readonly timeoutSeconds?: number;
}

/** One line of the stream. */
export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubeObject }
  | { readonly type: 'BOOKMARK'; readonly object: Bookmark }
  | { readonly type: 'ERROR'; readonly object: Status };

/** An object of the watched kind with nothing but a revision. */
export interface Bookmark {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly resourceVersion: string;
    readonly creationTimestamp: null;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** Between 30 and 60 minutes on a real server, drawn for each watch. Source: `--min-request-timeout`. */
const DEFAULT_TIMEOUT_SECONDS = 1800;
/** Source: `k8s.io/apiserver/pkg/storage/cacher`, `bookmarkFrequency`. */
const BOOKMARK_MS = 60_000;
/** Events that wait for a client that does not take them; with more the watch ends, as it does for slow clients of a real server. */
const MOST_WAITING = 10_000;
const INITIAL_EVENTS_END = { 'k8s.io/initial-events-end': 'true' } as const;

/**
 * A stream of events that wait until they are taken. It ends by itself after its time, after an error, or when nobody takes what
 * waits; `close` ends it before.
 */
export class Watch {
  readonly #type: ResourceType;
  readonly #store: ObjectStore;
  readonly #match: Match;
  readonly #mostWaiting: number;
  readonly #timers: Timer[] = [];
  #waiting: WatchEvent[] = [];
  #stopListening: () => void = () => undefined;
  #notify: () => void = () => undefined;
  #ended = false;

  constructor(type: ResourceType, store: ObjectStore, match: Match, mostWaiting = MOST_WAITING) {
    this.#type = type;
    this.#store = store;
    this.#match = match;
    this.#mostWaiting = mostWaiting;
  }

  /** Whether nothing will come any more; what waits can still be taken. */
  get ended(): boolean {
    return this.#ended;
  }

  /** What came since the last call, oldest first. */
  take(): readonly WatchEvent[] {
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }

  /** Calls `notify` whenever something came or the stream ended, instead of whom it called before. It must not write to the cluster. */
  whenReady(notify: () => void): void {
    this.#notify = notify;
    if (this.#waiting.length > 0 || this.#ended) notify();
  }

  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#stopListening();
    for (const timer of this.#timers) timer.cancel();
    this.#notify();
  }

  /** Begins. Not for callers: {@link openWatch} does. */
  start(clock: VirtualClock, options: WatchOptions): this {
    for (const event of initialEvents(this.#store, this.#type, this.#match, options)) this.#send(event);
    if (this.#waiting.at(-1)?.type === 'ERROR') {
      this.close();
      return this;
    }
    this.#stopListening = this.#store.listen((change) => {
      const event = eventOf(change, this.#type, this.#match);
      if (event !== undefined) this.#send(event);
    });
    const endsAfterMs = (options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000;
    this.#timers.push(clock.after(endsAfterMs, () => this.close()));
    if (options.allowWatchBookmarks === true) this.#bookmarkLater(clock);
    return this;
  }

  #bookmarkLater(clock: VirtualClock): void {
    this.#timers[1] = clock.after(BOOKMARK_MS, () => {
      this.#send(bookmark(this.#type, this.#store.revision));
      if (!this.#ended) this.#bookmarkLater(clock);
    });
  }

  #send(event: WatchEvent): void {
    this.#waiting.push(event);
    if (this.#waiting.length > this.#mostWaiting) this.close();
    else this.#notify();
  }
}

/**
 * Watches a selection. Without a revision, or from `0`, what is there comes first as `ADDED`.
 * @throws ApiError 400 for selectors that are none, 422 for options that contradict each other; what is too old comes as an `ERROR` event
 */
export function openWatch(store: ObjectStore, clock: VirtualClock, type: ResourceType, options: WatchOptions): Watch {
  checkWatchOptions(options);
  return new Watch(type, store, matchOf(type, options)).start(clock, options);
}

/** What a watch begins with: the state, or the changes since its revision. */
function initialEvents(
  store: ObjectStore,
  type: ResourceType,
  match: Match,
  { resourceVersion, sendInitialEvents, allowWatchBookmarks, ...selection }: WatchOptions,
): readonly WatchEvent[] {
  const revision = revisionOf(resourceVersion);
  const sendsState = sendInitialEvents ?? revision === 0;
  if (sendsState) {
    const { namespace, labelSelector, fieldSelector } = selection;
    const given = Object.entries({ namespace, labelSelector, fieldSelector }).filter(
      ([, value]) => value !== undefined,
    );
    const { items } = listObjects(store, type, Object.fromEntries(given));
    const added = items.map((object) => ({ type: 'ADDED', object }) as const);
    const isMarked = sendInitialEvents === true && allowWatchBookmarks === true;
    return isMarked ? [...added, bookmark(type, store.revision, INITIAL_EVENTS_END)] : added;
  }
  if (revision === 0) return [];
  const changes = store.changesAfter(revision);
  if (changes === undefined) return [tooOld(revision, store.oldestRevision)];
  return changes.flatMap((change) => eventOf(change, type, match) ?? []);
}

function tooOld(revision: number, oldest: number): WatchEvent {
  return { type: 'ERROR', object: expired(`too old resource version: ${revision} (${oldest})`).status };
}

/** A change as those see it who see only what matches: what begins to match is new to them, what stops is gone. */
function eventOf({ type: changed, kind, object, previous }: Change, type: ResourceType, match: Match) {
  if (changed.kind !== type.kind || changed.group !== type.group) return undefined;
  const was = previous !== undefined && match(previous);
  const is = kind !== 'DELETED' && match(object);
  if (!was && !is) return undefined;
  if (is) return { type: was ? 'MODIFIED' : 'ADDED', object: inVersion(type, object) } as const;
  const { resourceVersion } = object.metadata;
  const last = { ...previous, metadata: { ...previous?.metadata, resourceVersion } } as KubeObject;
  return { type: 'DELETED', object: inVersion(type, last) } as const;
}

function bookmark(type: ResourceType, revision: number, annotations?: Readonly<Record<string, string>>): WatchEvent {
  const metadata = { resourceVersion: String(revision), creationTimestamp: null };
  return {
    type: 'BOOKMARK',
    object: {
      apiVersion: apiVersionOf(type),
      kind: type.kind,
      metadata: annotations === undefined ? metadata : { ...metadata, annotations },
    },
  };
}
