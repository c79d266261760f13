/** Which changes of a Service concern its load balancer, and what is told of them. Source: `needsUpdate` in `k8s.io/cloud-provider` */
import type { Service } from '../../../model/kinds.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { FINALIZERS, dialectOf } from './dialect.ts';

/** What is told of a change: reason and text of an event. */
export type Told = readonly [reason: string, text: string];

type Spec = NonNullable<Service['spec']>;

/** Annotations that controllers write, changes of which mean nothing. */
const WRITTEN = /^(?:cloud\.google\.com\/neg-status$|service\.kubernetes\.io\/)/;

const LISTS: readonly (readonly [reason: string, text: (spec: Spec) => string])[] = [
  ['LoadBalancerSourceRanges', ({ loadBalancerSourceRanges = [] }) => `[${loadBalancerSourceRanges.join(' ')}]`],
  ['LoadbalancerIP', ({ loadBalancerIP = '' }) => loadBalancerIP],
  ['ExternalTrafficPolicy', ({ externalTrafficPolicy = 'Cluster' }) => externalTrafficPolicy],
  ['HealthCheckNodePort', ({ healthCheckNodePort = 0 }) => String(healthCheckNodePort)],
];

/** Whether a load balancer is to go although its Service is still there. */
export function needsCleanup({ metadata, spec }: Service): boolean {
  const isHeld = (metadata.finalizers ?? []).some((finalizer) => FINALIZERS.has(finalizer));
  return isHeld && (metadata.deletionTimestamp !== undefined || spec?.type !== 'LoadBalancer');
}

/** What is told of a change that concerns the load balancer; `undefined` for others. */
export function updateOf(before: Service, now: Service): readonly Told[] | undefined {
  const [was, is] = [dialectOf(before), dialectOf(now)];
  if (was === undefined && is === undefined) return undefined;
  if ((was === undefined) !== (is === undefined))
    return [['Type', `${before.spec?.type ?? ''} -> ${now.spec?.type ?? ''}`]];
  const [old, spec] = [before.spec ?? {}, now.spec ?? {}];
  const told = LISTS.flatMap(([reason, text]): readonly Told[] =>
    text(old) === text(spec) ? [] : [[reason, `${text(old)} -> ${text(spec)}`]],
  );
  if (told.length > 0) return told.slice(0, 1);
  return sameJson(silent(before), silent(now)) ? undefined : [];
}

/** What concerns it and is not told of. What was recorded without its defaults is the same with them. */
function silent({ metadata, spec }: Service): unknown {
  const { sessionAffinity = 'None', sessionAffinityConfig, externalIPs } = spec ?? {};
  const ports = (spec?.ports ?? []).map((one) => ({
    ...one,
    protocol: one.protocol ?? 'TCP',
    targetPort: one.targetPort ?? one.port,
  }));
  const annotations = Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(([name]) => !WRITTEN.test(name)),
  );
  return { ports, sessionAffinity, sessionAffinityConfig, externalIPs, annotations, uid: metadata.uid };
}
