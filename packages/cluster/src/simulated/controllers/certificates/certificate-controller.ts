/**
 * cert-manager's Certificates: says whether they are ready, has them issued and renewed, and keeps their Secrets.
 * Source: https://cert-manager.io/docs/usage/certificate/; https://github.com/cert-manager/cert-manager, `pkg/controller/certificates`
 */
import { madeFacts, MASKED_VALUE } from '../../certificates/made-facts.ts';
import { SECRETS } from '../../api/built-in-types.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import type { EventType } from '../../events/event-recorder.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf, ObjectIndex } from '../../store/object-index.ts';
import type { Change } from '../../store/object-store.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { controllerRefTo, unlessGone } from '../claim.ts';
import type { Controller } from '../controller.ts';
import { keyOf, namesOf } from '../object-key.ts';
import { controllerRefOf } from '../owned-index.ts';
import {
  CERTIFICATE_REQUESTS,
  CERTIFICATES,
  conditionOf,
  issuerRefOf,
  wantedNames,
  withCondition,
  type CertificateObject,
  type RequestObject,
} from './certificate-kinds.ts';
import { backOffMs, DEFAULT_LIFETIME_MS } from './certificate-life.ts';
import { ISSUER_KIND, ISSUER_NAME, judge, READY, type Judgement, type Verdict } from './certificate-policy.ts';
import { RecordedObjects } from './recorded-objects.ts';
import { requestText, signedOf } from './signed-certificate.ts';

type Status = NonNullable<CertificateObject['status']>;

export function certificateController(context: SimulationContext): Controller {
  const issuing = new CertificateIssuing(context);
  return {
    name: 'cert-manager-certificates',
    keysOf: (change) => issuing.keysOf(change),
    reconcile: (key) => issuing.look(key),
  };
}

/** Whether a request asks for what the certificate now says, of the issuer that it now names. */
function isRequestOf({ metadata, spec }: CertificateObject, request: RequestObject): boolean {
  const { namespace = '' } = metadata;
  const [wanted, asked] = [spec, request.spec].map((one) => issuerRefOf(one?.issuerRef, namespace));
  return request.spec?.request === requestText({ metadata, spec } as CertificateObject) && sameJson(wanted, asked);
}

class CertificateIssuing {
  readonly #context: SimulationContext;
  readonly #recorded: RecordedObjects;
  readonly #bySecret: ObjectIndex<CertificateObject>;

  constructor(context: SimulationContext) {
    this.#context = context;
    this.#recorded = new RecordedObjects(context.clock);
    this.#bySecret = new ObjectIndex(context.api.store, CERTIFICATES, ({ metadata, spec }) => [
      `${metadata.namespace ?? ''}/${spec?.secretName ?? ''}`,
    ]);
  }

  keysOf(change: Change): readonly string[] {
    if (isChangeOf(change, CERTIFICATES)) return this.#recorded.note(change, [keyOf(change.object)]);
    if (isChangeOf(change, SECRETS))
      return this.#recorded.note(change, [...this.#bySecret.get(keyOf(change.object))].map(keyOf));
    if (!isChangeOf(change, CERTIFICATE_REQUESTS)) return [];
    const owner = controllerRefOf(change.object);
    if (owner?.kind !== 'Certificate') return [];
    return this.#recorded.note(change, [`${change.object.metadata.namespace ?? ''}/${owner.name}`]);
  }

  look(key: string): number | undefined {
    const { api, clock } = this.#context;
    const certificate = api.store.get(CERTIFICATES, ...namesOf(key));
    if (certificate === undefined || certificate.metadata.deletionTimestamp !== undefined) return undefined;
    if (this.#recorded.isUntouched(key)) {
      const due = Date.parse(certificate.status?.renewalTime ?? '');
      if (!(due > this.#recorded.startedAt)) return undefined;
      if (due > clock.now) return due - clock.now;
      this.#recorded.release(key);
    }
    const judgement = judge(this.#context, certificate, this.#recorded.startedAt);
    this.#report(certificate, judgement);
    const expiresInMs = this.#until(judgement.held?.notAfterAt);
    if (conditionOf(certificate.status?.conditions, 'Issuing')?.status === 'True') {
      this.#issue(certificate);
      return expiresInMs;
    }
    const { issue, held } = judgement;
    if (issue === undefined) return this.#until(held?.renewalAt) ?? expiresInMs;
    const waitMs = this.#backOff(certificate);
    if (waitMs > 0) return Math.min(waitMs, expiresInMs ?? waitMs);
    this.#change(certificate, (status) => ({
      ...status,
      conditions: withCondition(
        status.conditions,
        { type: 'Issuing', status: 'True', ...issue },
        clock.now,
        certificate.metadata.generation,
      ),
    }));
    this.#tell(certificate, 'Normal', 'Issuing', issue.message, 'trigger');
    return expiresInMs;
  }

  #until(at: number | undefined): number | undefined {
    const { now } = this.#context.clock;
    return at === undefined || at <= now ? undefined : at - now;
  }

  /** Milliseconds until the next try; none where another certificate is asked for than the one that failed. */
  #backOff(certificate: CertificateObject): number {
    const { lastFailureTime, failedIssuanceAttempts = 1 } = certificate.status ?? {};
    if (lastFailureTime === undefined) return 0;
    const request = this.#request(certificate);
    if (request !== undefined && !isRequestOf(certificate, request)) return 0;
    return Date.parse(lastFailureTime) + backOffMs(failedIssuanceAttempts) - this.#context.clock.now;
  }

  #report(certificate: CertificateObject, { unready, held }: Judgement): void {
    const { now } = this.#context.clock;
    const verdict: Verdict = unready ?? READY;
    const ready = { type: 'Ready', status: unready === undefined ? ('True' as const) : ('False' as const), ...verdict };
    this.#change(certificate, ({ notBefore: _begin, notAfter: _end, renewalTime: _due, ...status }) => ({
      ...status,
      conditions: withCondition(status.conditions, ready, now, certificate.metadata.generation),
      ...(held === undefined
        ? {}
        : {
            notBefore: timestamp(held.notBeforeAt),
            notAfter: timestamp(held.notAfterAt),
            renewalTime: timestamp(held.renewalAt),
          }),
    }));
  }

  /** The next step of an issuance: a new key, a request for it, and what came of that. */
  #issue(certificate: CertificateObject): void {
    const { api } = this.#context;
    const { namespace = '' } = certificate.metadata;
    const { nextPrivateKeySecretName: next } = certificate.status ?? {};
    if (next === undefined || api.store.get(SECRETS, namespace, next) === undefined)
      return this.#makeKey(certificate, next);
    const request = this.#request(certificate);
    if (request === undefined) return this.#makeRequest(certificate, next);
    const ready = conditionOf(request.status?.conditions, 'Ready');
    const denied = conditionOf(request.status?.conditions, 'Denied');
    const failure =
      ready?.reason === 'Failed' ? ready : ready === undefined && denied?.status === 'True' ? denied : undefined;
    if (!isRequestOf(certificate, request) || (failure !== undefined && this.#isOfEarlierTry(certificate, request))) {
      unlessGone(() => api.delete(CERTIFICATE_REQUESTS, namespace, request.metadata.name));
      return undefined;
    }
    if (failure !== undefined) return this.#fail(certificate, failure.reason ?? 'Failed', failure.message ?? '');
    if (ready?.reason === 'Issued') this.#finish(certificate, request);
    return undefined;
  }

  #isOfEarlierTry({ status }: CertificateObject, { status: outcome }: RequestObject): boolean {
    const begun = Date.parse(conditionOf(status?.conditions, 'Issuing')?.lastTransitionTime ?? '');
    return Date.parse(outcome?.failureTime ?? '') < begun;
  }

  #makeKey(certificate: CertificateObject, known: string | undefined): void {
    const { api } = this.#context;
    const { name, namespace = '' } = certificate.metadata;
    const secretName = certificate.spec?.secretName ?? '';
    const isReused =
      certificate.spec?.privateKey?.rotationPolicy === 'Never' &&
      api.store.get(SECRETS, namespace, secretName) !== undefined;
    const made = api.create(SECRETS, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        ...(known === undefined ? { name: '', generateName: `${name}-` } : { name: known }),
        namespace,
        labels: { 'cert-manager.io/next-private-key': 'true', 'controller.cert-manager.io/fao': 'true' },
        ownerReferences: [controllerRefTo(certificate, CERTIFICATES)],
      },
      data: { 'tls.key': MASKED_VALUE },
    });
    const next = made.metadata.name;
    this.#change(certificate, (status) => ({ ...status, nextPrivateKeySecretName: next }));
    if (isReused)
      this.#tell(
        certificate,
        'Normal',
        'Reused',
        `Reusing private key stored in existing Secret resource ${JSON.stringify(secretName)}`,
        'key-manager',
      );
    else
      this.#tell(
        certificate,
        'Normal',
        'Generated',
        `Stored new private key in temporary Secret resource ${JSON.stringify(next)}`,
        'key-manager',
      );
  }

  #request(certificate: CertificateObject): RequestObject | undefined {
    const { namespace = '' } = certificate.metadata;
    return this.#context.api.store.get(CERTIFICATE_REQUESTS, namespace, requestName(certificate));
  }

  #makeRequest(certificate: CertificateObject, key: string): void {
    const { api } = this.#context;
    if (api.types.byKind(CERTIFICATE_REQUESTS.group, CERTIFICATE_REQUESTS.kind) === undefined) return;
    const { name, namespace = '', labels } = certificate.metadata;
    const { issuerRef, duration, isCA } = certificate.spec ?? {};
    const made = api.create(CERTIFICATE_REQUESTS, {
      apiVersion: 'cert-manager.io/v1',
      kind: 'CertificateRequest',
      metadata: {
        name: requestName(certificate),
        namespace,
        ...(labels === undefined ? {} : { labels }),
        annotations: {
          'cert-manager.io/certificate-name': name,
          'cert-manager.io/certificate-revision': String(nextRevision(certificate)),
          'cert-manager.io/private-key-secret-name': key,
        },
        ownerReferences: [controllerRefTo(certificate, CERTIFICATES)],
      },
      spec: {
        request: requestText(certificate),
        ...(issuerRef === undefined ? {} : { issuerRef }),
        ...(duration === undefined ? {} : { duration }),
        ...(isCA === undefined ? {} : { isCA }),
      },
    });
    const text = `Created new CertificateRequest resource ${JSON.stringify(made.metadata.name)}`;
    this.#tell(certificate, 'Normal', 'Requested', text, 'request-manager');
  }

  #fail(certificate: CertificateObject, reason: string, why: string): void {
    const { now } = this.#context.clock;
    const message = `The certificate request has failed to complete and will be retried: ${why}`;
    this.#dropKey(certificate);
    this.#change(certificate, ({ nextPrivateKeySecretName: _next, ...status }) => ({
      ...status,
      conditions: withCondition(
        status.conditions,
        { type: 'Issuing', status: 'False', reason, message },
        now,
        certificate.metadata.generation,
      ),
      lastFailureTime: timestamp(now),
      failedIssuanceAttempts: (status.failedIssuanceAttempts ?? 0) + 1,
    }));
    this.#tell(certificate, 'Warning', reason, message, 'issuing');
  }

  #finish(certificate: CertificateObject, request: RequestObject): void {
    this.#writeSecret(certificate, request);
    this.#dropKey(certificate);
    this.#change(
      certificate,
      ({ nextPrivateKeySecretName: _next, lastFailureTime: _at, failedIssuanceAttempts: _count, ...status }) => ({
        ...status,
        conditions: (status.conditions ?? []).filter(({ type }) => type !== 'Issuing'),
        revision: nextRevision(certificate),
      }),
    );
    this.#tell(certificate, 'Normal', 'Issuing', 'The certificate has been successfully issued', 'issuing');
  }

  #writeSecret(certificate: CertificateObject, { status }: RequestObject): void {
    const { api, certificates, clock } = this.#context;
    const { namespace = '', name } = certificate.metadata;
    const { secretName = '', commonName = '', dnsNames = [], ipAddresses = [], isCA = false } = certificate.spec ?? {};
    const { kind = 'Issuer', name: issuerName = '' } =
      issuerRefOf(certificate.spec?.issuerRef, namespace) ?? certificate.spec?.issuerRef ?? {};
    const signed = signedOf(status?.certificate);
    const notBeforeAt = signed?.notBeforeAt ?? Math.floor(clock.now / 1000) * 1000;
    const notAfterAt = signed?.notAfterAt ?? notBeforeAt + DEFAULT_LIFETIME_MS;
    const { issuer = `CN=${issuerName}` } = signed ?? {};
    certificates.put(
      madeFacts({
        ...{ namespace, name: secretName, names: wantedNames(certificate), notBeforeAt, notAfterAt },
        ...(issuer === '' ? {} : { issuer }),
        isAuthority: isCA,
      }),
    );
    const annotations = {
      'cert-manager.io/alt-names': dnsNames.join(','),
      'cert-manager.io/certificate-name': name,
      'cert-manager.io/common-name': commonName,
      'cert-manager.io/ip-sans': ipAddresses.join(','),
      'cert-manager.io/issuer-group': certificate.spec?.issuerRef?.group ?? '',
      [ISSUER_KIND]: kind,
      [ISSUER_NAME]: issuerName,
      'cert-manager.io/uri-sans': '',
      // The contents change with every issuance.
      'simulation/certificate': `${notBeforeAt}-${notAfterAt}`,
    };
    const data = { 'ca.crt': MASKED_VALUE, 'tls.crt': MASKED_VALUE, 'tls.key': MASKED_VALUE };
    const labels = { 'controller.cert-manager.io/fao': 'true' };
    if (api.store.get(SECRETS, namespace, secretName) === undefined)
      api.create(SECRETS, {
        ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: secretName, namespace, annotations, labels } },
        ...{ type: 'kubernetes.io/tls', data },
      });
    else
      api.change(SECRETS, namespace, secretName, (one) => ({
        ...one,
        metadata: {
          ...one.metadata,
          annotations: { ...one.metadata.annotations, ...annotations },
          labels: { ...one.metadata.labels, ...labels },
        },
        data: { ...one.data, ...data },
      }));
  }

  #dropKey({ metadata, status }: CertificateObject): void {
    const { nextPrivateKeySecretName: next } = status ?? {};
    if (next !== undefined) unlessGone(() => this.#context.api.delete(SECRETS, metadata.namespace ?? '', next));
  }

  #change({ metadata }: CertificateObject, change: (status: Status) => Status): void {
    this.#context.api.changeStatus(CERTIFICATES, metadata.namespace ?? '', metadata.name, (one) => {
      const status = change(one.status ?? {});
      return sameJson(one.status, status) ? one : { ...one, status };
    });
  }

  #tell(certificate: CertificateObject, type: EventType, reason: string, text: string, part: string): void {
    this.#context.events.record(certificate, type, reason, text, { component: `cert-manager-certificates-${part}` });
  }
}

function nextRevision({ status }: CertificateObject): number {
  return (status?.revision ?? 0) + 1;
}

/** Stable names, as since version 1.16. */
function requestName(certificate: CertificateObject): string {
  return `${certificate.metadata.name.slice(0, 52)}-${nextRevision(certificate)}`;
}
