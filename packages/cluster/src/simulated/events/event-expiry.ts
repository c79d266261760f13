/** Events are forgotten an hour after they were written last. Source: `kube-apiserver --event-ttl`, default 1h0m0s */
import type { Change } from '../store/object-store.ts';
import { EVENTS } from '../api/built-in-types.ts';
import type { SimulationContext } from '../simulation-context.ts';

const TTL_MS = 3_600_000;

/** Takes events away whose time is over, whoever wrote them. */
export function startEventExpiry({ api: { store }, clock }: SimulationContext): void {
  // In the order in which they end, because all live equally long.
  const ends = new Map<string, { readonly namespace: string; readonly name: string; readonly at: number }>();
  let isSet = false;

  const wait = (delayMs: number): void => {
    isSet = true;
    clock.after(delayMs, expire);
  };
  const expire = (): void => {
    isSet = false;
    for (const [key, { namespace, name, at }] of ends) {
      if (at > clock.now) return wait(at - clock.now);
      ends.delete(key);
      store.remove(EVENTS, namespace, name);
    }
  };

  store.listen(({ type, kind, object: { metadata } }: Change) => {
    if (type.kind !== EVENTS.kind || (type.group !== '' && type.group !== 'events.k8s.io')) return;
    const { namespace = '', name } = metadata;
    const key = `${namespace}/${name}`;
    ends.delete(key);
    if (kind === 'DELETED') return;
    ends.set(key, { namespace, name, at: clock.now + TTL_MS });
    if (!isSet) wait(TTL_MS);
  });
}
