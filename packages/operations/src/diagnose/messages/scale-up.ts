/** What the cluster autoscaler (1.14–1.36) and GKE's say about growing: events on pods and on its status ConfigMap. */
import { groupRefusal, refusalsIn } from './cloud-refusal.ts';
import { countedItems, listItems } from './counted-list.ts';
import { plainText } from './event-text.ts';
import type { CloudRefusal, ScaleUpMessage, SchedulingReason } from './message.ts';
import { isBeginning, schedulingReason } from './scheduling-reason.ts';

type Reader = (text: string) => ScaleUpMessage | undefined;

/** One reader per reason. */
const READERS: ReadonlyMap<string, Reader> = new Map([
  ['TriggeredScaleUp', readTriggered],
  ['ScaledUpGroup', readScaledGroup],
  ['NotTriggerScaleUp', readNotTriggered],
  ['FailedScaleUp', readFailedZones],
  ['ScaleUpFailed', readFailedAdding],
  ['FailedToScaleUpGroup', readFailedGroup],
  ['FailedToCreateNodeGroup', readFailedCreation],
  ['ScaleUpTimedOut', readTimedOut],
  ['MaxNodesTotalReached', readMaxNodes],
  ['ClusterUnhealthy', readUnhealthy],
]);

/**
 * Reads an event of the autoscaler by its reason. Refusals keep their item's text, with the number of node groups where it
 * has one. `undefined` for other reasons and for texts that the reason does not go with.
 */
export function parseScaleUp(reason: string, message: string): ScaleUpMessage | undefined {
  return READERS.get(reason)?.(plainText(message));
}

const NOTHING: Omit<ScaleUpMessage, 'outcome'> = { refusals: [], reasons: [], zones: [], groups: [], truncated: false };
const GROUP_ZONE = /\/zones\/([a-z]{2,24}-[a-z]{2,24}\d{1,2}-[a-z])\//;

/** Zones of node groups that are named by URL, as on GKE; sorted. */
function zonesOf(groups: readonly string[]): readonly string[] {
  const zones = groups.map((group) => GROUP_ZONE.exec(group)?.[1]).filter((zone) => zone !== undefined);
  return [...new Set(zones)].sort();
}

/** Puts a zone on a refusal where only one can be meant. */
function inZone(refusal: CloudRefusal, zones: readonly string[]): CloudRefusal {
  const [zone] = zones;
  return zone === undefined || zones.length > 1 || refusal.zone !== undefined ? refusal : { ...refusal, zone };
}

function readTriggered(text: string): ScaleUpMessage | undefined {
  if (!text.startsWith('pod triggered scale-up')) return undefined;
  const groups = [...text.matchAll(/\{(\S{1,600}) \d{1,9}->\d{1,9} \(max: \d{1,9}\)\}/g)].map(
    (match) => match[1] ?? '',
  );
  return { ...NOTHING, outcome: 'triggered', groups, zones: zonesOf(groups), truncated: !text.endsWith(']') };
}

function readScaledGroup(text: string): ScaleUpMessage | undefined {
  const group = /^Scale-up: (?:setting group|group) (\S{1,600}) size (?:set )?to \d{1,9}/.exec(text)?.[1];
  return group === undefined
    ? undefined
    : { ...NOTHING, outcome: 'triggered', groups: [group], zones: zonesOf([group]) };
}

const NOT_TRIGGERED = /^[Pp]od didn't trigger scale-up(?: \(it wouldn't fit if a new node is added\))?:? ?/;

/** The list has no end mark: an item that is the beginning of a known wording shows that it was cut. */
function readNotTriggered(text: string): ScaleUpMessage | undefined {
  const head = NOT_TRIGGERED.exec(text);
  if (head === null) return undefined;
  const refusals: CloudRefusal[] = [];
  const reasons: SchedulingReason[] = [];
  let truncated = false;
  const items = countedItems(text.slice(head[0].length));
  for (const [i, { count, text: words, open }] of items.entries()) {
    const last = i === items.length - 1;
    const refusal = groupRefusal(words);
    if (last && (open || (refusal === undefined && isUnfinished(words)))) truncated = true;
    else if (refusal !== undefined)
      refusals.push({ ...refusal, text: count === undefined ? words : `${count} ${words}` });
    else if (count !== undefined) reasons.push(schedulingReason(count, words));
    else truncated ||= last;
  }
  return { ...NOTHING, outcome: 'not-triggered', refusals, reasons, truncated };
}

/** Wordings of {@link groupRefusal} by their beginnings. */
const GROUP_WORDS = [
  'max node group size reached',
  'max limit reached',
  'in backoff after failed scale-up',
  'not ready for scale-up',
  'max cluster ',
  'max total nodes in cluster reached',
  'exceeded quota: "',
  'not all pods would fit and scale-up is using all-or-nothing strategy',
  'expansion options filtered out and no longer considered',
  'scale-up execution failed',
];

function isUnfinished(words: string): boolean {
  const beginning = GROUP_WORDS.some(
    (known) => known.startsWith(words) || (known.endsWith(' ') && words.startsWith(known)),
  );
  return beginning || words.startsWith('exceeded quota:') || isBeginning(words);
}

const FAILED_ZONES = /^Node scale up in zones? /;
const FAILED_BECAUSE = ' associated with this pod failed: ';
const AT_RISK = '. Pod is at risk of not being scheduled.';

/** GKE, 1.21 on, cut to 250 characters: only what is known to be whole is kept of a cut text. */
function readFailedZones(text: string): ScaleUpMessage | undefined {
  const head = FAILED_ZONES.exec(text);
  if (head === null) return undefined;
  const because = text.indexOf(FAILED_BECAUSE);
  const places = listItems(text.slice(head[0].length, because === -1 ? undefined : because));
  const zones = (because === -1 ? places.slice(0, -1) : places).filter((zone) => zone !== '');
  const truncated = !text.endsWith(AT_RISK);
  const causes =
    because === -1 ? '' : text.slice(because + FAILED_BECAUSE.length, truncated ? undefined : -AT_RISK.length);
  const refusals = listItems(causes).flatMap((words, i, all) => {
    const [refusal] = refusalsIn(words);
    if (refusal !== undefined) return [inZone(refusal, zones)];
    return truncated && i === all.length - 1 ? [] : [inZone({ cause: 'other', text: words }, zones)];
  });
  return { ...NOTHING, outcome: 'failed', refusals, zones, truncated };
}

const FAILED_ADDING =
  /^Failed adding \d{1,9} nodes? (?:\(\d{1,9} unseen previously\) )?to group (\S{1,600})(?: due to (\w{1,60}\.[\w-]{1,120}))?/;

/** The only event in which a quota's name stands: in up to three source errors of the cloud. */
function readFailedAdding(text: string): ScaleUpMessage | undefined {
  const head = FAILED_ADDING.exec(text);
  if (head === null) return undefined;
  const [, group = '', code] = head;
  const sources = text.indexOf('; source errors: ');
  if (code === undefined || sources === -1) {
    const groups = code === undefined ? [] : [group];
    return { ...NOTHING, outcome: 'failed', groups, zones: zonesOf(groups), truncated: true };
  }
  const zones = zonesOf([group]);
  const named = refusalsIn(text.slice(sources + '; source errors: '.length));
  const byCode = refusalsIn(code);
  const refusals = named.length > 0 ? named : byCode.length > 0 ? byCode : [{ cause: 'other' as const, text }];
  return {
    ...NOTHING,
    outcome: 'failed',
    refusals: refusals.map((refusal) => inZone(refusal, zones)),
    groups: [group],
    zones,
  };
}

function readFailedGroup(text: string): ScaleUpMessage | undefined {
  const head = /^Scale-up failed for group (\S{1,600}): (.{1,4000})/.exec(text);
  return head === null ? undefined : failedFor(head[1] ?? '', head[2] ?? '');
}

function readFailedCreation(text: string): ScaleUpMessage | undefined {
  const head = /^NodeAutoprovisioning: attempt to create node group (\S{1,600}) failed: (.{1,4000})/.exec(text);
  return head === null ? undefined : failedFor(head[1] ?? '', head[2] ?? '');
}

function failedFor(group: string, words: string): ScaleUpMessage {
  const zones = zonesOf([group]);
  const named = refusalsIn(words);
  const refusals = named.length > 0 ? named : [{ cause: 'other' as const, text: words }];
  return {
    ...NOTHING,
    outcome: 'failed',
    refusals: refusals.map((refusal) => inZone(refusal, zones)),
    groups: [group],
    zones,
  };
}

function readTimedOut(text: string): ScaleUpMessage | undefined {
  const group = /^Nodes added to group (\S{1,600}) failed to register within /.exec(text)?.[1];
  if (group === undefined) return undefined;
  const zones = zonesOf([group]);
  return {
    ...NOTHING,
    outcome: 'failed',
    refusals: [inZone({ cause: 'timeout', text }, zones)],
    groups: [group],
    zones,
  };
}

function readMaxNodes(text: string): ScaleUpMessage | undefined {
  if (!/^Max total nodes in cluster reached\b/i.test(text)) return undefined;
  const limit = /: (\d{1,9})$/.exec(text)?.[1];
  const refusal: CloudRefusal = {
    cause: 'cluster-limit',
    ...(limit === undefined ? {} : { limit: Number(limit) }),
    text,
  };
  return { ...NOTHING, outcome: 'failed', refusals: [refusal] };
}

function readUnhealthy(text: string): ScaleUpMessage | undefined {
  if (!/^Cluster (?:is unhealthy|has no ready nodes)/i.test(text)) return undefined;
  return { ...NOTHING, outcome: 'failed', refusals: [{ cause: 'not-ready', text }] };
}
