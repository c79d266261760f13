/**
 * What the certificates of a cluster say, which its Secrets do not: no key and no certificate is made in a simulation. Facts of a Secret go
 * with it; whether a certificate is still valid follows from the time.
 */
import type { CertificateFacts, CertificateSource, UnreadableCertificate } from '../../snapshot/certificate.ts';
import { SECRETS } from '../api/built-in-types.ts';
import { isChangeOf } from '../store/object-index.ts';
import type { ObjectStore } from '../store/object-store.ts';

/** Where facts come from; those of one source replace each other. */
type Recorded = Readonly<Record<'certificates', readonly CertificateFacts[]>> &
  Readonly<Record<'unreadableCertificates', readonly UnreadableCertificate[]>>;

export class CertificateRegistry {
  readonly #facts = new Map<string, readonly CertificateFacts[]>();
  readonly #unreadable = new Map<string, readonly UnreadableCertificate[]>();

  constructor(store: ObjectStore, { certificates, unreadableCertificates }: Recorded) {
    for (const one of certificates) push(this.#facts, keyOf(one.source), one);
    for (const one of unreadableCertificates) push(this.#unreadable, keyOf(one.source), one);
    store.listen((change) => {
      if (change.kind !== 'DELETED') return;
      const { namespace = '', name } = change.object.metadata;
      if (isChangeOf(change, SECRETS)) this.#forget(`secret ${namespace}/${name}`);
      else if (WITH_BUNDLES.has(change.type.kind)) this.#forget(`bundle ${change.type.kind} ${namespace}/${name} `);
    });
  }

  /** All of them, in the order in which their sources came. */
  get all(): readonly CertificateFacts[] {
    return [...this.#facts.values()].flat();
  }

  /** What stands where certificates were to be. */
  get unreadable(): readonly UnreadableCertificate[] {
    return [...this.#unreadable.values()].flat();
  }

  /** Notes what a source shows from now on, instead of what it showed. */
  put(facts: CertificateFacts): void {
    this.#unreadable.delete(keyOf(facts.source));
    this.#facts.set(keyOf(facts.source), [facts]);
  }

  /** Notes that a source holds something that is no certificate. */
  putUnreadable(one: UnreadableCertificate): void {
    this.#facts.delete(keyOf(one.source));
    this.#unreadable.set(keyOf(one.source), [one]);
  }

  /** Forgets a source. */
  remove(source: CertificateSource): void {
    this.#facts.delete(keyOf(source));
    this.#unreadable.delete(keyOf(source));
  }

  /** Sources by the whole key, or its beginning where that ends with a blank. */
  #forget(key: string): void {
    const isMeant = (one: string) => one === key || (key.endsWith(' ') && one.startsWith(key));
    for (const map of [this.#facts, this.#unreadable]) for (const one of map.keys()) if (isMeant(one)) map.delete(one);
  }

  /** Of a Secret. */
  ofSecret(namespace: string, name: string): CertificateFacts | undefined {
    return this.#facts.get(`secret ${namespace}/${name}`)?.[0];
  }

  /** Whether a Secret holds something that is no certificate. */
  isUnreadable(namespace: string, name: string): boolean {
    return this.#unreadable.has(`secret ${namespace}/${name}`);
  }
}

const WITH_BUNDLES: ReadonlySet<string> = new Set([
  'APIService',
  'CustomResourceDefinition',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
]);

function push<T>(map: Map<string, readonly T[]>, key: string, one: T): void {
  map.set(key, [...(map.get(key) ?? []), one]);
}

function keyOf(source: CertificateSource): string {
  switch (source.kind) {
    case 'endpoint':
      return `endpoint ${source.host}:${source.port}`;
    case 'secret':
      return `secret ${source.ref.namespace}/${source.ref.name}`;
    case 'ca-bundle':
      return `bundle ${source.ref.kind} ${source.ref.namespace}/${source.ref.name} ${source.path}`;
    case 'file':
      return `file ${source.path}`;
  }
}
