/**
 * How components of the cluster tell what they did: Event objects, the equal ones of which are counted instead of repeated.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/; `k8s.io/client-go/tools/record` and `…/events`
 */
import type { Event } from '../../model/kinds.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { ApiError } from '../api/api-error.ts';
import type { ApiServer } from '../api/api-server.ts';
import { EVENTS } from '../api/built-in-types.ts';
import { microTimestamp, timestamp, type VirtualClock } from '../clock/virtual-clock.ts';
import { EventCorrelator } from './event-correlator.ts';
import { EventSeriesCache } from './event-series.ts';

/** What an event is about: an object, or a reference where the object is not at hand. */
export type EventSubject = KubeObject | ObjectReference;

/** `core/v1` ObjectReference. */
export type ObjectReference = NonNullable<Event['involvedObject']>;

/** Who says it. */
export interface EventSource {
  /** `kubelet`, `deployment-controller`. */
  readonly component: string;
  /** The node, for what is said by kubelets. */
  readonly host?: string;
  /** `spec.containers{app}`. */
  readonly fieldPath?: string;
}

/** Who says it, for the components that use `events.k8s.io`: the scheduler. */
export interface SeriesSource {
  /** `default-scheduler`. */
  readonly component: string;
  /** `Binding`, `Scheduling`. */
  readonly action: string;
  readonly related?: EventSubject;
}

export type EventType = 'Normal' | 'Warning';

/** Writes the events of all components of one cluster. What the API server refuses (a namespace that is going) is dropped, as by clients. */
export class EventRecorder {
  readonly #api: ApiServer;
  readonly #clock: VirtualClock;
  readonly #correlators = new Map<string, EventCorrelator>();
  readonly #series: EventSeriesCache;
  #nameAt = 0;
  #namesAtOnce = 0;

  constructor(api: ApiServer, clock: VirtualClock) {
    this.#api = api;
    this.#clock = clock;
    this.#series = new EventSeriesCache(clock, (event) => this.#write(event));
  }

  /** Goes on counting events that a recorded cluster had told already. */
  remember(events: Iterable<Event>): void {
    for (const event of events) {
      const { source, involvedObject, type = '', reason = '', message = '' } = event;
      if (event.count === undefined || involvedObject === undefined) this.#series.remember(event);
      else {
        const about = {
          about: aboutOf(involvedObject),
          fieldPath: involvedObject.fieldPath ?? '',
          type,
          reason,
          message,
        };
        const firstAt = Date.parse(event.firstTimestamp ?? '') || this.#clock.now;
        const known = { message, count: event.count, name: event.metadata.name, firstAt };
        this.#correlatorOf(source?.component ?? '', source?.host ?? '').remember(about, known);
      }
    }
  }

  /** Records an event with `count`, `firstTimestamp` and `lastTimestamp`. Must not be called from a listener of the store. */
  record(subject: EventSubject, type: EventType, reason: string, message: string, source: EventSource): void {
    const { component, host = '', fieldPath } = source;
    const reference = referenceTo(subject, fieldPath);
    const observed = this.#correlatorOf(component, host).observe(
      { about: aboutOf(reference), fieldPath: fieldPath ?? '', type, reason, message },
      this.#clock.now,
      () => this.#nameFor(reference),
    );
    if (observed === undefined) return;
    this.#write({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: observed.name, namespace: namespaceOf(reference) },
      involvedObject: reference,
      reason,
      message: observed.message,
      source: host === '' ? { component } : { component, host },
      firstTimestamp: timestamp(observed.firstAt),
      lastTimestamp: timestamp(this.#clock.now),
      count: observed.count,
      type,
      reportingComponent: component,
      reportingInstance: host,
    });
  }

  /** Records an event with `eventTime`, and with a `series` from the second equal one on, as the scheduler does. */
  recordSeries(subject: EventSubject, type: EventType, reason: string, message: string, source: SeriesSource): void {
    const { component, action, related } = source;
    const reference = referenceTo(subject);
    this.#series.observe({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: this.#nameFor(reference), namespace: namespaceOf(reference) },
      involvedObject: reference,
      ...(related === undefined ? {} : { related: referenceTo(related) }),
      reason,
      message,
      source: {},
      eventTime: microTimestamp(this.#clock.now),
      type,
      action,
      reportingComponent: component,
      reportingInstance: `${component}-control-plane`,
    });
  }

  #correlatorOf(component: string, host: string): EventCorrelator {
    const key = `${component}\n${host}`;
    let correlator = this.#correlators.get(key);
    if (correlator === undefined) this.#correlators.set(key, (correlator = new EventCorrelator()));
    return correlator;
  }

  /** `web-0.18142d3f8c3a4e00`: the nanosecond, which no two events of one moment share. */
  #nameFor({ name = '' }: ObjectReference): string {
    if (this.#nameAt !== this.#clock.now) {
      this.#nameAt = this.#clock.now;
      this.#namesAtOnce = 0;
    }
    return `${name}.${(BigInt(this.#nameAt) * 1_000_000n + BigInt(this.#namesAtOnce++)).toString(16)}`;
  }

  #write(event: Event): void {
    const { name, namespace = '' } = event.metadata;
    const known = this.#api.store.get(EVENTS, namespace, name);
    try {
      if (known === undefined) this.#api.create(EVENTS, event);
      else this.#api.update(EVENTS, { ...event, metadata: known.metadata });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
}

/** The reference that Kubernetes' `reference.GetReference` makes. */
export function referenceTo(subject: EventSubject, fieldPath?: string): ObjectReference {
  if (!('metadata' in subject)) return fieldPath === undefined ? subject : { ...subject, fieldPath };
  const { apiVersion, kind, metadata } = subject;
  return {
    kind,
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    name: metadata.name,
    ...(metadata.uid === undefined ? {} : { uid: metadata.uid }),
    apiVersion,
    ...(metadata.resourceVersion === undefined ? {} : { resourceVersion: metadata.resourceVersion }),
    ...(fieldPath === undefined ? {} : { fieldPath }),
  };
}

function aboutOf({ kind = '', namespace = '', name = '', uid = '', apiVersion = '' }: ObjectReference): string {
  return `${kind}\n${namespace}\n${name}\n${uid}\n${apiVersion}`;
}

/** Events about what is in no namespace are in `default`. */
function namespaceOf({ namespace = '' }: ObjectReference): string {
  return namespace === '' ? 'default' : namespace;
}
