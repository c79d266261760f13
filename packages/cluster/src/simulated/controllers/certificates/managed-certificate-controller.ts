/**
 * GKE's ManagedCertificates: Google provisions them once their domains lead to the load balancer of an Ingress, and renews them.
 * Source: https://cloud.google.com/kubernetes-engine/docs/how-to/managed-certs; https://github.com/GoogleCloudPlatform/gke-managed-certs
 */
import type { ManagedCertificate } from '../../../model/certificate-kinds.ts';
import type { KindMap } from '../../../model/kinds.ts';
import type { QuotaNeed } from '../../../cloud/quota-need.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { INGRESSES } from '../../api/built-in-types.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import { quotaSentence } from '../../cloud/quota-exceeded.ts';
import type { EventType } from '../../events/event-recorder.ts';
import { fakeDigest } from '../../kubelet/image-reference.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf, ObjectIndex } from '../../store/object-index.ts';
import type { Change } from '../../store/object-store.ts';
import type { Controller } from '../controller.ts';
import { keyOf, namesOf } from '../object-key.ts';
import { createdAt, MANAGED_CERTIFICATES } from './certificate-kinds.ts';
import { DAY_MS, DEFAULT_LIFETIME_MS } from './certificate-life.ts';
import { RecordedObjects } from './recorded-objects.ts';

type Ingress = KindMap['Ingress'];
type Status = NonNullable<ManagedCertificate['status']>;

const MINUTE = 60_000;
/** Until a domain that leads nowhere is told of. */
const VISIBLE_MS = 15 * MINUTE;
const FIRST_CHECK_MS = 5 * MINUTE;
const CHECK_MS = 15 * MINUTE;
const QUOTA_RETRY_MS = 60_000;
/** Source: https://cloud.google.com/load-balancing/docs/ssl-certificates/google-managed-certs#renewal */
const RENEWAL_MS = 30 * DAY_MS;
const NEEDS: readonly QuotaNeed[] = [{ metric: 'SSL_CERTIFICATES', region: 'global', amount: 1 }];
const SOURCE = { component: 'managed-certificate-controller' };

export function managedCertificateController(context: SimulationContext): Controller {
  const provisioning = new Provisioning(context);
  return {
    name: 'managed-certificate-controller',
    needs: ['networking.k8s.io/Ingress'],
    keysOf: (change) => provisioning.keysOf(change),
    reconcile: (key) => provisioning.look(key),
  };
}

class Provisioning {
  readonly #context: SimulationContext;
  readonly #recorded: RecordedObjects;
  readonly #ingresses: ObjectIndex<Ingress>;
  /** Since when all domains of a certificate can be seen. */
  readonly #visibleSince = new Map<string, number>();
  /** Names of the certificates that count against the quota. */
  readonly #made = new Map<string, string>();

  constructor(context: SimulationContext) {
    this.#context = context;
    this.#recorded = new RecordedObjects(context.clock);
    this.#ingresses = new ObjectIndex(context.api.store, INGRESSES, certificatesOf);
  }

  keysOf(change: Change): readonly string[] {
    if (isChangeOf(change, MANAGED_CERTIFICATES)) {
      const { certificateName = '' } = change.object.status ?? {};
      if (certificateName !== '') this.#made.set(keyOf(change.object), certificateName);
      return this.#recorded.note(change, [keyOf(change.object)]);
    }
    if (!isChangeOf(change, INGRESSES)) return [];
    const { object, previous } = change;
    const isSame = previous !== undefined && sameJson(addressesOf(previous), addressesOf(object));
    const [before, after] = [previous === undefined ? [] : certificatesOf(previous), certificatesOf(object)];
    if (isSame && sameJson(before, after)) return [];
    return this.#recorded.note(change, [...new Set([...before, ...after])]);
  }

  look(key: string): number | undefined {
    const certificate = this.#context.api.store.get(MANAGED_CERTIFICATES, ...namesOf(key));
    if (certificate === undefined) return this.#remove(key);
    if (certificate.metadata.deletionTimestamp !== undefined) return undefined;
    const { status = {} } = certificate;
    const dueAt = Date.parse(status.expireTime ?? '') - RENEWAL_MS;
    const leftMs = dueAt - this.#context.clock.now;
    if (this.#recorded.isUntouched(key)) {
      if (!(dueAt > this.#recorded.startedAt)) return undefined;
      if (leftMs > 0) return leftMs;
      this.#recorded.release(key);
    }
    const isOther = !sameJson(
      (status.domainStatus ?? []).map(({ domain }) => domain),
      certificate.spec?.domains ?? [],
    );
    if ((status.certificateName ?? '') === '' || isOther) return this.#create(key, certificate, isOther);
    if (status.certificateStatus === 'Active' && leftMs > 0) return leftMs;
    return this.#provision(key, certificate, !Number.isNaN(dueAt));
  }

  #remove(key: string): undefined {
    const name = this.#made.get(key);
    if (name !== undefined) this.#context.cloud?.release(NEEDS);
    this.#made.delete(key);
    this.#visibleSince.delete(key);
    return undefined;
  }

  /** Other domains are another certificate. */
  #create(key: string, certificate: ManagedCertificate, isOther: boolean): number | undefined {
    const { cloud, clock } = this.#context;
    const { domains = [] } = certificate.spec ?? {};
    const before = this.#made.get(key);
    if (before !== undefined && isOther) {
      this.#remove(key);
      this.#tell(certificate, 'Normal', 'Delete', `Delete SslCertificate ${before}`);
    }
    const exceeded = this.#made.has(key) ? undefined : cloud?.take(NEEDS);
    if (exceeded !== undefined) {
      const text = `googleapi: Error 403: ${quotaSentence(exceeded)}, quotaExceeded`;
      this.#tell(certificate, 'Warning', 'TooManyCertificates', text);
      return QUOTA_RETRY_MS;
    }
    const digits = fakeDigest(`${certificate.metadata.uid ?? key} ${domains.join(' ')} ${clock.now}`);
    const name = `mcrt-${[8, 4, 4, 4, 12].map((length, i) => digits.slice(i * 12, i * 12 + length)).join('-')}`;
    this.#made.set(key, name);
    this.#tell(certificate, 'Normal', 'Create', `Create SslCertificate ${name}`);
    this.#change(certificate, () => ({
      certificateName: name,
      certificateStatus: 'Provisioning',
      domainStatus: domains.map((domain) => ({ domain, status: 'Provisioning' })),
    }));
    return undefined;
  }

  /** Checks the domains; `isRenewal`: an earlier certificate is served meanwhile. */
  #provision(key: string, certificate: ManagedCertificate, isRenewal: boolean): number | undefined {
    const { clock } = this.#context;
    const checked = (certificate.spec?.domains ?? []).map((domain) => ({
      domain,
      failure: this.#failureOf(key, certificate, domain),
    }));
    const failures = checked.filter(({ failure }) => failure !== undefined);
    if (failures.length > 0) {
      this.#visibleSince.delete(key);
      return this.#report(certificate, checked, isRenewal);
    }
    const since = this.#visibleSince.get(key) ?? clock.now;
    this.#visibleSince.set(key, since);
    const doneAt = since + (isRenewal ? 0 : this.#provisionMs(certificate));
    if (doneAt > clock.now) return doneAt - clock.now;
    this.#visibleSince.delete(key);
    this.#change(certificate, (status) => ({
      ...status,
      certificateStatus: 'Active',
      domainStatus: checked.map(({ domain }) => ({ domain, status: 'Active' })),
      expireTime: timestamp(clock.now + DEFAULT_LIFETIME_MS),
    }));
    return undefined;
  }

  #failureOf(key: string, { metadata }: ManagedCertificate, domain: string): string | undefined {
    const { behaviours, clock } = this.#context;
    const { name, namespace = '' } = metadata;
    const { failure } = behaviours.domain?.({ name, namespace, domain, at: clock.now }) ?? {};
    if (failure !== undefined) return failure;
    const isServed = [...this.#ingresses.get(key)].some((ingress) => addressesOf(ingress).length > 0);
    return isServed ? undefined : 'FailedNotVisible';
  }

  /** Google looks for a while before it says that something is wrong. */
  #report(
    certificate: ManagedCertificate,
    checked: readonly { readonly domain: string; readonly failure: string | undefined }[],
    isRenewal: boolean,
  ): number {
    const age = this.#context.clock.now - createdAt(certificate);
    const isMerelyUnseen = checked.every(({ failure }) => failure === undefined || failure === 'FailedNotVisible');
    const patienceMs = isMerelyUnseen ? VISIBLE_MS : FIRST_CHECK_MS;
    if (age < patienceMs && !isRenewal) return patienceMs - age;
    const isForbidden = checked.some(({ failure }) => failure === 'FailedCaaForbidden');
    const certificateStatus = isRenewal ? 'RenewalFailed' : isForbidden ? 'ProvisioningFailed' : 'Provisioning';
    this.#change(certificate, (status) => ({
      ...status,
      certificateStatus,
      domainStatus: checked.map(({ domain, failure = isRenewal ? 'Active' : 'Provisioning' }) => ({
        domain,
        status: failure,
      })),
    }));
    return CHECK_MS;
  }

  #provisionMs({ metadata, spec }: ManagedCertificate): number {
    const { behaviours, clock } = this.#context;
    const { name, namespace = '', uid = '' } = metadata;
    const told = (spec?.domains ?? []).map(
      (domain) => behaviours.domain?.({ name, namespace, domain, at: clock.now }).provisionMs,
    );
    const share = Number.parseInt(fakeDigest(uid).slice(0, 4), 16) / 65_536;
    return Math.max(...told.map((ms) => ms ?? Math.round((15 + 45 * share) * MINUTE)));
  }

  #change({ metadata }: ManagedCertificate, change: (status: Status) => Status): void {
    this.#context.api.changeStatus(MANAGED_CERTIFICATES, metadata.namespace ?? '', metadata.name, (one) => {
      const status = change(one.status ?? {});
      return sameJson(one.status, status) ? one : { ...one, status };
    });
  }

  #tell(certificate: ManagedCertificate, type: EventType, reason: string, text: string): void {
    this.#context.events.record(certificate, type, reason, text, SOURCE);
  }
}

/** `namespace/name` of the ManagedCertificates that an Ingress names. */
function certificatesOf({ metadata }: Ingress): readonly string[] {
  const names = metadata.annotations?.['networking.gke.io/managed-certificates'] ?? '';
  return names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => `${metadata.namespace ?? ''}/${name}`);
}

function addressesOf({ status }: Ingress): readonly object[] {
  return status?.loadBalancer?.ingress ?? [];
}
