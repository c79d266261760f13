/** Collects raw objects from any reader into a snapshot: admission, Lists, duplicates, problems. */
import type { KubeObject } from '../model/kube-object.ts';
import type { ContainerStatus } from '../model/kinds.ts';
import { objectKey, refOf, type ResourceRef } from '../model/resource-ref.ts';
import { NO_CLOUD } from '../cloud/cloud.ts';
import { NO_USAGE } from '../usage/usage.ts';
import { admit } from './admission.ts';
import { noRedactions, redactText } from './redact.ts';
import { timeOf } from './event-time.ts';
import { IdentityMap } from './identity-map.ts';
import { createSnapshot, type ClusterSnapshot, type InputProblem, type SnapshotParts } from './snapshot.ts';

/** What a `kubernetes.io/tls` Secret says in public. */
export interface TlsReading {
  /** The certificates alone: PEM in base64; empty where there is none. */
  readonly pemBase64: string;
  /** What stood in the certificate's place where it is certain that none does; see `UnreadableCertificate`. */
  readonly found?: string;
  /** Whether the private key is the certificate's; absent where the two cannot be compared. */
  readonly keyMatches?: boolean;
}

/**
 * Reads the values of `tls.crt` and `tls.key` as they stand, in base64; `''` for one that is absent. Keys are compared here, while
 * the Secret is admitted, so that none has to be kept.
 */
export type TlsReader = (certificateBase64: string, keyBase64: string) => TlsReading;

/** What was found in a Secret with a certificate before its values were dropped. */
export interface FoundCertificate extends TlsReading {
  readonly secret: ResourceRef;
}

const AS_IT_STANDS: TlsReader = (pemBase64) => ({ pemBase64 });

/** Everything of {@link SnapshotParts} but what the builder collects; what is left out is unknown or empty. */
export type SnapshotFacts = Pick<SnapshotParts, 'source'> &
  Partial<Omit<SnapshotParts, 'source' | 'objects' | 'redactions' | 'problems'>>;

/** At most this many problems are kept in full, so that hostile input cannot fill the memory; the rest is counted. */
const PROBLEM_CAP = 1000;

/** Lists of lists occur where several outputs were joined; deeper nesting is an attack on the stack. */
const LIST_DEPTH = 4;

/** Accepts raw objects one by one. `source` arguments name the file or URL path they came from. */
export class SnapshotBuilder {
  readonly #objects: KubeObject[] = [];
  readonly #places = new IdentityMap<number>();
  readonly #redactions = noRedactions();
  readonly #problems: InputProblem[] = [];
  readonly #certificates: FoundCertificate[] = [];
  readonly #readTls: TlsReader;
  #dropped = 0;
  #latest = 0;
  #latestText = '';

  /** @param readTls default: takes the certificate as it stands and looks at no key */
  constructor(readTls: TlsReader = AS_IT_STANDS) {
    this.#readTls = readTls;
  }

  /**
   * Admits one parsed value: an object, or a List of them. The value is changed in place and must not be used after.
   * `place` is where in `source` it stood, for example `items[3]`, `document 2`; it may be empty.
   */
  add(raw: unknown, source: string, place = ''): void {
    this.#add(raw, source, place, 0);
  }

  /** Adds an object of an earlier snapshot as it is: it was admitted then, and is not written to. */
  addAdmitted(object: KubeObject, source: string, place = ''): void {
    this.#keep(object, source, place);
  }

  #add(raw: unknown, source: string, place: string, depth: number): void {
    if (isList(raw)) {
      if (depth === LIST_DEPTH) {
        this.problem({
          source,
          place,
          message: `lists within lists deeper than ${LIST_DEPTH} are not read`,
          severity: 'warning',
        });
        return;
      }
      const kind = raw.kind.slice(0, -'List'.length);
      raw.items.forEach((item, i) => {
        const at = `${place === '' ? '' : `${place}.`}items[${i}]`;
        this.#add(completed(item, raw.apiVersion, kind), source, at, depth + 1);
      });
      return;
    }
    this.#keepCertificate(raw);
    const object = admit(raw, this.#redactions, ({ object: name, path, expected, found }) => {
      const at = [place, path].filter((part) => part !== '').join('.');
      this.problem({
        source,
        place: at,
        message: `${name === '' ? '' : `${name}: `}expected ${expected}, found ${found}`,
        severity: 'warning',
      });
    });
    if (object !== undefined) this.#keep(object, source, place);
  }

  /** Notes something unreadable. */
  problem(problem: InputProblem): void {
    if (this.#problems.length < PROBLEM_CAP) this.#problems.push(problem);
    else this.#dropped++;
  }

  /** Masks secrets in free text such as log lines, counting them. */
  redactLog(line: string): string {
    return redactText(line, (masked) => (this.#redactions.logs += masked));
  }

  /** Certificates seen in TLS Secrets so far. */
  get certificates(): readonly FoundCertificate[] {
    return this.#certificates;
  }

  get size(): number {
    return this.#objects.length;
  }

  /** The newest timestamp among the objects, a stand-in for the time of observation; 0 when there is none. */
  get latestAt(): number {
    return this.#latest;
  }

  build(facts: SnapshotFacts): ClusterSnapshot {
    const problems = this.#dropped === 0 ? this.#problems : [...this.#problems, tooMany(this.#dropped)];
    return createSnapshot({
      observedAt: this.#latest,
      serverVersion: undefined,
      cloud: NO_CLOUD,
      usage: NO_USAGE,
      certificates: [],
      unreadableCertificates: [],
      endpoints: [],
      logs: [],
      missing: [],
      ...facts,
      objects: [...this.#objects],
      problems,
      redactions: this.#redactions,
    });
  }

  /** Of two objects with one identity the one with the higher resourceVersion stays. */
  #keep(object: KubeObject, source: string, place: string): void {
    const at = this.#places.get(object);
    const known = at === undefined ? undefined : this.#objects[at];
    if (known !== undefined && version(known) >= version(object)) {
      if (version(known) > version(object) || known.metadata.uid !== object.metadata.uid)
        this.#duplicate(object, source, place);
      return;
    }
    if (known !== undefined) this.#duplicate(object, source, place);
    this.#places.set(object, at ?? this.#objects.length);
    this.#objects[at ?? this.#objects.length] = object;
    this.#noteTimes(object);
  }

  #duplicate(object: KubeObject, source: string, place: string): void {
    this.problem({
      source,
      place,
      message: `${objectKey(object)} occurs again with other content; the newer one is kept`,
      severity: 'warning',
    });
  }

  /** Looks at the times at which an object says that something had happened. */
  #noteTimes(object: KubeObject): void {
    const { lastTimestamp, eventTime, series, timestamp, status } = object as KubeObject & Timed;
    this.#noteTime(object.metadata.creationTimestamp);
    this.#noteTime(lastTimestamp);
    this.#noteTime(eventTime);
    this.#noteTime(series?.lastObservedTime);
    this.#noteTime(timestamp);
    if (status === undefined || typeof status !== 'object') return;
    if (Array.isArray(status.conditions))
      for (const condition of status.conditions)
        this.#noteTime(condition?.lastHeartbeatTime ?? condition?.lastTransitionTime);
    if (object.kind !== 'Pod' || status.containerStatuses === undefined) return;
    for (const { state, lastState } of status.containerStatuses) {
      this.#noteTime(state?.running?.startedAt ?? state?.terminated?.finishedAt);
      this.#noteTime(lastState?.terminated?.finishedAt);
    }
  }

  #noteTime(text: string | undefined): void {
    // Timestamps of one zone sort as text, so only a candidate is worth parsing.
    if (typeof text !== 'string' || text <= this.#latestText) return;
    const at = timeOf(text);
    if (at === undefined) return;
    this.#latestText = text;
    if (at > this.#latest) this.#latest = at;
  }

  /** `tls.crt` is public; it is set aside before redaction drops the Secret's values. */
  #keepCertificate(raw: unknown): void {
    const secret = raw as {
      apiVersion?: unknown;
      kind?: unknown;
      data?: Record<string, unknown>;
      stringData?: Record<string, unknown>;
      metadata?: { name?: unknown; namespace?: unknown };
    } | null;
    if (secret?.kind !== 'Secret' || secret.apiVersion !== 'v1') return;
    const { name, namespace } = secret.metadata ?? {};
    const certificate = encodedValue(secret, 'tls.crt');
    if (certificate === undefined || typeof name !== 'string') return;
    const metadata = { name, namespace: typeof namespace === 'string' ? namespace : 'default' };
    this.#certificates.push({
      secret: refOf({ apiVersion: 'v1', kind: 'Secret', metadata }),
      ...this.#readTls(certificate, encodedValue(secret, 'tls.key') ?? ''),
    });
  }
}

/** A value in base64; manifests may hold it in plain text, which has no other letters where it is PEM. */
function encodedValue(
  { data, stringData }: { readonly data?: Record<string, unknown>; readonly stringData?: Record<string, unknown> },
  key: string,
): string | undefined {
  const plain = stringData?.[key];
  if (typeof plain === 'string' && /^\p{ASCII}*$/u.test(plain)) return btoa(plain);
  const encoded = data?.[key];
  return typeof encoded === 'string' ? encoded : undefined;
}

interface RawList {
  readonly apiVersion: unknown;
  readonly kind: string;
  readonly items: unknown[];
}

function isList(raw: unknown): raw is RawList {
  const { kind, items } = (raw ?? {}) as Partial<RawList>;
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items);
}

/** Items of a typed list (`PodList`) carry no kind of their own in the API's answers. */
function completed(item: unknown, apiVersion: unknown, kind: string): unknown {
  if (kind === '' || typeof item !== 'object' || item === null || 'kind' in item) return item;
  return { apiVersion, kind, ...item };
}

function version(object: KubeObject): number {
  const value = Number(object.metadata.resourceVersion ?? 0);
  return Number.isFinite(value) ? value : 0;
}

function tooMany(dropped: number): InputProblem {
  return { source: '', place: '', message: `${dropped} further problems are not listed`, severity: 'warning' };
}

interface Timed {
  readonly lastTimestamp?: string;
  readonly eventTime?: string;
  readonly series?: { readonly lastObservedTime?: string };
  readonly timestamp?: string;
  readonly status?: {
    readonly conditions?: readonly ({
      readonly lastHeartbeatTime?: string;
      readonly lastTransitionTime?: string;
    } | null)[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}
