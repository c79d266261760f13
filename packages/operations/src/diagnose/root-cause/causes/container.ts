/** Causes inside a container: entrypoint, the program itself, its probes. One hypothesis per workload and container. */
import { refText, type ClusterSnapshot } from '@aia/cluster';
import type { Finding } from '../../finding.ts';
import { briefly } from '../../wording.ts';
import { amount, text } from '../finding-index.ts';
import { effectsOn, STRENGTH, type CauseContext, type Hypothesis } from '../hypothesis.ts';
import { lastWords, tellingLine } from '../last-words.ts';
import type { About, ContainerCause } from './container-cause.ts';
import { MEMORY_CAUSES } from './memory.ts';
import { workloadRef } from './workload-ref.ts';

const CAUSES: readonly ContainerCause[] = [
  ...MEMORY_CAUSES,
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
    title: ({ first, workload, container }) =>
      `Container ${container} of ${refText(workload)} cannot be started${START[text(first, 'cause')] ?? ''}`,
    statement: ({ first }) => `${first.message}.`.replace('..', '.'),
    weighings: ({ first }) => [
      {
        observation: 'the container runtime refuses to start it',
        ratio: Object.hasOwn(START, text(first, 'cause')) ? STRENGTH.stated : STRENGTH.measured,
      },
    ],
    relation: 'the runtime refuses the container',
    remediation: ['fix-command', "Correct what the runtime's message names: command, permissions, mounts or limits."],
  },
  {
    class: 'container-cannot-be-configured',
    codes: ['container-config-error'],
    when: (finding) => text(finding, 'objectName') === '',
    title: ({ first, workload, container }) =>
      `Container ${container} of ${refText(workload)} cannot be configured${CONFIGURATION[text(first, 'cause')] ?? ''}`,
    statement: ({ first }) => `${first.message}.`.replace('..', '.'),
    weighings: ({ first }) => [
      {
        observation: 'the kubelet refuses to create it',
        ratio: Object.hasOwn(CONFIGURATION, text(first, 'cause')) ? STRENGTH.stated : STRENGTH.measured,
      },
    ],
    relation: 'the kubelet creates no container that it cannot configure',
    remediation: [
      'fix-command',
      "Correct what the kubelet's message names: a numeric runAsUser for runAsNonRoot, or the subPath of the mount.",
    ],
  },
  {
    class: 'liveness-probe-kills',
    codes: ['container-crash-loop'],
    when: (finding) => text(finding, 'cause') === 'liveness',
    title: ({ workload, container }) => `Liveness probe keeps killing container ${container} of ${refText(workload)}`,
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
    title: ({ workload, container, first }) => `Container ${container} of ${refText(workload)} ends${exitText(first)}`,
    statement: ({ first, snapshot }) =>
      `${first.message}.${saidText(first, snapshot)} Nothing outside the container explains it; its log and its last change are the place to look.`.replace(
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
    class: 'usage-above-request',
    codes: ['pod-evicted'],
    when: (finding) => text(finding, 'container') !== '' && text(finding, 'resource') !== '',
    title: ({ first, workload, container }) =>
      `${container} of ${refText(workload)} was evicted for its ${text(first, 'resource')}, of which its node ran short`,
    statement: ({ first }) => `${first.message}.`.replace('..', '.'),
    weighings: () => [
      { observation: 'the kubelet names the container that used more than it asked for', ratio: STRENGTH.stated },
    ],
    relation: 'the kubelet evicts what uses more than it asks for',
    remediation: [
      'resize-requests',
      'Request what the container uses, limit it, or find what makes it grow; a pod within its requests goes last.',
    ],
  },
  {
    class: 'program-not-ready',
    codes: ['container-not-ready'],
    when: () => true,
    title: ({ workload, container }) =>
      `${container === '' ? '' : `Container ${container} of `}${refText(workload)} runs but does not become ready`,
    statement: ({ first }) => `${first.message}.`.replace('..', '.'),
    weighings: () => [{ observation: 'the readiness probe fails while the process runs', ratio: STRENGTH.typical }],
    relation: 'a container whose readiness probe fails gets no traffic',
    remediation: ['fix-probe', 'Correct the probe (port, path, delay), or what the program waits for.'],
  },
];

/** Completes "… cannot be started". */
const START: Readonly<Record<string, string>> = {
  'permission-denied': ': its command may not be executed (permission denied)',
  'exec-format': ': its command is built for another architecture',
  'not-a-directory': ': a file is mounted over a directory, or a directory over a file',
  'memory-limit-too-low': ': its memory limit is too low for the runtime itself',
  cgroup: ': its control group cannot be set up',
  hook: ': its lifecycle hook fails',
  'no-space': ": the node's disk is full",
  'read-only': ': it needs to write to a file system that is read-only',
  'security-profile': ': its security profile is not on the node',
  'runtime-class-missing': ': its RuntimeClass is not known to the node',
};

/** Completes "… cannot be configured". */
const CONFIGURATION: Readonly<Record<string, string>> = {
  'run-as-root-refused': ': it must not run as root, and its image does or names no numeric user',
  'sub-path': ': the subPath of a mount cannot be prepared',
};

/** Only findings that no other finding brings about: an OOM kill explains the crash loop of its container. */
export function explainByContainer(roots: ReadonlySet<string>) {
  return function* ({ findings, examination }: CauseContext): Iterable<Hypothesis> {
    for (const cause of CAUSES) {
      const matching = findings
        .ofCode(...cause.codes)
        .filter((finding) => roots.has(finding.id) && cause.when(finding, examination.snapshot));
      for (const group of Map.groupBy(matching, groupKey).values()) {
        const about = aboutOf(group, examination.snapshot);
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

function aboutOf(group: readonly Finding[], snapshot: ClusterSnapshot): About | undefined {
  const [first] = group;
  if (first === undefined) return undefined;
  const workload = workloadRef(first);
  const uid = snapshot.resolve(workload)?.metadata.uid;
  const pods = new Set(group.map((finding) => finding.resource.name)).size;
  return {
    workload: uid === undefined ? workload : { ...workload, uid },
    container: text(first, 'container'),
    first,
    pods,
    snapshot,
  };
}

function hypothesisOf(cause: ContainerCause, about: About, group: readonly Finding[]): Hypothesis {
  const [remediationClass, remediationText] = cause.remediation;
  return {
    class: cause.class,
    resource: about.workload,
    subject: `${about.container} ${imageOf(about)}`,
    title: cause.title(about),
    statement: cause.statement(about),
    effects: effectsOn(group, cause.relation),
    evidence: [
      ...group.flatMap((finding) => finding.evidence).slice(0, 6),
      ...group.flatMap((finding) => lastWords(finding, about.snapshot)).slice(0, 1),
    ],
    weighings: cause.weighings(about),
    remediation: { class: remediationClass, text: remediationText },
  };
}

function imageOf({ first: { resource }, container, snapshot }: About): string {
  const { containers = [], initContainers = [] } = snapshot.get('Pod', resource.namespace, resource.name)?.spec ?? {};
  return [...containers, ...initContainers].find(({ name }) => name === container)?.image ?? '';
}

function previousText(finding: Finding): string {
  const previous = text(finding, 'previousImage');
  return previous === '' ? '' : ` The previous revision ran ${previous}.`;
}

/** ` It says "KeyError: 'FEATURE_FLAGS'".` */
function saidText(finding: Finding, snapshot: ClusterSnapshot): string {
  const line = tellingLine(finding, snapshot);
  return line === '' ? '' : ` It says "${briefly(line)}".`;
}

function exitText(finding: Finding): string {
  const code = amount(finding, 'exitCode');
  return code === undefined ? ' again and again' : ` with exit code ${code}`;
}
