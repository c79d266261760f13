/**
 * cert-manager's CertificateRequests: approved, and signed by the issuer that they name, over an Order where it speaks ACME.
 * Source: https://cert-manager.io/docs/usage/certificaterequest/; https://github.com/cert-manager/cert-manager, `pkg/controller/certificaterequests`
 */
import { sameJson } from '../../../snapshot/diff.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import type { EventType } from '../../events/event-recorder.ts';
import type { IssuerBehaviour } from '../../certificates/certificate-behaviour.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf, ObjectIndex } from '../../store/object-index.ts';
import type { Change } from '../../store/object-store.ts';
import type { Controller } from '../controller.ts';
import { keyOf, namesOf } from '../object-key.ts';
import { Undertakings } from '../undertakings.ts';
import { AcmeOrders } from './acme-orders.ts';
import {
  CERTIFICATE_REQUESTS,
  CLUSTER_ISSUERS,
  conditionOf,
  issuerOf,
  issuerRefOf,
  ISSUERS,
  issuerType,
  withCondition,
  type IssuerObject,
  type RequestObject,
} from './certificate-kinds.ts';
import { DEFAULT_LIFETIME_MS, durationMs } from './certificate-life.ts';
import { RecordedObjects } from './recorded-objects.ts';
import { requestedNames, signedText } from './signed-certificate.ts';

type Reference = NonNullable<ReturnType<typeof issuerRefOf>>;

const APPROVER = 'cert-manager.io';
const SIGN_MS = 1000;
const ACME_SIGN_MS = 30_000;
/** Public authorities date certificates back, lest slow clocks refuse them. */
const ACME_BACKDATE_MS = 3_600_000;
const FIRST_LOOK_MS = 10_000;
const LONGEST_LOOK_MS = 300_000;
const TERMINAL: ReadonlySet<string> = new Set(['Issued', 'Failed', 'Denied']);

export function certificateRequestController(context: SimulationContext): Controller {
  const signing = new Signing(context);
  return {
    name: 'cert-manager-certificaterequests',
    keysOf: (change) => signing.keysOf(change),
    reconcile: (key) => signing.look(key),
  };
}

class Signing {
  readonly #context: SimulationContext;
  readonly #recorded: RecordedObjects;
  readonly #byIssuer: ObjectIndex<RequestObject>;
  readonly #begun = new Undertakings();
  readonly #orders: AcmeOrders;
  /** How long to wait for the next look at challenges that are stuck, by request. */
  readonly #looks = new Map<string, number>();

  constructor(context: SimulationContext) {
    this.#context = context;
    this.#orders = new AcmeOrders(context);
    this.#recorded = new RecordedObjects(context.clock);
    this.#byIssuer = new ObjectIndex(context.api.store, CERTIFICATE_REQUESTS, ({ metadata, spec }) => {
      const reference = issuerRefOf(spec?.issuerRef, metadata.namespace ?? '');
      return reference === undefined ? [] : [`${reference.kind} ${reference.namespace}/${reference.name}`];
    });
  }

  keysOf(change: Change): readonly string[] {
    if (isChangeOf(change, CERTIFICATE_REQUESTS)) return this.#recorded.note(change, [keyOf(change.object)]);
    if (!isChangeOf(change, ISSUERS) && !isChangeOf(change, CLUSTER_ISSUERS)) return [];
    const waiting = this.#byIssuer.get(`${change.type.kind} ${keyOf(change.object)}`);
    return this.#recorded.note(change, [...waiting].map(keyOf));
  }

  look(key: string): number | undefined {
    const { store } = this.#context.api;
    const request = store.get(CERTIFICATE_REQUESTS, ...namesOf(key));
    const ready = conditionOf(request?.status?.conditions, 'Ready');
    const isOver = request === undefined || request.metadata.deletionTimestamp !== undefined;
    if (isOver || TERMINAL.has(ready?.reason ?? '')) {
      this.#begun.forget(key);
      this.#looks.delete(key);
      return undefined;
    }
    if (this.#recorded.isUntouched(key)) return undefined;
    const reference = issuerRefOf(request.spec?.issuerRef, request.metadata.namespace ?? '');
    if (conditionOf(request.status?.conditions, 'Denied')?.status === 'True') return undefined;
    this.#approve(request);
    if (reference === undefined) return undefined;
    const issuer = issuerOf(store, reference);
    const type = issuer === undefined ? undefined : issuerType(issuer);
    if (issuer === undefined || type === undefined) return this.#awaitIssuer(request, reference);
    if (conditionOf(issuer.status?.conditions, 'Ready')?.status !== 'True') {
      const text = 'Referenced issuer does not have a Ready status condition';
      return this.#pend(request, 'IssuerNotReady', text, `issuer-${type.toLowerCase()}`);
    }
    return this.#sign(request, reference, issuer, type);
  }

  #approve(request: RequestObject): void {
    if (conditionOf(request.status?.conditions, 'Approved')?.status === 'True') return;
    const message = `Certificate request has been approved by ${APPROVER}`;
    const { now } = this.#context.clock;
    this.#change(request, (status) => ({
      ...status,
      conditions: withCondition(
        status.conditions,
        { type: 'Approved', status: 'True', reason: APPROVER, message },
        now,
      ),
    }));
    this.#tell(request, 'Normal', APPROVER, message, 'approver');
  }

  #awaitIssuer(request: RequestObject, { kind, name }: Reference): undefined {
    const resource = `${kind.toLowerCase()}.cert-manager.io`;
    const text = `Referenced ${JSON.stringify(kind)} not found: ${resource} ${JSON.stringify(name)} not found`;
    return this.#pend(request, 'IssuerNotFound', text, 'issuer-acme');
  }

  #sign(request: RequestObject, reference: Reference, issuer: IssuerObject, type: string): number | undefined {
    const { behaviours, clock } = this.#context;
    const key = keyOf(request);
    const names = requestedNames(request.spec?.request);
    const answer = behaviours.issuer?.({ ...reference, type, at: clock.now, names }) ?? {};
    const isAcme = type === 'acme' && this.#orders.isServed;
    if (isAcme) this.#order(request, names);
    const takesMs = answer.signMs ?? (type === 'acme' ? ACME_SIGN_MS : SIGN_MS);
    const leftMs = this.#begun.leftMs(key, takesMs, clock.now);
    if (leftMs > 0) return leftMs;
    if (answer.challengeError !== undefined && type === 'acme') return this.#stall(key, request, answer.challengeError);
    if (answer.signError !== undefined) return this.#refuse(request, answer.signError, type, isAcme);
    if (isAcme) this.#orders.complete(request);
    return this.#issued(request, reference, issuer, type, answer);
  }

  #order(request: RequestObject, names: readonly string[]): void {
    const { namespace = '' } = request.metadata;
    const order = this.#orders.orderOf(request);
    if (order !== undefined) return;
    const made = this.#orders.make(request, names);
    const title = `${namespace}/${made.metadata.name}`;
    this.#tell(request, 'Normal', 'OrderCreated', `Created Order resource ${title}`, 'issuer-acme');
    const event = `Waiting on certificate issuance from order ${title}: ""`;
    const text = `Waiting on certificate issuance from order ${title}: "pending"`;
    this.#pend(request, 'OrderPending', text, 'issuer-acme', event);
  }

  /** The authority does not see what it wants to; cert-manager goes on looking. */
  #stall(key: string, request: RequestObject, why: string): number {
    this.#orders.stall(request, why);
    const waitMs = this.#looks.get(key) ?? FIRST_LOOK_MS;
    this.#looks.set(key, Math.min(LONGEST_LOOK_MS, waitMs * 2));
    return waitMs;
  }

  #refuse(request: RequestObject, why: string, type: string, isAcme: boolean): undefined {
    const { now } = this.#context.clock;
    const order = isAcme ? this.#orders.refuse(request, why) : undefined;
    const message =
      order === undefined
        ? why
        : `Failed to wait for order resource ${JSON.stringify(order.metadata.name)} to become ready: order is in "errored" state: ${why}`;
    this.#change(request, (status) => ({
      ...status,
      conditions: withCondition(status.conditions, { type: 'Ready', status: 'False', reason: 'Failed', message }, now),
      failureTime: timestamp(now),
    }));
    const reason = order === undefined ? 'SigningError' : 'OrderFailed';
    this.#tell(request, 'Warning', reason, message, `issuer-${type.toLowerCase()}`);
    return undefined;
  }

  #issued(
    request: RequestObject,
    { name }: Reference,
    { spec }: IssuerObject,
    type: string,
    { lifetimeMs }: IssuerBehaviour,
  ): undefined {
    const { now } = this.#context.clock;
    const isAcme = type === 'acme';
    const asked = isAcme ? undefined : durationMs(request.spec?.duration);
    const notBeforeAt = Math.floor((now - (isAcme ? ACME_BACKDATE_MS : 0)) / 1000) * 1000;
    const notAfterAt = notBeforeAt + (lifetimeMs ?? asked ?? DEFAULT_LIFETIME_MS);
    const issuer = type === 'selfSigned' ? '' : isAcme ? authorityOf(spec) : `CN=${name}`;
    const message = 'Certificate fetched from issuer successfully';
    this.#change(request, (status) => ({
      ...status,
      conditions: withCondition(status.conditions, { type: 'Ready', status: 'True', reason: 'Issued', message }, now),
      certificate: signedText({ notBeforeAt, notAfterAt, issuer }),
    }));
    this.#tell(request, 'Normal', 'CertificateIssued', message, `issuer-${type.toLowerCase()}`);
    return undefined;
  }

  /** Says once why it waits. */
  #pend(request: RequestObject, reason: string, message: string, part: string, event = message): undefined {
    const { now } = this.#context.clock;
    const known = conditionOf(request.status?.conditions, 'Ready');
    if (known?.reason === 'Pending' && known.message === message) return undefined;
    this.#change(request, (status) => ({
      ...status,
      conditions: withCondition(status.conditions, { type: 'Ready', status: 'False', reason: 'Pending', message }, now),
    }));
    this.#tell(request, 'Normal', reason, event, part);
    return undefined;
  }

  #change(
    { metadata }: RequestObject,
    change: (status: NonNullable<RequestObject['status']>) => NonNullable<RequestObject['status']>,
  ): void {
    this.#context.api.changeStatus(CERTIFICATE_REQUESTS, metadata.namespace ?? '', metadata.name, (one) => {
      const status = change(one.status ?? {});
      return sameJson(one.status, status) ? one : { ...one, status };
    });
  }

  #tell(request: RequestObject, type: EventType, reason: string, text: string, part: string): void {
    this.#context.events.record(request, type, reason, text, {
      component: `cert-manager-certificaterequests-${part}`,
    });
  }
}

function authorityOf(spec: IssuerObject['spec']): string {
  const { server } = (spec?.['acme'] ?? {}) as { readonly server?: unknown };
  const isStaging = typeof server === 'string' && server.includes('staging');
  return isStaging
    ? "CN=(STAGING) Counterfeit Cashew R10, O=(STAGING) Let's Encrypt, C=US"
    : "CN=R12, O=Let's Encrypt, C=US";
}
