/** Addresses that are reserved and used by nothing are given up. */
import { compare, type CloudAddress } from '@aia/cluster';
import type { ActionDraft, ActionKind } from '../../remedy.ts';
import type { Planning } from '../../planning.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** So long somebody may merely not have come to use it. */
const IDLE_MS = 14 * DAY;

/** Proposes to release addresses that nobody has used for two weeks. */
export const releaseAddress: ActionKind = {
  kind: 'release-address',
  title: 'Give a reserved address up',
  explanation:
    'Releases external addresses that are reserved, used by nothing, and older than two weeks, where they are reported as unused or fill a quota. Refuses for addresses of unknown age, for those with a purpose, and for those that an Ingress, a Gateway or a Service names. It cannot be undone: somebody else may get the address at once.',
  capability: 'networking',
  prior: { alpha: 19, beta: 1, basis: 'nothing uses it' },
  durationMs: { optimistic: MINUTE / 2, likely: MINUTE, pessimistic: 5 * MINUTE },
  baseRisk: 0.05,
  propose: (planning) => {
    const idle = idleAddresses(planning);
    const byCause = planning.causesOf('cloud-address-unused').flatMap((cause) => {
      const found = idle.filter(({ name }) => cause.resource.name.split('/').at(-1) === name);
      return found.map((address) => remedy([address], [cause.id], 0.9));
    });
    const byQuota = ['STATIC_ADDRESSES', 'INTERNAL_ADDRESSES'].flatMap((metric) =>
      planning.goals
        .filter(({ id }) => id.startsWith('kpi:quota/') && id.endsWith(`/${metric}`))
        .flatMap(({ id }) => {
          const region = id.split('/')[1] ?? '';
          const quota = planning.snapshot.cloud.quotas?.find((one) => one.metric === metric && one.region === region);
          const type = metric === 'INTERNAL_ADDRESSES' ? 'INTERNAL' : 'EXTERNAL';
          const open = idle.filter((one) => one.region === region && one.addressType === type);
          const excess =
            quota === undefined ? 0 : Math.ceil(quota.usage - quota.limit * planning.policy.targets.quotaShare);
          return excess > 0 && open.length >= excess ? [remedy(open.slice(0, excess), [id], 0.95)] : [];
        }),
    );
    return [...byCause, ...byQuota];
  },
};

function remedy(addresses: readonly CloudAddress[], resolves: readonly string[], fit: number) {
  const drafts = addresses.map(draftFor);
  return { title: `Release ${addresses.map(({ name }) => name).join(', ')}`, resolves, fit, drafts };
}

function draftFor({ name, address, region, status }: CloudAddress): ActionDraft {
  return {
    kind: releaseAddress.kind,
    title: `Release address ${name} (${address})`,
    target: { group: 'compute.googleapis.com', kind: 'Address', namespace: '', name: `${region}/${name}` },
    reason: `Address ${name} (${address}) is reserved and used by nothing for more than two weeks.`,
    evidence: [{ kind: 'cloud', source: 'addresses', text: `${name}: ${status}, no users` }],
    confidence: 0.8,
    changes: [{ kind: 'cloud', call: { operation: 'release-address', name, address, region } }],
  };
}

function idleAddresses({ snapshot }: Planning): readonly CloudAddress[] {
  const named = namedIn(snapshot);
  return (snapshot.cloud.addresses ?? [])
    .filter(
      ({ status, users, purpose, createdAt, name, address }) =>
        status === 'RESERVED' &&
        users.length === 0 &&
        (purpose === undefined || purpose === '' || purpose === 'GCE_ENDPOINT') &&
        createdAt !== undefined &&
        snapshot.observedAt - createdAt > IDLE_MS &&
        !named.has(name) &&
        !named.has(address),
    )
    .toSorted((a, b) => compare(a.name, b.name));
}

/** Names and numbers of addresses that objects ask for. */
function namedIn(snapshot: Planning['snapshot']): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { spec, metadata } of snapshot.list('Service')) {
    if (spec?.loadBalancerIP !== undefined) names.add(spec.loadBalancerIP);
    addAnnotations(metadata.annotations, names);
  }
  for (const { metadata } of snapshot.list('Ingress')) addAnnotations(metadata.annotations, names);
  for (const { spec } of snapshot.listCustom('gateway.networking.k8s.io/Gateway'))
    for (const { value } of (spec as { addresses?: readonly { value?: string }[] } | undefined)?.addresses ?? [])
      if (value !== undefined) names.add(value);
  return names;
}

const NAMING = /(?:static-ip-name|load-balancer-ip-addresses)$/;

function addAnnotations(annotations: Readonly<Record<string, string>> | undefined, names: Set<string>): void {
  for (const [key, value] of Object.entries(annotations ?? {}))
    if (NAMING.test(key)) for (const name of value.split(',')) names.add(name.trim());
}
