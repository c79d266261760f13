/** Whether AIA can read an event, and a count of those that it cannot, so that a report is honest about them. */
import { compare, type Event } from '@aia/cluster';
import { parseBackOff } from './back-off.ts';
import { parseClaim } from './claim.ts';
import { parseContainerConfig, parseMount } from './configuration.ts';
import { parseCreation } from './creation.ts';
import { eventText, plainText } from './event-text.ts';
import { parseEviction } from './eviction.ts';
import { parseImage } from './image.ts';
import { knownReasonKind } from './known-reasons.ts';
import { parseLoadBalancer } from './load-balancer.ts';
import { parseProbe } from './probe.ts';
import { parseSandbox } from './sandbox.ts';
import { parseScaleUp } from './scale-up.ts';
import { parseScheduling } from './scheduling.ts';
import { parseStart } from './start.ts';
import { parseStatement } from './statement.ts';

/** Warning events of one reason and one wording that no parser knows. */
export interface UnrecognisedEvent {
  readonly reason: string;
  /** Event objects, not their repetitions. */
  readonly count: number;
  /** One message with its white space made single, at most 300 characters. */
  readonly example: string;
}

/** Says the kind of a text, or nothing where its words are unknown. */
type Recogniser = (reason: string, text: string) => string | undefined;

const read = (kind: string, found: { readonly cause: string } | undefined): string | undefined =>
  found === undefined || found.cause === 'other' ? undefined : kind;

/** A scheduler's text is known when each of its reasons is. */
const scheduling: Recogniser = (_reason, text) => {
  const found = parseScheduling(text);
  if (found === undefined)
    return /^Failed to schedule pod, |^skip schedule deleting pod: /.test(text) ? 'scheduling' : undefined;
  const reasons = [...found.reasons, ...(found.prefilter === undefined ? [] : [found.prefilter])];
  return reasons.every((reason) => reason.class !== 'other') ? 'scheduling' : undefined;
};

const scaleUp: Recogniser = (reason, text) => {
  const found = parseScaleUp(reason, text);
  if (found === undefined) return undefined;
  const known =
    found.reasons.every((item) => item.class !== 'other') && found.refusals.every((item) => item.cause !== 'other');
  return known ? 'scale-up' : undefined;
};

/** `Error: ImagePullBackOff` repeats what the container's state says. */
const REPEATED =
  /^Error: (?:ErrImagePull|ImagePullBackOff|ImageInspectError|CreateContainerError|CreateContainerConfigError)$/;

const container: Recogniser = (reason, text) =>
  read('container-config', parseContainerConfig(text)) ??
  read('image', parseImage(reason, text)) ??
  read('start', parseStart(reason, text)) ??
  (REPEATED.test(text) ? 'container' : undefined);

const mount: Recogniser = (_reason, text) => read('mount', parseMount(text));
const sandbox: Recogniser = (_reason, text) => read('sandbox', parseSandbox(text));
const creation: Recogniser = (_reason, text) => read('creation', parseCreation(text));
const probe: Recogniser = (_reason, text) => read('probe', parseProbe(text));
const image: Recogniser = (reason, text) => read('image', parseImage(reason, text));
const claim: Recogniser = (reason, text) => read('claim', parseClaim(reason, text));
const loadBalancer: Recogniser = (reason, text) => read('load-balancer', parseLoadBalancer(reason, text));
const eviction: Recogniser = (reason, text) => read('eviction', parseEviction(reason, text));

/** Reasons whose text counts. */
const RECOGNISERS: ReadonlyMap<string, Recogniser> = new Map<string, Recogniser>([
  ['FailedScheduling', scheduling],
  ...['TriggeredScaleUp', 'NotTriggerScaleUp', 'FailedScaleUp', 'ScaleUpFailed', 'FailedToScaleUpGroup'].map(
    (reason) => [reason, scaleUp] as const,
  ),
  ...['FailedToCreateNodeGroup', 'ScaleUpTimedOut', 'MaxNodesTotalReached', 'ClusterUnhealthy'].map(
    (reason) => [reason, scaleUp] as const,
  ),
  ['Failed', container],
  ['InspectFailed', image],
  ['FailedMount', mount],
  ['FailedAttachVolume', mount],
  ['FailedMapVolume', mount],
  ['FailedCreatePodSandBox', sandbox],
  ['FailedPodSandBoxStatus', sandbox],
  ['NetworkNotReady', sandbox],
  ['FailedKillPod', sandbox],
  ['FailedCreate', creation],
  ['Unhealthy', probe],
  ['ProbeWarning', (_reason, text) => (parseProbe(text) === undefined ? undefined : 'probe')],
  ['Evicted', eviction],
  ['Preempting', eviction],
  ['FailedBinding', claim],
  ['ProvisioningFailed', claim],
  ['VolumeMismatch', claim],
  ['ClaimLost', claim],
  ['ClaimMisbound', claim],
  ['VolumeFailedDelete', claim],
  ['VolumeResizeFailed', claim],
  ['Sync', loadBalancer],
  ['Translate', loadBalancer],
]);

/** Whether an event's reason, or its reason and text, are known; `kind` names the parser or the component. */
export function recogniseEvent(event: Event): { kind: string } | undefined {
  const reason = event.reason ?? '';
  const known = knownReasonKind(reason);
  if (known !== undefined) return { kind: known };
  if (event.type === 'Normal' && (reason === 'Sync' || reason === 'Translate')) return { kind: 'load-balancing' };
  const kind = recogniseText(reason, eventText(event));
  return kind === undefined ? undefined : { kind };
}

function recogniseText(reason: string, text: string): string | undefined {
  const recogniser = RECOGNISERS.get(reason);
  const found =
    recogniser === undefined
      ? (loadBalancer(reason, text) ??
        eviction(reason, text) ??
        (parseBackOff(text) === undefined ? undefined : 'back-off'))
      : recogniser(reason, text);
  return found ?? parseStatement(reason, text)?.family;
}

/** Wordings per reason that are listed one by one; the rest of a reason is one row. */
const WORDINGS_CAP = 10;
const EXAMPLE_LENGTH = 300;

/**
 * Counts Warning events that no parser knows, by reason and wording (texts that differ in numbers, ids and quoted names are
 * one wording). Most frequent first; the order of the events does not matter. Equal texts are read once.
 */
export function unrecognised(events: readonly Event[]): readonly UnrecognisedEvent[] {
  const reasons = new Map<string, Map<string, Occurrences>>();
  for (const event of events) {
    if (event.type === 'Normal') continue;
    const reason = event.reason ?? '';
    if (knownReasonKind(reason) !== undefined) continue;
    const texts = reasons.get(reason) ?? new Map<string, Occurrences>();
    reasons.set(reason, texts);
    const message = event.message ?? '';
    const before = texts.get(message);
    if (before === undefined) texts.set(message, { count: 1, names: namesOf(event) });
    else before.count++;
  }
  const rows = [...reasons].flatMap(([reason, texts]) => unknownWordings(reason, texts));
  return rows.sort((a, b) => b.count - a.count || compare(a.reason, b.reason) || compare(a.example, b.example));
}

/** Events of one text, with the names that tell it from those of the same meaning. */
interface Occurrences {
  count: number;
  readonly names: ReadonlySet<string>;
}

function namesOf({ involvedObject: { name, namespace } = {} }: Event): ReadonlySet<string> {
  return new Set([name, namespace].filter((part) => part !== undefined));
}

function unknownWordings(reason: string, texts: ReadonlyMap<string, Occurrences>): readonly UnrecognisedEvent[] {
  const wordings = new Map<string, UnrecognisedEvent>();
  for (const [message, { count, names }] of texts) {
    const text = plainText(message);
    if (recogniseText(reason, text) !== undefined) continue;
    const example = text.slice(0, EXAMPLE_LENGTH);
    const wording = wordingOf(example, names);
    const before = wordings.get(wording);
    const smaller = before !== undefined && before.example < example ? before.example : example;
    wordings.set(wording, { reason, count: (before?.count ?? 0) + count, example: smaller });
  }
  const rows = [...wordings.values()].sort((a, b) => b.count - a.count || compare(a.example, b.example));
  if (rows.length <= WORDINGS_CAP) return rows;
  const rest = rows.slice(WORDINGS_CAP - 1);
  const count = rest.reduce((sum, row) => sum + row.count, 0);
  return [...rows.slice(0, WORDINGS_CAP - 1), { reason, count, example: rest[0]?.example ?? '' }];
}

/** A text without what differs between two events of the same meaning: quotes, numbers, ids, paths and the object's names. */
function wordingOf(text: string, names: ReadonlySet<string>): string {
  return text
    .replaceAll(/"[^"]{0,300}"|'[^']{0,300}'/g, '"…"')
    .replaceAll(/\S*[\d/]\S*/g, '#')
    .replaceAll(/[\w.-]+/g, (word) => (names.has(word) ? '#' : word));
}
