/** Pods were evicted from their node. */
import { eventTime, refKey, refOf, refText, type KubeObject, type Pod } from '@aia/cluster';
import { eventEvidence, type Examination } from '../../examination.ts';
import { knownFacts, type FindingDraft } from '../../finding.ts';
import { lossEvidence, lostPods, othersText, type LostPods } from '../../pods/lost-pods.ts';
import { parseEviction } from '../../messages/eviction.ts';
import type { EvictionMessage } from '../../messages/message.ts';
import { replacedEvictions, type ReplacedEvictions } from '../../pods/replaced-evictions.ts';
import { podName } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';
import { briefly } from '../../wording.ts';

/** Facts: workload, cause, resource, node (of the newest), nodes, container (the largest consumer named), pods. */
export const rule: Rule = {
  code: 'pod-evicted',
  title: 'Pod was evicted',
  severity: 'medium',
  explanation:
    'The kubelet ended the pod to get a resource back: its node ran short of memory, disk or process ids, or the pod used more ' +
    'ephemeral storage than it may. Controllers replace evicted pods and leave the old ones lying, so all of one workload are one ' +
    'finding. It is low while the workload is complete again, unless its pods, of a revision that was not replaced since, exceed limits of their own time and again within an hour, and gone once the last eviction also lies further back than the ' +
    'restart window; for a pod without a controller it stays, for nobody replaces it. Of StatefulSets and DaemonSets, which delete evicted pods to make them anew, events tell: three evictions within an hour for limits of their own, of pods of the newest revision. The rule stays silent for pods that were evicted through the API (drain, descheduler), as these are deleted and leave nothing.',
  remediation: {
    class: 'resize-requests',
    text: 'Request what the pod uses (memory, ephemeral storage) so that it is placed where there is room, or free the node; then delete the evicted pods.',
  },
  aliases: { k8sgpt: ['Pod/3'], popeye: ['207'], mixin: ['KubeNodeEviction'] },
  needs: [],
  *check(examination) {
    for (const lost of lostPods(examination, 'evicted')) yield evicted(examination, lost);
    for (const one of replacedEvictions(examination)) yield replaced(one);
  },
};

function evicted(examination: Examination, lost: LostPods): FindingDraft {
  const { newest, nodes, pods, resource, severity, since, workload } = lost;
  const message = newest.status?.message ?? '';
  const said = parseEviction(newest.status?.reason ?? '', message);
  const node = newest.spec?.nodeName;
  const event = examination.snapshot.eventsOf(newest).find(({ reason }) => reason === 'Evicted');
  const from = node === undefined ? '' : ` from node ${node}`;
  const container = said?.containers[0]?.name;
  return {
    resource,
    ...(severity === undefined || goesOn(examination, lost) ? {} : { severity }),
    message: `Pod ${podName(newest)}${othersText(lost)} ${pods.length === 1 ? 'was' : 'were'} evicted${from}: ${evictionWords(said, message)}`,
    evidence: [...lossEvidence(lost), ...(event === undefined ? [] : [eventEvidence(event)])],
    facts: knownFacts({
      workload,
      cause: said?.cause,
      resource: said?.resource,
      node,
      nodes,
      container,
      pods: pods.length,
    }),
    since,
  };
}

function replaced({ workload, events, count }: ReplacedEvictions): FindingDraft {
  const [newest] = events;
  const { namespace, name = '' } = newest.involvedObject ?? {};
  const said = parseEviction('Evicted', newest.message ?? '');
  return {
    resource: refOf(workload),
    message: `${refText(refOf(workload))} had pods evicted ${count} times within the hour, the last time ${namespace ?? ''}/${name}: ${evictionWords(said, newest.message ?? '')}`,
    evidence: events.slice(0, 3).map(eventEvidence),
    facts: knownFacts({
      workload: refKey(refOf(workload)),
      cause: said?.cause,
      resource: said?.resource,
      container: said?.containers[0]?.name,
      pods: count,
    }),
    since: eventTime(events.at(-1) ?? newest),
  };
}

const HOUR = 3_600_000;
/** By then it is no single burst of use. */
const TIMES = 3;

/**
 * Whether the workload is complete merely between two evictions: pods that were made within the hour exceed limits of their own again and again.
 * Those of a revision that was replaced do so no more.
 */
function goesOn(examination: Examination, { pods }: LostPods): boolean {
  const recent = pods.filter((pod) => {
    const { metadata, status } = pod;
    if (isReplaced(examination, pod)) return false;
    const age = examination.ageMs(metadata.creationTimestamp);
    const said = parseEviction(status?.reason ?? '', status?.message ?? '');
    return age !== undefined && age < HOUR && said?.cause === 'storage-limit';
  });
  return recent.length >= TIMES;
}

function isReplaced({ snapshot }: Examination, pod: Pod): boolean {
  const owner = snapshot.ownerOf(pod) as (KubeObject & { readonly spec?: { readonly replicas?: number } }) | undefined;
  return owner?.kind === 'ReplicaSet' && owner.spec?.replicas === 0;
}

function evictionWords(said: EvictionMessage | undefined, message: string): string {
  if (said?.cause === 'node-pressure' && said.resource !== undefined) {
    const [largest] = said.containers;
    const used = largest?.used === undefined ? '' : `, of which container ${largest.name} used ${largest.used}`;
    return `the node was short of ${said.resource}${used}`;
  }
  return message === '' ? 'the kubelet gives no reason' : briefly(message);
}
