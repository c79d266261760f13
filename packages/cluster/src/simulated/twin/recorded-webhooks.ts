/** What recorded refusals tell of admission webhooks: which of them cannot be called, and why. */
import type { ClusterSnapshot } from '../../snapshot/snapshot.ts';
import { MUTATING_WEBHOOK_CONFIGURATIONS, VALIDATING_WEBHOOK_CONFIGURATIONS } from '../api/built-in-types.ts';
import type { BehaviourRow } from '../kubelet/behaviour-table.ts';
import type { ObjectStore } from '../store/object-store.ts';

const REFUSAL = /failed calling webhook "([^"]+)": failed to call webhook: Post "[^"]*": (.+)$/s;
/** These follow from the objects, as the simulated API server sees them. */
const SEEN = /^(?:service "[^"]*" not found|no endpoints available for service)/;
/** Controllers ask again at least so often. Source: rate limiters of client-go, at most 1000 s */
const LATELY_MS = 1_100_000;

/** By the webhook's name, why a call of it failed lately. */
export function webhookErrors(snapshot: ClusterSnapshot): ReadonlyMap<string, string> {
  const messages = [
    ...snapshot.list('Event').filter(({ lastTimestamp, eventTime }) => {
      const at = Date.parse(lastTimestamp ?? eventTime ?? '');
      return Number.isNaN(at) || snapshot.observedAt - at <= LATELY_MS;
    }),
    ...snapshot.list('ReplicaSet').flatMap(({ status }) => status?.conditions ?? []),
  ].map(({ message = '' }) => message);
  const errors = new Map<string, string>();
  for (const message of messages) {
    const [, name, why] = REFUSAL.exec(message) ?? [];
    if (name !== undefined && why !== undefined && !SEEN.test(why)) errors.set(name, why);
  }
  return errors;
}

/** Webhooks that could not be called go on so until their configuration is changed. */
export function recordedWebhooks(snapshot: ClusterSnapshot, store: ObjectStore): BehaviourRow | undefined {
  const errors = webhookErrors(snapshot);
  if (errors.size === 0) return undefined;
  const recorded = new Map([...errors.keys()].map((name) => [name, clientOf(store, name)]));
  return {
    webhook: (name) => {
      const callError = errors.get(name);
      return callError === undefined || clientOf(store, name) !== recorded.get(name) ? undefined : { callError };
    },
  };
}

function clientOf(store: ObjectStore, name: string): string {
  for (const type of [VALIDATING_WEBHOOK_CONFIGURATIONS, MUTATING_WEBHOOK_CONFIGURATIONS])
    for (const { webhooks = [] } of store.list(type as typeof VALIDATING_WEBHOOK_CONFIGURATIONS))
      for (const webhook of webhooks)
        if (webhook.name === name) return JSON.stringify([webhook.clientConfig, webhook.timeoutSeconds]);
  return '';
}
