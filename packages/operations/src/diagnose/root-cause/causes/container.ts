/** Causes inside a container: memory, entrypoint, image, the program itself, its probes. One hypothesis per workload and container. */
import { readableBytes, refText, type ResourceRef } from '@aia/cluster';
import type { Weighing } from '@aia/contract';
import type { Finding } from '../../finding.ts';
import type { RemediationClass } from '../../rule.ts';
import { amount, text } from '../finding-index.ts';
import { STRENGTH, type CauseContext, type Hypothesis } from '../hypothesis.ts';

interface ContainerCause {
  readonly class: string;
  /** Findings it would explain. */
  readonly when: (finding: Finding) => boolean;
  readonly codes: readonly string[];
  readonly title: (about: About) => string;
  readonly statement: (about: About) => string;
  readonly weighings: (about: About) => readonly Weighing[];
  readonly relation: string;
  readonly remediation: readonly [RemediationClass, string];
}

/** The findings of one cause about one container of one workload. */
interface About {
  readonly workload: ResourceRef;
  readonly container: string;
  readonly first: Finding;
  readonly pods: number;
}

const CAUSES: readonly ContainerCause[] = [
  {
    class: 'memory-limit-too-low',
    codes: ['container-oom-killed'],
    when: () => true,
    title: ({ workload, container }) => `Memory limit of ${container} in ${refText(workload)} is below what it needs`,
    statement: (about) =>
      `The kernel kills container ${about.container} of ${refText(about.workload)} for exceeding its memory limit${memoryText(about.first)}; each kill restarts it and the back-off grows.`,
    weighings: ({ first }) => [
      { observation: 'the container runtime reports OOMKilled', ratio: STRENGTH.stated },
      ...(nearLimit(first)
        ? [{ observation: 'the measured working set reaches the limit', ratio: STRENGTH.typical }]
        : []),
    ],
    relation: 'a process that needs more than its limit is killed by the kernel',
    remediation: [
      'resize-limits',
      'Raise the memory limit above the measured working set plus a margin, then look whether memory still grows without bound.',
    ],
  },
  {
    class: 'executable-missing',
    codes: ['container-start-failed'],
    when: (finding) => text(finding, 'cause') === 'executable-not-found',
    title: ({ first, workload }) =>
      `Image of ${refText(workload)} lacks its entrypoint ${text(first, 'executable')}`.trimEnd(),
    statement: ({ first, workload, container }) =>
      `Container ${container} of ${refText(workload)} cannot start: the container runtime finds no ${text(first, 'executable') || 'such executable'} in image ${text(first, 'image')}.${previousText(first)}`,
    weighings: ({ first }) => [
      { observation: 'the container runtime names the executable it cannot find', ratio: STRENGTH.stated },
      ...(text(first, 'previousImage') !== ''
        ? [{ observation: 'the previous revision ran another image or command', ratio: STRENGTH.hint }]
        : []),
    ],
    relation: 'the runtime cannot execute what is not in the image',
    remediation: [
      'roll-back',
      'Roll back to the previous revision, or set the command to an executable that the image contains.',
    ],
  },
  {
    class: 'container-cannot-start',
    codes: ['container-start-failed'],
    when: (finding) => text(finding, 'cause') !== 'executable-not-found',
    title: ({ workload, container }) => `Container ${container} of ${refText(workload)} cannot be started`,
    statement: ({ first }) => `${first.message}.`.replace('..', '.'),
    weighings: () => [{ observation: 'the container runtime refuses to start it', ratio: STRENGTH.measured }],
    relation: 'the runtime refuses the container',
    remediation: ['fix-command', "Correct what the runtime's message names: command, permissions, mounts or limits."],
  },
  {
    class: 'image-unavailable',
    codes: ['container-image-pull-failed'],
    when: () => true,
    title: ({ first }) =>
      `Image ${text(first, 'image')} cannot be pulled (${text(first, 'cause') || 'reason not given'})`,
    statement: ({ first, workload }) =>
      `${refText(workload)} needs image ${text(first, 'image')}, which the node cannot pull: ${PULL[text(first, 'cause')] ?? 'the registry gives no usable reason'}.`,
    weighings: ({ first }) => [
      {
        observation: "the registry's answer says why",
        ratio: text(first, 'cause') === 'other' || text(first, 'cause') === '' ? STRENGTH.typical : STRENGTH.stated,
      },
    ],
    relation: 'without its image a container cannot start',
    remediation: [
      'fix-image',
      'Name an image that exists and that the node may pull (tag, registry access, pull secret).',
    ],
  },
  {
    class: 'liveness-probe-kills',
    codes: ['container-crash-loop'],
    when: (finding) => text(finding, 'cause') === 'liveness',
    title: ({ workload, container }) => `Liveness probe keeps killing ${container} of ${refText(workload)}`,
    statement: ({ first }) => `${first.message}.`.replace('..', '.'),
    weighings: () => [
      { observation: 'the kubelet says that the liveness probe failed before each restart', ratio: STRENGTH.stated },
    ],
    relation: 'the kubelet restarts a container whose liveness probe fails',
    remediation: ['fix-probe', 'Correct the probe (port, path, delay) or the program that does not answer it.'],
  },
  {
    class: 'program-fails',
    codes: ['container-crash-loop', 'container-terminated-with-error'],
    when: (finding) => text(finding, 'cause') !== 'liveness',
    title: ({ workload, container, first }) => `Program in ${container} of ${refText(workload)} ends${exitText(first)}`,
    statement: ({ first }) =>
      `${first.message}. Nothing outside the container explains it; its log and its last change are the place to look.`.replace(
        '..',
        '.',
      ),
    weighings: ({ first }) => [
      {
        observation: 'the process ends by itself',
        ratio: text(first, 'cause') === 'oom' ? STRENGTH.unlikely : STRENGTH.typical,
      },
    ],
    relation: 'the process ends by itself',
    remediation: [
      'investigate',
      "Read the previous instance's log (kubectl logs --previous); roll back if it began with a rollout.",
    ],
  },
  {
    class: 'program-not-ready',
    codes: ['container-not-ready'],
    when: () => true,
    title: ({ workload, container }) => `${container} of ${refText(workload)} runs but does not become ready`,
    statement: ({ first }) => `${first.message}.`.replace('..', '.'),
    weighings: () => [{ observation: 'the readiness probe fails while the process runs', ratio: STRENGTH.typical }],
    relation: 'a container whose readiness probe fails gets no traffic',
    remediation: ['fix-probe', 'Correct the probe (port, path, delay), or what the program waits for.'],
  },
];

const PULL: Readonly<Record<string, string>> = {
  'not-found': 'the registry has no such image or tag',
  unauthorized: 'the registry refuses access',
  'rate-limited': 'the registry limits the rate of pulls',
  network: 'the registry cannot be reached',
  'invalid-name': 'the name is not a valid image reference',
  'never-pull': 'it is not on the node and the pull policy is Never',
  architecture: "there is no build for the node's architecture",
  signature: 'its signature was not accepted',
  'no-space': "the node's disk is full",
};

/** Only findings that no other finding brings about: an OOM kill explains the crash loop of its container. */
export function explainByContainer(roots: ReadonlySet<string>) {
  return function* ({ findings, examination }: CauseContext): Iterable<Hypothesis> {
    for (const cause of CAUSES) {
      const matching = findings
        .ofCode(...cause.codes)
        .filter((finding) => roots.has(finding.id) && cause.when(finding));
      for (const group of Map.groupBy(matching, groupKey).values()) {
        const about = aboutOf(group, examination.snapshot.resolve.bind(examination.snapshot));
        if (about !== undefined) yield hypothesisOf(cause, about, group);
      }
    }
  };
}

function groupKey(finding: Finding): string {
  return [
    text(finding, 'workload') || finding.resource.name,
    text(finding, 'container'),
    text(finding, 'image'),
    text(finding, 'cause'),
  ].join('\n');
}

function aboutOf(
  group: readonly Finding[],
  resolve: (ref: ResourceRef) => { metadata: { uid?: string } } | undefined,
): About | undefined {
  const [first] = group;
  if (first === undefined) return undefined;
  const workload = workloadRef(first);
  const uid = resolve(workload)?.metadata.uid;
  const pods = new Set(group.map((finding) => finding.resource.name)).size;
  return {
    workload: uid === undefined ? workload : { ...workload, uid },
    container: text(first, 'container'),
    first,
    pods,
  };
}

/** The `workload` fact is a `refKey`; the finding's own resource stands in where a rule gave none. */
export function workloadRef(finding: Finding): ResourceRef {
  const parts = text(finding, 'workload').split('/');
  const [group, kind, namespace, name] = parts;
  if (parts.length !== 4 || group === undefined || !kind || namespace === undefined || !name) return finding.resource;
  return { group, kind, namespace, name };
}

function hypothesisOf(cause: ContainerCause, about: About, group: readonly Finding[]): Hypothesis {
  const [remediationClass, remediationText] = cause.remediation;
  return {
    class: cause.class,
    resource: about.workload,
    title: cause.title(about),
    statement: cause.statement(about),
    effects: group.map((finding) => ({
      finding: finding.id,
      relation: cause.relation,
      evidence: finding.evidence.slice(0, 2),
    })),
    evidence: group.flatMap((finding) => finding.evidence).slice(0, 6),
    weighings: cause.weighings(about),
    remediation: { class: remediationClass, text: remediationText },
  };
}

function memoryText(finding: Finding): string {
  const limit = amount(finding, 'limitBytes');
  const used = amount(finding, 'workingSetBytes');
  if (limit === undefined) return '';
  return used === undefined
    ? ` of ${readableBytes(limit)}`
    : ` of ${readableBytes(limit)}, while its working set was measured at up to ${readableBytes(used)}`;
}

function nearLimit(finding: Finding): boolean {
  const limit = amount(finding, 'limitBytes');
  const used = amount(finding, 'workingSetBytes');
  return limit !== undefined && used !== undefined && used >= 0.9 * limit;
}

function previousText(finding: Finding): string {
  const previous = text(finding, 'previousImage');
  return previous === '' ? '' : ` The previous revision ran ${previous}.`;
}

function exitText(finding: Finding): string {
  const code = amount(finding, 'exitCode');
  return code === undefined ? ' again and again' : ` with exit code ${code}`;
}
