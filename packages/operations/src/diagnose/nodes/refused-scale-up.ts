/** What is known of refused scale-ups, from every source that speaks of them: events, autoscaler status, visibility log. */
import { eventTime, groupZone, newestFirst, type Event } from '@aia/cluster';
import type { Evidence } from '../evidence.ts';
import { eventEvidence, type Examination } from '../examination.ts';
import { parseCloudRefusal, parseVisibilityId } from '../messages/cloud-refusal.ts';
import { eventText } from '../messages/event-text.ts';
import type { CloudRefusal } from '../messages/message.ts';
import { parseScaleUp } from '../messages/scale-up.ts';

/** One refusal with its source. */
export interface RefusedScaleUp {
  readonly refusal: CloudRefusal;
  readonly evidence: Evidence;
  readonly at: number | undefined;
  readonly zones: readonly string[];
  readonly groups: readonly string[];
  /** `namespace/name` of pods it speaks about. */
  readonly pods: readonly string[];
}

const REASONS = new Set([
  'FailedScaleUp',
  'ScaleUpFailed',
  'FailedToScaleUpGroup',
  'ScaleUpTimedOut',
  'NotTriggerScaleUp',
]);
/** A log entry from longer ago says nothing about now; the autoscaler backs off for at most 30 minutes. */
const CURRENT_MS = 6 * 3_600_000;

/** All refusals, newest first within each source. */
export function refusedScaleUps(examination: Examination): readonly RefusedScaleUp[] {
  return [...fromEvents(examination), ...fromStatus(examination), ...fromVisibility(examination)];
}

function fromEvents({ snapshot }: Examination): readonly RefusedScaleUp[] {
  const events = snapshot.list('Event').filter((event) => REASONS.has(event.reason ?? ''));
  events.sort(newestFirst);
  return events.flatMap((event) => {
    const parsed = parseScaleUp(event.reason ?? '', eventText(event));
    return (parsed?.refusals ?? []).map((refusal) => ({
      refusal,
      evidence: eventEvidence(event),
      at: eventTime(event),
      zones: parsed?.zones ?? [],
      groups: parsed?.groups ?? [],
      pods: podsOf(event),
    }));
  });
}

function podsOf(event: Event): readonly string[] {
  const { kind, namespace, name } = event.involvedObject ?? {};
  return kind === 'Pod' && name !== undefined ? [`${namespace ?? ''}/${name}`] : [];
}

function fromStatus({ snapshot }: Examination): readonly RefusedScaleUp[] {
  const { autoscaler } = snapshot.cloud;
  return (autoscaler?.nodeGroups ?? []).flatMap(({ name, scaleUp, backoff }) => {
    if (backoff === undefined && scaleUp !== 'Backoff') return [];
    const { errorCode = '', errorMessage = '' } = backoff ?? {};
    const text = backoff === undefined ? 'no reason given' : `${errorCode}: ${errorMessage}`;
    // The text format before 1.30 says that a group is in back-off and not why.
    const unknown: CloudRefusal = { cause: backoff === undefined ? 'backoff' : 'other', text };
    const refusal = known(errorMessage) ?? known(errorCode) ?? unknown;
    const zone = groupZone(name);
    const source = `autoscaler status of ${shortGroup(name)}`;
    const evidence: Evidence = {
      kind: 'cloud',
      source,
      text: `scale-up ${scaleUp}, ${text}`,
      at: autoscaler?.updatedAt,
    };
    return [
      {
        refusal,
        evidence,
        at: autoscaler?.updatedAt,
        zones: zone === undefined ? [] : [zone],
        groups: [shortGroup(name)],
        pods: [],
      },
    ];
  });
}

/** A refusal whose cause the text tells. */
function known(text: string): CloudRefusal | undefined {
  const refusal = parseCloudRefusal(text);
  return refusal?.cause === 'other' ? undefined : refusal;
}

function fromVisibility({ snapshot, now }: Examination): readonly RefusedScaleUp[] {
  const records = (snapshot.cloud.visibility ?? []).filter((record) => record.at >= now - CURRENT_MS);
  return records
    .toSorted((a, b) => b.at - a.at)
    .flatMap((record) => {
      const refusal = record.messageId === '' ? undefined : parseVisibilityId(record.messageId, record.parameters);
      if (refusal === undefined) return [];
      const text = [record.messageId, ...record.parameters].join(' ');
      const evidence: Evidence = { kind: 'cloud', source: 'autoscaler visibility log', text, at: record.at };
      return [{ refusal, evidence, at: record.at, zones: [], groups: record.groups, pods: record.pods }];
    });
}

/** A managed instance group by its own name, without the URL. */
export function shortGroup(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
