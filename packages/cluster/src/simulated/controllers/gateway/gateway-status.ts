/** What GKE says of Gateways and their routes. Source: the statuses of real ones; https://gateway-api.sigs.k8s.io/reference/spec/ */
import type { Gateway, GatewayRoute, ParentReference } from '../../../model/gateway-kinds.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { GATEWAY_GROUP, quoted, type Attachment } from './gateway-routes.ts';

export const CONTROLLER = 'networking.gke.io/gateway';
const READY =
  'The OSS Gateway API has altered the "Ready" condition semantics and reserved it for future use.  GKE Gateway will stop emitting it in a future update, use "Programmed" instead.';

/** A condition without its time. */
export type Fact = readonly [type: string, status: 'True' | 'False', reason: string, message: string];

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly observedGeneration?: number;
}

/** Conditions as facts say; those that say so already keep their time. */
function conditionsOf(
  facts: readonly Fact[],
  before: readonly Condition[],
  generation: number | undefined,
  now: number,
): readonly Condition[] {
  return facts.map(([type, status, reason, message]) => {
    const known = before.find((one) => one.type === type);
    const isSame = known?.status === status && known.lastTransitionTime !== undefined;
    return {
      ...{ type, status, reason, message },
      ...(generation === undefined ? {} : { observedGeneration: generation }),
      lastTransitionTime: isSame ? known.lastTransitionTime : timestamp(now),
    };
  });
}

/** A Gateway with its address, or with why it has none. */
export function withStatus(
  gateway: Gateway,
  address: string | undefined,
  failure: string | undefined,
  attachments: readonly Attachment[],
  now: number,
): Gateway {
  const { generation } = gateway.metadata;
  const { conditions = [], addresses = [], listeners = [] } = gateway.status ?? {};
  const status = {
    ...gateway.status,
    addresses: address === undefined ? addresses : [{ type: 'IPAddress', value: address }],
    conditions: conditionsOf(gatewayFacts(failure), conditions, generation, now),
    listeners: (gateway.spec?.listeners ?? []).map(({ name }) => ({
      attachedRoutes: new Set(
        attachments.filter((one) => one.listeners.includes(name)).map(({ route }) => quoted(route)),
      ).size,
      conditions: conditionsOf(
        listenerFacts(failure),
        listeners.find((one) => one.name === name)?.conditions ?? [],
        generation,
        now,
      ),
      name,
      supportedKinds: [{ group: GATEWAY_GROUP, kind: 'HTTPRoute' }],
    })),
  };
  return sameJson(status, gateway.status) ? gateway : { ...gateway, status };
}

function gatewayFacts(failure: string | undefined): readonly Fact[] {
  if (failure !== undefined)
    return [
      [
        'Accepted',
        isOfSpec(failure) ? 'False' : 'True',
        isOfSpec(failure) ? 'Invalid' : 'Accepted',
        isOfSpec(failure) ? failure : '',
      ],
      ['Programmed', 'False', 'Invalid', failure],
      ['Ready', 'False', 'NotReady', READY],
      ['networking.gke.io/GatewayHealthy', 'False', 'Error', `Gateway: Invalid : ${failure}`],
    ];
  return [
    ['Accepted', 'True', 'Accepted', ''],
    ['Programmed', 'True', 'Programmed', ''],
    ['Ready', 'True', 'Ready', READY],
    ['networking.gke.io/GatewayHealthy', 'True', 'Healthy', ''],
  ];
}

function listenerFacts(failure: string | undefined): readonly Fact[] {
  const isProgrammed = failure === undefined;
  return [
    ['ResolvedRefs', 'True', 'ResolvedRefs', ''],
    ['Accepted', 'True', 'Accepted', ''],
    ['Programmed', isProgrammed ? 'True' : 'False', isProgrammed ? 'Programmed' : 'Invalid', failure ?? ''],
    ['Ready', isProgrammed ? 'True' : 'False', isProgrammed ? 'Ready' : 'NotReady', READY],
  ];
}

/** Whether the Gateway itself is wrong, and not the cloud too small. */
function isOfSpec(failure: string): boolean {
  return failure.startsWith('Error GWCER106');
}

/** A route with what became of its references to one Gateway; those to others stay as they are. */
export function withParents(route: GatewayRoute, attachments: readonly Attachment[], now: number): GatewayRoute {
  const before = route.status?.parents ?? [];
  const mine = attachments.map((attachment) => {
    const { parentRef } = attachment;
    const known = before.find(
      (one) => one.controllerName === CONTROLLER && sameJson(one.parentRef, completed(parentRef)),
    );
    const conditions = conditionsOf(routeFacts(attachment), known?.conditions ?? [], route.metadata.generation, now);
    return { conditions, controllerName: CONTROLLER, parentRef: completed(parentRef) };
  });
  const others = before.filter((one) => !mine.some(({ parentRef }) => sameJson(parentRef, one.parentRef)));
  const parents = [...others, ...mine];
  return sameJson(parents, before) ? route : { ...route, status: { ...route.status, parents } };
}

/** Without the references to a Gateway that is gone. */
export function withoutParents(route: GatewayRoute, key: string): GatewayRoute {
  const { namespace: own = '' } = route.metadata;
  const parents = (route.status?.parents ?? []).filter(
    ({ parentRef, controllerName }) =>
      controllerName !== CONTROLLER || `${parentRef?.namespace ?? own}/${parentRef?.name ?? ''}` !== key,
  );
  return { ...route, status: { ...route.status, parents } };
}

function completed(reference: ParentReference): ParentReference {
  return { group: GATEWAY_GROUP, kind: 'Gateway', ...reference };
}

function routeFacts({ accepted, unresolved, route, parentRef }: Attachment): readonly Fact[] {
  const isResolved = unresolved === undefined;
  const isAccepted = accepted === 'Accepted';
  return [
    [
      'ResolvedRefs',
      isResolved ? 'True' : 'False',
      isResolved ? 'ResolvedRefs' : unresolved.reason,
      isResolved ? '' : unresolvedText(route, parentRef, unresolved),
    ],
    ['Accepted', isAccepted ? 'True' : 'False', accepted, ''],
    ['Reconciled', isAccepted ? 'True' : 'False', isAccepted ? 'ReconciliationSucceeded' : 'ReconciliationFailed', ''],
  ];
}

/** What is told of a route that sends to what is not there. */
export function unresolvedText(
  route: GatewayRoute,
  parentRef: ParentReference,
  { cause, words }: NonNullable<Attachment['unresolved']>,
): string {
  return `Object reference of HTTPRoute ${quoted(route)} bound to ParentRef ${parentText(parentRef)} failed to be resolved: error cause: ${cause}: ${words}`;
}

/** A reference as Go prints it. */
export function parentText({ namespace, name, sectionName, port }: ParentReference): string {
  const text = (value: string | number | undefined) => (value === undefined ? 'nil' : JSON.stringify(value));
  return [
    `{Group:       ${JSON.stringify(GATEWAY_GROUP)}`,
    ` Kind:        "Gateway"`,
    ` Namespace:   ${text(namespace)}`,
    ` Name:        ${JSON.stringify(name)}`,
    ` SectionName: ${text(sectionName)}`,
    ` Port:        ${text(port)}}`,
  ].join(',\n');
}
