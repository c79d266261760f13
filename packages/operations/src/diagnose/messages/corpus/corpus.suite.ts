/** All families of messages with their texts: what the laws of every parser are held against, and what the reference page shows. */
import { parseAutoscaling } from '../autoscaling.ts';
import { parseBackOff } from '../back-off.ts';
import { parseClaim } from '../claim.ts';
import { parseCloudRefusal, parseVisibilityId } from '../cloud-refusal.ts';
import { parseContainerConfig, parseMount } from '../configuration.ts';
import { parseCreation } from '../creation.ts';
import { plainText } from '../event-text.ts';
import { parseEviction } from '../eviction.ts';
import { parseImage } from '../image.ts';
import { parseLoadBalancer } from '../load-balancer.ts';
import { parseProbe } from '../probe.ts';
import { parseSandbox } from '../sandbox.ts';
import { parseScaleUp } from '../scale-up.ts';
import { parseScheduling } from '../scheduling.ts';
import { parseStart } from '../start.ts';
import { parseStatement, STATEMENTS } from '../statement.ts';
import { parseWebhookCall } from '../webhook.ts';
import { rows as autoscaling } from './autoscaling.suite.ts';
import { rows as backOff } from './back-off.suite.ts';
import { rows as claim } from './claim.suite.ts';
import { rows as cloud } from './cloud-refusal.suite.ts';
import { containers, mounts } from './configuration.suite.ts';
import type { FieldRow, Row } from './corpus-row.ts';
import { rows as creation } from './creation.suite.ts';
import { rows as eviction } from './eviction.suite.ts';
import * as fieldContainer from './field-container.suite.ts';
import * as fieldControl from './field-control.suite.ts';
import * as fieldScheduling from './field-scheduling.suite.ts';
import * as fieldVolume from './field-volume.suite.ts';
import { pulling, waiting } from './image.suite.ts';
import { rows as loadBalancer } from './load-balancer.suite.ts';
import { rows as probe } from './probe.suite.ts';
import { rows as sandbox } from './sandbox.suite.ts';
import { failedAdding, failedZones, refused, triggered } from './scale-up.suite.ts';
import { rows as scheduling } from './scheduling.suite.ts';
import { rows as start } from './start.suite.ts';
import { rows as webhook } from './webhook.suite.ts';

/** One text as it is written. */
export interface Message {
  /** Versions of Kubernetes, or who else writes it. */
  readonly versions: string;
  /** Reason of the event or condition; `''` where the text is passed on by many. */
  readonly reason: string;
  readonly text: string;
}

/** One family: a parser and the texts it must read. */
export interface MessageFamily {
  readonly family: string;
  readonly about: string;
  /** What the parser makes of a text. */
  readonly parse: (reason: string, text: string) => unknown;
  readonly messages: readonly Message[];
}

/** Rows of a parser's own table; texts that it must leave alone are none of its family. */
function rowsOf<T>(reason: string, rows: readonly Row<T>[]): readonly Message[] {
  return rows.flatMap(([versions, text, expected]) => (expected === undefined ? [] : [{ versions, reason, text }]));
}

function fieldOf<T>(rows: readonly FieldRow<T>[]): readonly Message[] {
  return rows.map(([versions, reason, text]) => ({ versions, reason, text }));
}

const VISIBILITY = [
  'scale.up.error.out.of.resources',
  'scale.up.error.quota.exceeded',
  'scale.up.error.waiting.for.instances.timeout',
  'scale.up.error.ip.space.exhausted',
  'scale.up.error.service.account.deleted',
  'scale.up.error.unsupportred.compact.placement.config',
  'scale.up.error.compact.placement.node.group.already.exists',
  'scale.up.error.tpu.topology.invalid',
  'scale.up.error.tpu.configuration.invalid',
  'scale.up.error.invalid.reservation',
  'scale.up.error.reservation.not.ready',
  'scale.up.error.reservation.capacity.exceeded',
  'scale.up.error.reservation.not.found',
  'scale.up.error.reservation.incompatible',
  'scale.up.error.any.affinity.reservations.not.available',
  'scale.up.error.any.affinity.reservations.no.capacity',
  'scale.up.error.other',
  'no.scale.up.mig.failing.predicate',
  'no.scale.up.in.backoff',
  'no.scale.up.nap.no.locations.available',
  'no.scale.up.nap.node.groups.limit.reached',
  'no.scale.up.nap.pod.gpu.no.limit.defined',
  'no.scale.up.nap.pod.gpu.type.not.supported',
  'no.scale.up.nap.pod.zonal.resources.exceeded',
  'no.scale.up.nap.pod.zonal.failing.predicates',
  'no.scale.up.nap.pod.workload.separation.invalid',
];

const PARSED: readonly MessageFamily[] = [
  {
    family: 'scheduling',
    about: 'why no node takes a pod: events FailedScheduling, condition PodScheduled',
    parse: (_reason, text) => parseScheduling(text),
    messages: [...rowsOf('FailedScheduling', scheduling), ...fieldOf(fieldScheduling.scheduling)],
  },
  {
    family: 'scale-up',
    about: "the cluster autoscaler's and GKE's events about growing",
    parse: parseScaleUp,
    messages: [
      ...rowsOf('TriggeredScaleUp', triggered),
      ...rowsOf('NotTriggerScaleUp', refused),
      ...rowsOf('FailedScaleUp', failedZones),
      ...rowsOf('ScaleUpFailed', failedAdding),
      ...fieldOf(fieldScheduling.scaleUps),
    ],
  },
  {
    family: 'cloud',
    about: 'refusals of clouds, wherever they are quoted',
    parse: (_reason, text) => parseCloudRefusal(text),
    messages: rowsOf('', cloud),
  },
  {
    family: 'visibility',
    about: "ids of GKE's cluster autoscaler visibility log that refuse a scale-up",
    parse: (_reason, text) => parseVisibilityId(plainText(text), []),
    messages: VISIBILITY.map((text) => ({ versions: 'GKE', reason: 'messageId', text })),
  },
  {
    family: 'image',
    about: 'image pulls: events Failed, waiting reasons',
    parse: parseImage,
    messages: [...rowsOf('Failed', pulling), ...rowsOf('ErrImagePull', waiting), ...fieldOf(fieldContainer.images)],
  },
  {
    family: 'start',
    about: 'starts of containers: what runtimes say',
    parse: parseStart,
    messages: [...rowsOf('RunContainerError', start), ...fieldOf(fieldContainer.starts)],
  },
  {
    family: 'container-config',
    about: 'containers that cannot be configured',
    parse: (_reason, text) => parseContainerConfig(text),
    messages: [...rowsOf('Failed', containers), ...fieldOf(fieldVolume.container)],
  },
  {
    family: 'mount',
    about: 'volumes that are not attached or mounted',
    parse: (_reason, text) => parseMount(text),
    messages: [...rowsOf('FailedMount', mounts), ...fieldOf(fieldVolume.mounts)],
  },
  {
    family: 'sandbox',
    about: 'sandboxes and networks of pods',
    parse: (_reason, text) => parseSandbox(text),
    messages: [...rowsOf('FailedCreatePodSandBox', sandbox), ...fieldOf(fieldContainer.sandboxes)],
  },
  {
    family: 'back-off',
    about: 'growing pauses before a further attempt',
    parse: (_reason, text) => parseBackOff(text),
    messages: rowsOf('BackOff', backOff),
  },
  {
    family: 'probe',
    about: 'probes that fail',
    parse: (_reason, text) => parseProbe(text),
    messages: [...rowsOf('Unhealthy', probe), ...fieldOf(fieldContainer.probes)],
  },
  {
    family: 'eviction',
    about: 'evictions and rejections by the kubelet',
    parse: parseEviction,
    messages: [...rowsOf('', eviction), ...fieldOf(fieldControl.evictions)],
  },
  {
    family: 'creation',
    about: 'pods that the API server refuses: no pod exists',
    parse: (_reason, text) => parseCreation(text),
    messages: [...rowsOf('FailedCreate', creation), ...fieldOf(fieldControl.creations)],
  },
  {
    family: 'webhook',
    about: 'admission webhooks that do not answer',
    parse: (_reason, text) => parseWebhookCall(text),
    messages: rowsOf('FailedCreate', webhook),
  },
  {
    family: 'autoscaling',
    about: 'autoscalers that cannot count or scale',
    parse: (_reason, text) => parseAutoscaling(text),
    messages: rowsOf('FailedGetResourceMetric', autoscaling),
  },
  {
    family: 'claim',
    about: 'claims without a volume, or without the size they ask for',
    parse: parseClaim,
    messages: [...rowsOf('', claim), ...fieldOf(fieldControl.claims)],
  },
  {
    family: 'load-balancer',
    about: 'load balancers that are not made',
    parse: parseLoadBalancer,
    messages: [...rowsOf('SyncLoadBalancerFailed', loadBalancer), ...fieldOf(fieldControl.balancers)],
  },
];

/** In the order of the reference page. */
export const CORPUS: readonly MessageFamily[] = [
  ...PARSED,
  ...STATEMENTS.map(({ family, about, rows }): MessageFamily => ({
    family,
    about,
    parse: parseStatement,
    messages: rows.flatMap(({ versions, reasons, example }) =>
      reasons.slice(0, 1).map((reason) => ({ versions, reason, text: example })),
    ),
  })),
];

interface Found {
  readonly cause?: string;
  readonly kind?: string;
  readonly outcome?: string;
  readonly class?: string;
  readonly reasons?: readonly Found[];
  readonly refusals?: readonly Found[];
  readonly prefilter?: Found;
  readonly preemption?: readonly Found[];
}

/** The class in which a parser puts a text, as one word or, for lists, several; `undefined` for what it does not know. */
export function classOf(found: unknown): string | undefined {
  if (found === undefined) return undefined;
  const { cause, kind, outcome, class: own, reasons = [], refusals = [], prefilter, preemption = [] } = found as Found;
  const one = cause ?? kind ?? own;
  if (one !== undefined) return one;
  const parts = [...refusals, ...(prefilter === undefined ? reasons : [prefilter])].map((part) => classOf(part) ?? '');
  const listed = [...new Set(parts.length === 0 ? preemption.map((part) => classOf(part) ?? '') : parts)].sort();
  return [...(outcome === undefined ? [] : [outcome]), ...(listed.length === 0 ? [] : [listed.join(' + ')])].join(': ');
}
