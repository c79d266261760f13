/**
 * `0/6 nodes are available: …`: events FailedScheduling and the condition PodScheduled=False, of the default scheduler and
 * of GKE's (`gke.io/optimize-utilization-scheduler`), Kubernetes 1.14–1.36.
 */
import { countedItems } from './counted-list.ts';
import { plainText } from './event-text.ts';
import type { SchedulingMessage, SchedulingReason } from './message.ts';
import { isWhole, knownReason, schedulingReason } from './scheduling-reason.ts';

const HEAD = /^(\d{1,9})\/(\d{1,9}) nodes are available: /;
/** Errors of a plugin come without the number of nodes: before 1.19 those of the volume binder, of binding in all versions. */
const WRAPPED =
  /^(?:error while )?running (?:"?\w{1,60}"? (?:pre)?filter plugin "?\w{0,60}"? ?for pod "[^"]{1,320}"|\w{1,20} plugin "\w{1,60}"): /i;
const PREEMPTION = ' preemption: ';
/** What the dynamic resource plugin puts before the preemption's answer, 1.32 on. */
const CLAIMS_TAIL = /\.? (?:no new claims to deallocate|still not schedulable),?$/;
/** The scheduler cuts its events to 1024 bytes and ends them so. */
const CUT = ' ...';

/**
 * Reads a scheduler's text. `total` and `available` are 0 where the text names no nodes. The unfinished end of a cut text is
 * left out. `undefined` for any other text.
 */
export function parseScheduling(text: string): SchedulingMessage | undefined {
  const plain = plainText(text);
  const head = HEAD.exec(plain);
  if (head === null) return parseSentence(plain);
  const cut = plain.endsWith(CUT);
  const body = plain.slice(head[0].length, cut ? -CUT.length : undefined);
  const finished = !cut && body.endsWith('.');
  const at = ` ${body}`.indexOf(PREEMPTION);
  const filters = at === -1 ? body : body.slice(0, Math.max(0, at - 1));
  const answer = at === -1 ? undefined : body.slice(at + PREEMPTION.length - 1);
  const counted = /^\d{1,9} /.test(filters);
  const message = {
    available: Number(head[1]),
    total: Number(head[2]),
    reasons: counted ? readReasons(filters, finished || at !== -1) : [],
    prefilter: counted ? undefined : readPrefilter(filters, finished || at !== -1),
    preemption: answer === undefined ? [] : readPreemption(answer, finished),
  };
  const says = message.reasons.length + message.preemption.length > 0 || message.prefilter !== undefined;
  return says ? message : undefined;
}

/** A text without numbers of nodes: no nodes at all, gates, and errors of volume plugins. */
function parseSentence(plain: string): SchedulingMessage | undefined {
  const sentence = withoutStops(plain.replace(WRAPPED, ''));
  const known = knownReason(sentence);
  if (known === undefined || sentence.startsWith('node(s) ') || sentence.startsWith('Insufficient ')) return undefined;
  return { total: 0, available: 0, reasons: [], prefilter: { count: 0, text: sentence, ...known }, preemption: [] };
}

/** Numbered reasons; the last one of an unfinished text only where it is known to be whole. */
function readReasons(list: string, finished: boolean): readonly SchedulingReason[] {
  const reasons: SchedulingReason[] = [];
  const items = countedItems(withoutStops(list));
  for (const [i, item] of items.entries()) {
    const sentenceEnd = knownReason(item.text) === undefined ? item.text.indexOf('. ') : -1;
    const text = withoutStops(sentenceEnd === -1 ? item.text : item.text.slice(0, sentenceEnd));
    const whole = sentenceEnd !== -1 || finished || i < items.length - 1 || (!item.open && isWhole(text));
    if (item.count !== undefined && text !== '' && whole) reasons.push(schedulingReason(item.count, text));
  }
  return reasons;
}

/** The sentence that stands instead of reasons per node. */
function readPrefilter(part: string, finished: boolean): SchedulingReason | undefined {
  const sentence = withoutStops(part.replace(CLAIMS_TAIL, ''));
  const end = sentence.indexOf('. ');
  const first = end === -1 ? sentence : sentence.slice(0, end);
  const text = knownReason(first) === undefined ? sentence : first;
  if (text === '' || (!finished && !isWhole(text))) return undefined;
  return schedulingReason(0, text);
}

function readPreemption(answer: string, finished: boolean): readonly SchedulingReason[] {
  const head = HEAD.exec(answer);
  const reasons =
    head === null
      ? [readPrefilter(answer, finished)].filter((reason) => reason !== undefined)
      : readReasons(answer.slice(head[0].length), finished);
  return reasons.map((reason) => ({ ...reason, class: 'preemption' }));
}

/** Without spaces and full stops at the end; one pass from the end. */
function withoutStops(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === '.' || text[end - 1] === ' ')) end--;
  return text.slice(0, end);
}
