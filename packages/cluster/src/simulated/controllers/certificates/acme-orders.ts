/**
 * Orders and Challenges of cert-manager, at the level of their states.
 * Source: https://cert-manager.io/docs/concepts/acme-orders-challenges/
 */
import type { AcmeStep } from '../../../model/certificate-kinds.ts';
import type { EventType } from '../../events/event-recorder.ts';
import { fakeDigest } from '../../kubelet/image-reference.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { controllerRefTo, unlessGone } from '../claim.ts';
import { OwnedIndex } from '../owned-index.ts';
import { CERTIFICATE_REQUESTS, CHALLENGES, ORDERS, type RequestObject } from './certificate-kinds.ts';

export class AcmeOrders {
  readonly #context: SimulationContext;

  constructor(context: SimulationContext) {
    this.#context = context;
  }

  /** Whether the cluster knows both kinds. */
  get isServed(): boolean {
    const { types } = this.#context.api;
    return [ORDERS, CHALLENGES].every(({ group, kind }) => types.byKind(group, kind) !== undefined);
  }

  /** That of a request. */
  orderOf(request: RequestObject): AcmeStep | undefined {
    const [order] = OwnedIndex.of(this.#context.api.store, ORDERS).ownedBy(request.metadata.uid ?? '');
    return order;
  }

  /** Asks for a certificate, with a challenge for each name. */
  make(request: RequestObject, names: readonly string[]): AcmeStep {
    const { api } = this.#context;
    const { name, namespace = '' } = request.metadata;
    const issuerRef = request.spec?.issuerRef;
    const order = api.create(ORDERS, {
      apiVersion: 'acme.cert-manager.io/v1',
      kind: 'Order',
      metadata: {
        name: `${name}-${numberOf(`${namespace}/${name}`)}`,
        namespace,
        ownerReferences: [controllerRefTo(request, CERTIFICATE_REQUESTS)],
      },
      spec: { request: request.spec?.request ?? '', issuerRef, dnsNames: names } as AcmeStep['spec'] & object,
    });
    this.#setState(ORDERS, order, { state: 'pending' });
    for (const dnsName of names) this.#challenge(order, dnsName, issuerRef);
    return order;
  }

  /** Says what stands in the way of the challenges of a request. */
  stall(request: RequestObject, reason: string): void {
    for (const challenge of this.#challengesOf(request))
      this.#setState(CHALLENGES, challenge, { state: 'pending', reason });
  }

  /** The authority has seen what it wanted to. */
  complete(request: RequestObject): void {
    const order = this.orderOf(request);
    for (const challenge of this.#challengesOf(request)) {
      const text = `Domain ${JSON.stringify(challenge.spec?.dnsName ?? '')} verified with ${JSON.stringify(challenge.spec?.type ?? '')} validation`;
      this.#tell(challenge, 'Normal', 'DomainVerified', text);
      unlessGone(() =>
        this.#context.api.delete(CHALLENGES, challenge.metadata.namespace ?? '', challenge.metadata.name),
      );
    }
    if (order === undefined) return;
    this.#setState(ORDERS, order, { state: 'valid' });
    this.#tell(order, 'Normal', 'Complete', 'Order completed successfully');
  }

  /** The authority refuses the order. */
  refuse(request: RequestObject, reason: string): AcmeStep | undefined {
    const order = this.orderOf(request);
    for (const challenge of this.#challengesOf(request))
      unlessGone(() =>
        this.#context.api.delete(CHALLENGES, challenge.metadata.namespace ?? '', challenge.metadata.name),
      );
    if (order !== undefined) this.#setState(ORDERS, order, { state: 'errored', reason });
    return order;
  }

  #challenge(order: AcmeStep, dnsName: string, issuerRef: unknown): void {
    const { name, namespace = '' } = order.metadata;
    const isWildcard = dnsName.startsWith('*.');
    const challenge = this.#context.api.create(CHALLENGES, {
      apiVersion: 'acme.cert-manager.io/v1',
      kind: 'Challenge',
      metadata: {
        name: `${name}-${numberOf(`${name} ${dnsName}`)}`,
        namespace,
        ownerReferences: [controllerRefTo(order, ORDERS)],
      },
      spec: { dnsName, type: isWildcard ? 'DNS-01' : 'HTTP-01', issuerRef } as AcmeStep['spec'] & object,
    });
    const title = JSON.stringify(challenge.metadata.name);
    this.#tell(order, 'Normal', 'Created', `Created Challenge resource ${title} for domain ${JSON.stringify(dnsName)}`);
    this.#setState(CHALLENGES, challenge, { state: 'pending' });
    this.#tell(challenge, 'Normal', 'Started', 'Challenge scheduled for processing');
    const mechanism = isWildcard ? 'DNS-01' : 'HTTP-01';
    this.#tell(challenge, 'Normal', 'Presented', `Presented challenge using ${mechanism} challenge mechanism`);
  }

  #challengesOf(request: RequestObject): readonly AcmeStep[] {
    const order = this.orderOf(request);
    return order === undefined
      ? []
      : [...OwnedIndex.of(this.#context.api.store, CHALLENGES).ownedBy(order.metadata.uid ?? '')];
  }

  #setState(
    type: typeof ORDERS,
    { metadata, status }: AcmeStep,
    given: { readonly state: string; readonly reason?: string },
  ): void {
    if (status?.state === given.state && status.reason === given.reason) return;
    this.#context.api.changeStatus(type, metadata.namespace ?? '', metadata.name, (one) => ({
      ...one,
      status: { ...one.status, ...given },
    }));
  }

  #tell(step: AcmeStep, type: EventType, reason: string, text: string): void {
    const component = step.kind === 'Order' ? 'cert-manager-orders' : 'cert-manager-challenges';
    this.#context.events.record(step, type, reason, text, { component });
  }
}

/** The hash at the end of such names: up to ten digits. */
function numberOf(text: string): number {
  return Number.parseInt(fakeDigest(text).slice(0, 8), 16);
}
