/** The newest failure that the controller of an Ingress reports in an event. */
import { eventTime, type Event, type KindMap } from '@aia/cluster';
import type { Examination } from '../examination.ts';
import { hasIngressAddress } from './ingress-classes.ts';
import { eventText } from '../messages/event-text.ts';
import { isLoadBalancerFailure, parseLoadBalancer } from '../messages/load-balancer.ts';
import type { CloudRefusal } from '../messages/message.ts';
import { currentWarning } from './service-events.ts';

export interface SyncFailure {
  readonly event: Event;
  readonly words: string;
  readonly refusal: CloudRefusal | undefined;
  /** Whether the reason is one by which a controller says that it cannot put the Ingress into effect. */
  readonly isKnown: boolean;
}

/** Of NGINX, Azure, Kong, Traefik and cert-manager, beside those of cloud load balancers. */
const OTHERS =
  /^(?:Rejected|AddedOrUpdatedWithError|UpdatedWithError|NoValidIngress|FailedApplyingAppGwConfig|BadConfig|KongConfigurationTranslationFailed|KongConfigurationApplyFailed|TranslationError|BackendNotFound|ServiceNotFound|SecretNotFound)$/;
const HOUR = 60 * 60_000;

/** `undefined` where there is none, it is too long ago, or a success has followed. */
export function syncFailure(examination: Examination, ingress: KindMap['Ingress']): SyncFailure | undefined {
  const window = hasIngressAddress(ingress) ? HOUR : examination.thresholds.restartWindowMs;
  const event = currentWarning(examination, ingress, window, () => true);
  if (event === undefined || eventTime(event) === 0) return undefined;
  const { reason = '' } = event;
  const words = eventText(event);
  const isKnown = isLoadBalancerFailure(reason) || OTHERS.test(reason);
  return { event, words, refusal: parseLoadBalancer(reason, words), isKnown };
}
