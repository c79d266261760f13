/**
 * Why a node does not take a pod, in the scheduler's words; the autoscaler uses the same words for its template nodes.
 * Sources: `pkg/scheduler/framework/plugins` of Kubernetes 1.14–1.36.
 */
import type { SchedulingClass, SchedulingReason } from './message.ts';
import { firstMatch, groupsOf } from './row.ts';

/** A wording without variable parts. */
interface PhraseRow {
  readonly versions: string;
  readonly class: SchedulingClass;
  readonly phrase: string;
  readonly resource?: string;
}

interface PatternRow {
  readonly versions: string;
  readonly class: SchedulingClass;
  readonly pattern: RegExp;
}

const phrase = (versions: string, of: SchedulingClass, words: string): PhraseRow => ({
  versions,
  class: of,
  phrase: words,
});

const PHRASES: readonly PhraseRow[] = [
  { versions: 'all', class: 'capacity', phrase: 'Too many pods', resource: 'pods' },
  phrase('1.34–', 'capacity', 'cannot allocate all claims'),
  phrase('1.36–', 'taint', 'node(s) had untolerated taint(s)'),
  phrase('1.14–1.17', 'taint', "node(s) had taints that the pod didn't tolerate"),
  phrase('1.21–', 'affinity', "node(s) didn't match Pod's node affinity/selector"),
  phrase('1.20', 'affinity', "node(s) didn't match Pod's node affinity"),
  phrase('1.14–1.19', 'affinity', "node(s) didn't match node selector"),
  phrase('1.20–', 'affinity', "node(s) didn't match scheduler-enforced node affinity"),
  phrase('1.24–', 'affinity', 'pod affinity terms conflict'),
  phrase('1.14–1.22', 'affinity', "node(s) didn't have the requested labels"),
  phrase('1.14–1.22', 'affinity', "node(s) didn't match service affinity"),
  phrase('1.14–1.21', 'inter-pod', "node(s) didn't match pod affinity/anti-affinity"),
  phrase('1.20–1.22', 'inter-pod', "node(s) didn't match pod affinity/anti-affinity rules"),
  phrase('all', 'inter-pod', "node(s) didn't match pod affinity rules"),
  phrase('all', 'inter-pod', "node(s) didn't match pod anti-affinity rules"),
  phrase('all', 'inter-pod', "node(s) didn't satisfy existing pods anti-affinity rules"),
  phrase('1.16–', 'spread', "node(s) didn't match pod topology spread constraints"),
  phrase('1.20–', 'spread', "node(s) didn't match pod topology spread constraints (missing required label)"),
  phrase('1.16–', 'node-name', "node(s) didn't match the requested node name"),
  phrase('1.14–1.17', 'node-name', "node(s) didn't match the requested hostname"),
  phrase('all', 'host-port', "node(s) didn't have free ports for the requested pod ports"),
  phrase('all', 'unschedulable', 'node(s) were unschedulable'),
  phrase('all', 'node', 'node(s) had unknown conditions'),
  phrase('1.14–1.17', 'node', 'node(s) were not ready'),
  phrase('1.14–1.17', 'node', 'node(s) had unavailable network'),
  phrase('1.14–1.17', 'node', 'node(s) had memory pressure'),
  phrase('1.14–1.17', 'node', 'node(s) had disk pressure'),
  phrase('1.14–1.17', 'node', 'node(s) had pid pressure'),
  phrase('1.14–1.17', 'node', 'node(s) were out of disk space'),
  phrase('all', 'node', 'no nodes available to schedule pods'),
  phrase('all', 'volume-limit', 'node(s) exceed max volume count'),
  phrase('all', 'volume-zone', 'node(s) had no available volume zone'),
  phrase('1.14–1.33', 'volume-zone', 'node(s) had volume node affinity conflict'),
  phrase('1.34–', 'volume-zone', "node(s) didn't match PersistentVolume's node affinity"),
  phrase('all', 'volume', "node(s) didn't find available persistent volumes to bind"),
  phrase('1.19–', 'volume', 'node(s) did not have enough free storage'),
  phrase('all', 'volume', 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)'),
  phrase('all', 'volume', 'node(s) had no available disk'),
  phrase(
    '1.22–',
    'volume',
    'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
  ),
  phrase('all', 'claim', 'pod has unbound immediate PersistentVolumeClaims'),
  phrase('1.26–', 'claim', 'resourceclaim in use'),
  phrase('1.26–', 'claim', 'resourceclaim not available on the node'),
  phrase('1.26–1.31', 'claim', 'resourceclaim cannot be allocated for the node (unsuitable)'),
  phrase('1.26–1.31', 'claim', 'resourceclaim must be reallocated'),
  phrase('1.26–1.31', 'claim', 'unallocated immediate resourceclaim'),
  phrase('1.26–1.31', 'claim', 'waiting for resource driver to allocate resource'),
  phrase('1.26–1.31', 'claim', 'waiting for resource driver to provide information'),
  phrase('1.27–', 'gated', 'Scheduling is blocked due to non-empty scheduling gates'),
  phrase('1.23–', 'preemption', 'No preemption victims found for incoming pod'),
  phrase('1.23–', 'preemption', 'Preemption is not helpful for scheduling'),
  phrase('1.23–', 'preemption', 'not eligible due to preemptionPolicy=Never'),
  phrase('1.23–', 'preemption', 'not eligible due to a terminating pod on the nominated node'),
];

const PATTERNS: readonly PatternRow[] = [
  { versions: 'all', class: 'capacity', pattern: /^Insufficient (?<resource>[\w./-]{1,320})$/ },
  {
    versions: '1.24–',
    class: 'taint',
    pattern: /^node\(s\) had untolerated taint \{(?<key>[^:{}]{1,320}): ?(?<value>[^{}]{0,80})\}$/,
  },
  {
    versions: '1.18–1.23',
    class: 'taint',
    pattern: /^node\(s\) had taint \{(?<key>[^:{}]{1,320}): ?(?<value>[^{}]{0,80})\}, that the pod didn't tolerate$/,
  },
  {
    versions: '1.14–1.18',
    class: 'claim',
    pattern: /^pod has unbound immediate PersistentVolumeClaims \(repeated \d{1,9} times\)$/,
  },
  { versions: 'all', class: 'claim', pattern: /^persistentvolumeclaim "[^"]{1,320}" (?:not found|is being deleted)$/ },
  {
    versions: 'all',
    class: 'claim',
    pattern: /^persistentvolumeclaim "[^"]{1,320}" bound to non-existent persistentvolume "[^"]{1,320}"$/,
  },
  {
    versions: '1.19–',
    class: 'claim',
    pattern: /^waiting for ephemeral volume controller to create the persistentvolumeclaim "[^"]{1,320}"$/,
  },
  {
    versions: '1.16–1.18',
    class: 'claim',
    pattern: /^(?:error getting PVC "[^"]{1,640}": )?could not find (?:v1\.)?PersistentVolumeClaim "[^"]{1,640}"$/,
  },
  {
    versions: '1.20–',
    class: 'volume',
    pattern: /^binding volumes: (?:timed out waiting for the condition|context deadline exceeded)$/,
  },
  {
    versions: '1.20–',
    class: 'claim',
    pattern: /^binding volumes: provisioning failed for PVC "[^"]{1,320}"$/,
  },
  {
    versions: '1.24–',
    class: 'affinity',
    pattern: /^node\(s\) didn't satisfy plugin\(s\) \[[\w ]{1,400}\](?: simultaneously)?$/,
  },
  {
    versions: '1.26–',
    class: 'claim',
    pattern: /^resourceclaim(?:\.resource\.k8s\.io)? "[^"]{1,640}" (?:not found|is being deleted)$/,
  },
  {
    versions: '1.26–1.32',
    class: 'claim',
    pattern: /^waiting for dynamic resource controller to create the resourceclaim "[^"]{1,640}"$/,
  },
  { versions: '1.33–', class: 'claim', pattern: /^pod "[^"]{1,640}": ResourceClaim not created yet$/ },
  { versions: '1.26–', class: 'gated', pattern: /^waiting for scheduling gates: \[[^\]]{0,4000}\]$/ },
];

const BY_PHRASE: ReadonlyMap<string, PhraseRow> = new Map(PHRASES.map((row) => [row.phrase, row]));

/** Resources that Kubernetes itself names without a domain; a shorter word is the beginning of something else. */
const NATIVE_RESOURCE =
  /^(?:cpu|memory|ephemeral-storage|pods|storage|hugepages-\d{1,9}[KMG]i|attachable-volumes-[\w-]{1,100})$/;

/** What a reason says; `undefined` where no row knows it. */
export type KnownReason = Omit<SchedulingReason, 'count' | 'text'>;

/** Looks a reason up. */
export function knownReason(text: string): KnownReason | undefined {
  const row = BY_PHRASE.get(text);
  if (row !== undefined) return { class: row.class, ...(row.resource === undefined ? {} : { resource: row.resource }) };
  const found = firstMatch(PATTERNS, text);
  if (found === undefined) return undefined;
  const key = found.match.groups?.['key'];
  const taint = key === undefined ? {} : { taint: { key, value: found.match.groups?.['value'] ?? '' } };
  return { class: found.row.class, ...groupsOf(found.match, 'resource'), ...taint };
}

/** A reason with its count; a wording that no row knows has the class `other`. */
export function schedulingReason(count: number, text: string): SchedulingReason {
  return { count, text, ...(knownReason(text) ?? { class: 'other' }) };
}

/** Whether a reason at the end of an unfinished text can be trusted to be whole. */
export function isWhole(text: string): boolean {
  const known = knownReason(text);
  if (known === undefined) return false;
  return !text.startsWith('Insufficient ') || NATIVE_RESOURCE.test(known.resource ?? '');
}

/** Whether a text is the beginning of a known wording. */
export function isBeginning(text: string): boolean {
  if (text.startsWith('Insufficient ')) return !text.includes('/') && !isWhole(text);
  if (text.startsWith('node(s) had taint {')) return knownReason(text) === undefined;
  if (text !== '' && 'Insufficient '.startsWith(text)) return true;
  return !BY_PHRASE.has(text) && PHRASES.some((row) => row.phrase.startsWith(text));
}
