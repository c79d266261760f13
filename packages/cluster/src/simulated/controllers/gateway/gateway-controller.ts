/**
 * Gateways of GKE's classes and the HTTPRoutes attached to them: address, conditions, backends, for as long as quotas last. Works where the
 * kinds of the Gateway API are served.
 * Source: https://cloud.google.com/kubernetes-engine/docs/concepts/gateway-api
 */
import { frontOfGateway, gatewayScope, quotaNeedOfGateway } from '../../../cloud/http-front-need.ts';
import { bindingQuota } from '../../../cloud/quota-headroom.ts';
import type { Gateway, GatewayRoute, ReferenceGrant } from '../../../model/gateway-kinds.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { timeOf } from '../../../snapshot/event-time.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { SERVICES } from '../../api/built-in-types.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import { EPHEMERAL, type Front, type FrontRequest } from '../../cloud/fronts.ts';
import { quotaSentence } from '../../cloud/quota-exceeded.ts';
import type { SimulatedCloud } from '../../cloud/simulated-cloud.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf } from '../../store/object-index.ts';
import type { Change } from '../../store/object-store.ts';
import { unlessGone } from '../claim.ts';
import type { Controller } from '../controller.ts';
import { frontName } from '../ingress/backend-names.ts';
import { keyOf, namesOf } from '../object-key.ts';
import { Undertakings } from '../undertakings.ts';
import { attachmentsOf, GATEWAY_GROUP, quoted, type Attachment } from './gateway-routes.ts';
import { parentText, unresolvedText, withoutParents, withParents, withStatus } from './gateway-status.ts';
import { RouteIndex } from './route-index.ts';

const COMPONENT = 'sc-gateway-controller';
const FINALIZER = 'gateway.finalizer.networking.gke.io';
const MAKE_MS = 60_000;
const CHANGE_MS = 20_000;
const REMOVE_MS = 30_000;
const RETRY_MS = 180_000;
const ADDRESSES: ReadonlySet<string> = new Set(['IN_USE_ADDRESSES', 'STATIC_ADDRESSES', 'INTERNAL_ADDRESSES']);
const SCHEMES = { global: 'EXTERNAL_MANAGED', regional: 'EXTERNAL_MANAGED', internal: 'INTERNAL_MANAGED' } as const;

export function gatewayController(context: SimulationContext): Controller {
  const { cloud } = context;
  if (cloud === undefined) return { name: 'gke-gateway', keysOf: () => [], reconcile: () => undefined };
  const gateways = new Gateways(context, cloud);
  return {
    name: 'gke-gateway',
    keysOf: (change) => gateways.keysOf(change),
    reconcile: (key) => gateways.reconcile(key),
  };
}

class Gateways {
  readonly #context: SimulationContext;
  readonly #cloud: SimulatedCloud;
  readonly #startAt: number;
  readonly #routes = new RouteIndex();
  readonly #begun = new Undertakings();
  /** What is to be told before the next look: `ADD`, `UPDATE`. */
  readonly #told = new Map<string, string>();
  /** Recorded ones that were not looked at yet. */
  readonly #fresh = new Set<string>();
  /** Recorded ones that are as they were. */
  readonly #untouched = new Set<string>();

  constructor(context: SimulationContext, cloud: SimulatedCloud) {
    this.#context = context;
    this.#cloud = cloud;
    this.#startAt = Math.floor(context.clock.now / 1000) * 1000;
  }

  /** Notes what changed; writes nothing. */
  keysOf(change: Change): readonly string[] {
    if (isChangeOf(change, SERVICES)) {
      const { object, previous } = change;
      if (previous !== undefined && sameJson(object.spec, previous.spec)) return [];
      return this.#touched(this.#routes.gatewaysOf(keyOf(object)), change);
    }
    if (change.type.group !== GATEWAY_GROUP) return [];
    if (change.type.kind === 'ReferenceGrant') {
      const { spec } = change.object as ReferenceGrant;
      return this.#touched(this.#routes.gatewaysFrom((spec?.from ?? []).map(({ namespace }) => namespace)), change);
    }
    if (change.type.kind === 'HTTPRoute') return this.#routeChanged(change as Change<GatewayRoute>);
    return change.type.kind === 'Gateway' ? this.#gatewayChanged(change as Change<Gateway>) : [];
  }

  reconcile(key: string): number | undefined {
    const type = this.#type<Gateway>('Gateway');
    const gateway = type === undefined ? undefined : this.#context.api.store.get(type, ...namesOf(key));
    if (type === undefined || gateway === undefined) return this.#gone(key);
    if (this.#fresh.delete(key)) this.#adopt(key, gateway);
    if (this.#untouched.has(key)) return undefined;
    if (gatewayScope(gateway) === undefined || gateway.metadata.deletionTimestamp !== undefined)
      return this.#clear(key, type, gateway);
    const told = this.#told.get(key);
    this.#told.delete(key);
    if (told !== undefined) this.#tell(gateway, 'Normal', told, key);
    this.#hold(type, gateway);
    const isNew = this.#cloud.fronts.get(`Gateway ${key}`) === undefined;
    const leftMs = this.#begun.leftMs(key, isNew ? MAKE_MS : CHANGE_MS, this.#context.clock.now);
    return leftMs > 0 ? leftMs : this.#sync(key, type, gateway);
  }

  #sync(key: string, type: ResourceType<Gateway>, gateway: Gateway): number | undefined {
    const { api, clock } = this.#context;
    const attachments = this.#routes.routesOf(key).flatMap((route) => attachmentsOf(api, gateway, route));
    const failure = this.#make(key, gateway, attachments);
    const address = this.#cloud.fronts.get(`Gateway ${key}`)?.address;
    const changed = withStatus(gateway, address, failure, attachments, clock.now);
    if (changed !== gateway)
      api.changeStatus(type, ...namesOf(key), (one) => ({ ...one, status: changed.status ?? {} }));
    this.#settle(attachments);
    if (failure === undefined) {
      this.#tell(gateway, 'Normal', 'SYNC', `SYNC on ${key} was a success`);
      return undefined;
    }
    const isOfSpec = failure.startsWith('Error GWCER');
    const text = isOfSpec ? `failed to translate Gateway ${quoted(gateway)}: ${failure}` : failure;
    this.#tell(gateway, 'Warning', 'SYNC', text);
    return RETRY_MS;
  }

  /** Makes or changes the front. @returns why it cannot be */
  #make(key: string, gateway: Gateway, attachments: readonly Attachment[]): string | undefined {
    const { clock } = this.#context;
    const { fronts } = this.#cloud;
    const owner = `Gateway ${key}`;
    const before = fronts.get(owner);
    const wrong = this.#invalid(gateway, owner);
    if (wrong !== undefined) return `Error GWCER106: Gateway ${quoted(gateway)} is invalid, err: ${wrong}.`;
    const request = this.#requestOf(gateway, attachments, before);
    const refused = this.#refusal(request, before);
    if (refused !== undefined) return `generic::resource_exhausted: error ensuring load balancer: Insert: ${refused}`;
    const names = request.rules.map(({ name }) => name);
    if (before !== undefined && sameJson([before.needs, before.ruleNames], [request.needs, names])) return undefined;
    fronts.remove(owner);
    fronts.make(owner, request, clock.now);
    return undefined;
  }

  #invalid({ spec }: Gateway, owner: string): string | undefined {
    for (const { type = 'IPAddress', value = '' } of spec?.addresses ?? []) {
      if (type !== 'NamedAddress')
        return `unsupported address type ${JSON.stringify(type)}, only "NamedAddress" is supported.`;
      const row = this.#cloud.fronts.reserved(value);
      if (row === undefined && this.#cloud.snapshot.addresses !== undefined)
        return `address ${JSON.stringify(value)} not found`;
      const user = row === undefined ? undefined : this.#cloud.fronts.userOf(row.address);
      if (user !== undefined && user !== owner) return `address ${JSON.stringify(value)} is in use by another resource`;
    }
    return undefined;
  }

  #requestOf(gateway: Gateway, attachments: readonly Attachment[], before: Front | undefined): FrontRequest {
    const { snapshot, zones, fronts } = this.#cloud;
    const front = frontOfGateway(gateway);
    const scope = front?.scope ?? 'global';
    const backends = new Set(
      attachments.filter(({ accepted }) => accepted === 'Accepted').flatMap((one) => one.backends),
    );
    const needs = quotaNeedOfGateway(gateway, backends.size, Math.max(1, zones.length));
    const wanted = gateway.spec?.addresses?.[0]?.value;
    const kept = before?.scope === scope ? before.address : undefined;
    const address = (wanted === undefined ? undefined : fronts.reserved(wanted)?.address) ?? kept;
    const name = `gkegw1-${frontName(snapshot.cluster?.name ?? '', keyOf(gateway))}`;
    const ports = new Set((gateway.spec?.listeners ?? []).map(({ port = 80 }) => port));
    return {
      scope,
      ...(address === undefined ? {} : { address }),
      rules: [...ports].sort((a, b) => a - b).map((port) => ({ name: `${name}-${port}`, protocol: 'TCP' })),
      scheme: SCHEMES[scope],
      description: JSON.stringify({ 'networking.gke.io/gateway-name': keyOf(gateway) }),
      needs: needs.filter(({ metric }) => !ADDRESSES.has(metric)),
    };
  }

  #refusal(request: FrontRequest, before: Front | undefined): string | undefined {
    const { conditions, fronts, quotas, region } = this.#cloud;
    const text = conditions.refusal({ type: 'forwarding-rule', name: request.rules[0]?.name ?? '' });
    if (text !== undefined && before === undefined) return text;
    const isReserved = request.address !== undefined && fronts.reserved(request.address) !== undefined;
    const had = [...(before?.needs ?? []), ...(before?.addressNeeds ?? [])];
    const wanted = [...request.needs, ...(isReserved ? [] : EPHEMERAL[request.scope])].map((need) => ({
      ...need,
      amount:
        need.amount -
        (had.find(({ metric, region: place }) => metric === need.metric && place === need.region)?.amount ?? 0),
    }));
    const { binding } = bindingQuota(wanted, quotas, region);
    return binding === undefined || binding.fits >= 1 ? undefined : quotaSentence(binding.headroom.quota);
  }

  /** Says of each route what became of it. */
  #settle(attachments: readonly Attachment[]): void {
    const { api, clock } = this.#context;
    const type = this.#type<GatewayRoute>('HTTPRoute');
    if (type === undefined) return;
    for (const route of new Set(attachments.map((one) => one.route))) {
      const mine = attachments.filter((one) => one.route === route);
      const current = api.store.get(type, ...namesOf(keyOf(route)));
      const changed = current === undefined ? undefined : withParents(current, mine, clock.now);
      if (current === undefined || changed === current) continue;
      unlessGone(() => api.changeStatus(type, ...namesOf(keyOf(route)), (one) => withParents(one, mine, clock.now)));
      for (const attachment of mine) this.#tellOf(attachment);
    }
  }

  #tellOf({ route, parentRef, unresolved, accepted }: Attachment): void {
    const about = `HTTPRoute ${quoted(route)} bound to ParentRef ${parentText(parentRef)}`;
    if (unresolved !== undefined) this.#tell(route, 'Warning', 'SYNC', unresolvedText(route, parentRef, unresolved));
    else this.#tell(route, 'Normal', 'SYNC', `All the object references were able to be resolved for ${about}`);
    if (accepted !== 'Accepted') return;
    const bind = `Bind of HTTPRoute ${quoted(route)} to ParentRef ${parentText(parentRef)} was a success`;
    this.#tell(route, 'Normal', 'SYNC', bind);
    this.#tell(route, 'Normal', 'SYNC', `Reconciliation of ${about} was a success`);
  }

  #gatewayChanged({ kind, object, previous }: Change<Gateway>): readonly string[] {
    const key = keyOf(object);
    if (kind === 'DELETED') return [key];
    if (kind === 'ADDED' && this.#isRecorded(object)) {
      this.#fresh.add(key);
      this.#untouched.add(key);
      return [key];
    }
    const isSame = previous !== undefined && sameJson(previous.spec, object.spec);
    if (isSame && object.metadata.deletionTimestamp === undefined) return [];
    this.#untouched.delete(key);
    if (gatewayScope(object) !== undefined) this.#told.set(key, previous === undefined ? 'ADD' : 'UPDATE');
    return [key];
  }

  #routeChanged(change: Change<GatewayRoute>): readonly string[] {
    const { kind, object, previous } = change;
    const keys = this.#routes.take(change);
    if (kind === 'MODIFIED' && previous !== undefined && sameJson(previous.spec, object.spec)) return [];
    return this.#touched(keys, change);
  }

  /** What was there before time began touches nothing. */
  #touched(keys: readonly string[], { kind, object }: Change): readonly string[] {
    if (kind === 'ADDED' && this.#isRecorded(object)) return [];
    for (const key of keys) this.#untouched.delete(key);
    return keys;
  }

  #isRecorded({ metadata }: KubeObject): boolean {
    return (timeOf(metadata.creationTimestamp) ?? 0) < this.#startAt;
  }

  /** A recorded Gateway holds its address and its backends, and stays as it was until something about it changes. */
  #adopt(key: string, gateway: Gateway): void {
    const address = gateway.status?.addresses?.[0]?.value;
    if (address === undefined || gatewayScope(gateway) === undefined) return;
    const { api } = this.#context;
    const attachments = this.#routes.routesOf(key).flatMap((route) => attachmentsOf(api, gateway, route));
    const { needs, scope } = this.#requestOf(gateway, attachments, undefined);
    const rules = (this.#cloud.snapshot.forwardingRules ?? []).filter(({ ipAddress }) => ipAddress === address);
    const ruleNames = rules.map(({ name }) => name);
    this.#cloud.fronts.adopt(`Gateway ${key}`, { scope, address, ruleNames, needs, addressNeeds: EPHEMERAL[scope] });
  }

  #clear(key: string, type: ResourceType<Gateway>, { metadata }: Gateway): number | undefined {
    const { finalizers = [] } = metadata;
    if (!finalizers.includes(FINALIZER)) return this.#gone(key);
    if (this.#cloud.fronts.get(`Gateway ${key}`) !== undefined) {
      const leftMs = this.#begun.leftMs(`remove ${key}`, REMOVE_MS, this.#context.clock.now);
      if (leftMs > 0) return leftMs;
    }
    this.#gone(key);
    unlessGone(() =>
      this.#context.api.change(type, ...namesOf(key), (one) => ({
        ...one,
        metadata: { ...one.metadata, finalizers: finalizers.filter((finalizer) => finalizer !== FINALIZER) },
      })),
    );
    return undefined;
  }

  #gone(key: string): undefined {
    this.#told.delete(key);
    this.#begun.forget(key);
    this.#untouched.delete(key);
    this.#fresh.delete(key);
    this.#cloud.fronts.remove(`Gateway ${key}`);
    const type = this.#type<GatewayRoute>('HTTPRoute');
    if (type === undefined) return undefined;
    for (const route of this.#routes.routesOf(key))
      if (withoutParents(route, key).status?.parents?.length !== route.status?.parents?.length)
        unlessGone(() =>
          this.#context.api.changeStatus(type, ...namesOf(keyOf(route)), (one) => withoutParents(one, key)),
        );
    return undefined;
  }

  #hold(type: ResourceType<Gateway>, { metadata }: Gateway): void {
    const { namespace = '', name, finalizers = [] } = metadata;
    if (finalizers.includes(FINALIZER)) return;
    this.#context.api.change(type, namespace, name, (one) => ({
      ...one,
      metadata: { ...one.metadata, finalizers: [...finalizers, FINALIZER] },
    }));
  }

  #type<T extends KubeObject>(kind: string): ResourceType<T> | undefined {
    return this.#context.api.types.byKind(GATEWAY_GROUP, kind) as ResourceType<T> | undefined;
  }

  #tell(object: KubeObject, type: 'Normal' | 'Warning', reason: string, text: string): void {
    this.#context.events.record(object, type, reason, text, { component: COMPONENT });
  }
}
