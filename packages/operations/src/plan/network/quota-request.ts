/** Requests for more of cloud quotas: how much, and the words of the request. */
import type { Quota } from '@aia/cluster';
import type { AssessedEvidence, Condition } from '@aia/contract';
import { quotaEvidence, quotaRef } from '../../diagnose/cloud/cloud-quota.ts';
import type { ActionDraft } from '../remedy.ts';

/** What is asked for. */
export interface QuotaAsk {
  readonly quota: Quota;
  /** So much more is needed at once. */
  readonly more: number;
  /** What it is for, in a full sentence. */
  readonly why: string;
  readonly evidence: readonly AssessedEvidence[];
  /** What is to hold once it is granted; default that so much is free. */
  readonly probe?: readonly Condition[];
}

/** The limit that leaves `share` of it used at most, once `more` is taken; whole numbers alone are granted. */
export function limitFor({ usage, limit }: Pick<Quota, 'usage' | 'limit'>, more: number, share: number): number {
  return Math.max(limit + Math.ceil(more), Math.ceil((usage + more) / share));
}

/** The action that asks, of the kind `request-quota`. `share`: of the limit that is to be used at most. */
export function quotaRequestDraft({ quota, more, why, evidence, probe }: QuotaAsk, share: number): ActionDraft {
  const { metric, region, usage, limit } = quota;
  const to = limitFor(quota, more, share);
  const title = `Ask for ${to} ${metric} in ${region} instead of ${limit}`;
  return {
    kind: 'request-quota',
    title,
    target: quotaRef(metric, region),
    reason: `${why} ${usage} of ${limit} ${metric} in ${region} are used and ${more} more are needed; with ${to} no more than ${Math.round(share * 100)} % of the quota would be used then.`,
    evidence: [quotaEvidence(quota), ...evidence],
    confidence: 0.9,
    changes: [{ kind: 'cloud', call: { operation: 'request-quota', metric, region, from: limit, to } }],
    probe: {
      conditions: probe ?? [{ kind: 'quota-room', metric, region, amount: more }],
      withinMs: 30 * 60_000,
    },
    risks: [{ reason: 'the cloud may grant less, or only after days', adds: 0.1 }],
  };
}

/** `us-central1/CPUS`, as goals name quotas. */
export function quotaKeyOf({ metric, region }: Pick<Quota, 'metric' | 'region'>): string {
  return `${region}/${metric}`;
}
