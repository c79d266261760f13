/** Addresses in use that a change would lose are reserved before. */
import { refText, type ResourceRef } from '@aia/cluster';
import type { Change } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { regionOf } from '../../complete-action.ts';
import type { Balancer } from '../../network/balancers.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind } from '../../remedy.ts';

const MINUTE = 60_000;
const LONGEST = 63;
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/** Part of remedies that take an address away; proposes nothing by itself. */
export const reserveAddress: ActionKind = {
  kind: 'reserve-address',
  title: 'Make an address static',
  explanation:
    'Reserves addresses that load balancers use before these give them up, so that the way back stays open: as long as they are reserved, nobody else gets them. Part of remedies that take addresses away, as far as the quota of static addresses has room. They are released once nobody asks for them any more.',
  capability: 'networking',
  prior: { alpha: 19, beta: 1, basis: 'an address in use is promoted without interruption' },
  durationMs: { optimistic: MINUTE / 2, likely: MINUTE, pessimistic: 5 * MINUTE },
  baseRisk: 0.02,
  propose: () => [],
};

/** Reserves what these hold, as far as the quota has room; `undefined` where nothing is to be or can be reserved. */
export function reservationDraft(group: readonly Balancer[], planning: Planning): ActionDraft | undefined {
  const { cloud } = planning.snapshot;
  const region = regionOf(planning);
  if (cloud.provider !== 'gcp' || region === '') return undefined;
  const reserved = new Set((cloud.addresses ?? []).map(({ address }) => address));
  const held = group
    .filter(({ isInternal }) => !isInternal)
    .flatMap((one) => one.addresses.map((address) => ({ one, address })))
    .filter(({ address }) => IPV4.test(address) && !reserved.has(address));
  const kept = held.slice(0, roomFor(region, planning));
  const [first] = kept;
  if (first === undefined) return undefined;
  const names = kept.map(({ address }) => address);
  return {
    kind: reserveAddress.kind,
    title: `Reserve ${names.length === 1 ? names[0] : `${names.length} addresses`} before ${names.length === 1 ? 'it is' : 'they are'} given up`,
    target: first.one.ref,
    part: 'before',
    reason: `${names.join(', ')} are in use and would be lost with the load balancers that hold them; reserved, they can be given back to them.`,
    evidence: kept
      .slice(0, 12)
      .map(({ one, address }) => fieldEvidence(one.service, 'status.loadBalancer.ingress[0].ip', address)),
    confidence: 0.95,
    changes: kept.map(({ one, address }): Change => ({
      kind: 'cloud',
      call: { operation: 'reserve-address', name: keptName(one.ref), address, region },
    })),
    // The Service gives it up afterwards, so that it cannot be asked whether it is kept.
    probe: { conditions: [{ kind: 'told', statement: `gcloud lists ${names.join(', ')} as reserved` }] },
  };
}

function roomFor(region: string, { snapshot, policy }: Planning): number {
  const quota = snapshot.cloud.quotas?.find((one) => one.metric === 'STATIC_ADDRESSES' && one.region === region);
  if (quota === undefined || quota.limit < 0) return Infinity;
  return Math.max(0, Math.floor(quota.limit * policy.targets.quotaShare - quota.usage));
}

/** Name of the static address of a Service, as Google takes it: RFC 1035, at most 63 letters. */
export function keptName({ namespace, name }: Pick<ResourceRef, 'namespace' | 'name'>): string {
  return `kept-${namespace}-${name}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-')
    .slice(0, LONGEST)
    .replace(/-+$/, '');
}

/** `Service shop/web (34.1.2.3)`. */
export function addressText({ ref, addresses }: Balancer): string {
  return addresses.length === 0 ? refText(ref) : `${refText(ref)} (${addresses.join(', ')})`;
}
