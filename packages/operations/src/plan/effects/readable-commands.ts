/** Patches that kubectl has a verb of its own for: `set image`, `set resources`, `scale`, `cordon`, `label`, … by the fields that they change. */
import { refOf, type Container, type KubeObject } from '@aia/cluster';
import { jsonDifference } from './json-difference.ts';
import { named } from './named.ts';
import { shellWord } from './shell.ts';

type Difference = ReturnType<typeof jsonDifference>;

/** One or more lines that change `before` into `after`; `undefined` where only a patch says it. */
export function readableCommand(before: KubeObject, after: KubeObject): string | undefined {
  const difference = jsonDifference(before, after);
  if (difference.length === 0) return undefined;
  for (const { fields, write } of FORMS) {
    if (!difference.every(({ path }) => fields.test(path))) continue;
    const line = write(before, after, difference);
    if (line !== undefined) return line;
  }
  return undefined;
}

interface Form {
  /** Paths of which all that change are. */
  readonly fields: RegExp;
  readonly write: (before: KubeObject, after: KubeObject, difference: Difference) => string | undefined;
}

const CONTAINERS = String.raw`^\/spec\/(?:jobTemplate\/spec\/)?template\/spec\/(?:containers|initContainers)\/\d+`;
const RESTARTED = 'kubectl.kubernetes.io/restartedAt';
/** Kinds that `kubectl set` and `kubectl rollout restart` know. */
const WORKLOADS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

const FORMS: readonly Form[] = [
  {
    fields: /^\/spec\/replicas$/,
    write: (_, after) => `kubectl scale ${named(refOf(after))} --replicas=${fieldsOf(after).replicas ?? 1}`,
  },
  {
    fields: /^\/spec\/paused$/,
    write: (_, after) =>
      after.kind === 'Deployment'
        ? `kubectl rollout ${fieldsOf(after).paused === true ? 'pause' : 'resume'} ${named(refOf(after))}`
        : undefined,
  },
  {
    fields: /^\/spec\/unschedulable$/,
    write: (_, after) =>
      after.kind === 'Node'
        ? `kubectl ${fieldsOf(after).unschedulable === true ? 'cordon' : 'uncordon'} ${shellWord(after.metadata.name)}`
        : undefined,
  },
  {
    fields: /^\/spec\/template\/metadata(?:\/annotations(?:\/kubectl\.kubernetes\.io~1restartedAt)?)?$/,
    write: restart,
  },
  { fields: new RegExp(String.raw`${CONTAINERS}\/image$`), write: setImages },
  {
    fields: new RegExp(String.raw`${CONTAINERS}\/resources(?:\/(?:requests|limits)(?:\/(?:cpu|memory))?)?$`),
    write: setResources,
  },
  {
    fields: /^\/metadata\/labels\/[^/]+$/,
    write: (before, after) => marks('label', before.metadata.labels, after.metadata.labels, after),
  },
  {
    fields: /^\/metadata\/annotations\/[^/]+$/,
    write: (before, after) => marks('annotate', before.metadata.annotations, after.metadata.annotations, after),
  },
];

interface Fields {
  readonly replicas?: number;
  readonly paused?: boolean;
  readonly unschedulable?: boolean;
  readonly template?: Template;
}
interface Template {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: { readonly containers?: readonly Container[]; readonly initContainers?: readonly Container[] };
}

function fieldsOf(object: KubeObject): Fields {
  return (object as { readonly spec?: Fields }).spec ?? {};
}

function restart(before: KubeObject, after: KubeObject): string | undefined {
  const [was, is] = [before, after].map((one) => fieldsOf(one).template?.metadata?.annotations ?? {});
  const others = jsonDifference(was, is).filter(({ path }) => path !== `/${RESTARTED.replace('/', '~1')}`);
  const isRestart =
    WORKLOADS.has(after.kind) &&
    others.length === 0 &&
    is?.[RESTARTED] !== undefined &&
    is[RESTARTED] !== was?.[RESTARTED];
  return isRestart ? `kubectl rollout restart ${named(refOf(after))}` : undefined;
}

/** Containers whose position is the same before and after, with both. */
function containerPairs(before: KubeObject, after: KubeObject): readonly (readonly [Container, Container])[] {
  return (['initContainers', 'containers'] as const).flatMap((list) => {
    const [was, is] = [before, after].map((one) => fieldsOf(one).template?.spec?.[list] ?? []) as [
      readonly Container[],
      readonly Container[],
    ];
    return is.flatMap((one, i) => (was[i] === undefined ? [] : [[was[i], one] as const]));
  });
}

function setImages(before: KubeObject, after: KubeObject): string | undefined {
  if (!WORKLOADS.has(after.kind)) return undefined;
  const changed = containerPairs(before, after).filter(([was, is]) => was.image !== is.image);
  if (changed.some(([, { image = '', name }]) => image === '' || /[=*]/.test(name))) return undefined;
  const words = changed.map(([, { name, image = '' }]) => shellWord(`${name}=${image}`));
  return `kubectl set image ${named(refOf(after))} ${words.join(' ')}`;
}

/** A line per container; what takes a request or limit away has no such form. */
function setResources(before: KubeObject, after: KubeObject): string | undefined {
  if (!WORKLOADS.has(after.kind)) return undefined;
  const lines: string[] = [];
  for (const [was, is] of containerPairs(before, after)) {
    const flags: string[] = [];
    for (const part of ['requests', 'limits'] as const) {
      const [from, to] = [was.resources?.[part] ?? {}, is.resources?.[part] ?? {}];
      if (Object.keys(from).some((name) => to[name] === undefined)) return undefined;
      const changed = Object.entries(to).filter(([name, value]) => from[name] !== value);
      if (changed.some(([name]) => name !== 'cpu' && name !== 'memory')) return undefined;
      if (changed.length > 0)
        flags.push(`--${part}=${shellWord(changed.map(([name, value]) => `${name}=${value}`).join(','))}`);
    }
    if (flags.length === 0) continue;
    // `-c` takes patterns.
    if (/[*?[\]]/.test(is.name)) return undefined;
    lines.push(`kubectl set resources ${named(refOf(after))} -c ${shellWord(is.name)} ${flags.join(' ')}`);
  }
  return lines.length === 0 ? undefined : lines.join('\n');
}

type Marks = Readonly<Record<string, string>> | undefined;

function marks(verb: 'label' | 'annotate', was: Marks, is: Marks, after: KubeObject): string | undefined {
  const words = Object.entries(is ?? {})
    .filter(([name, value]) => was?.[name] !== value)
    .map(([name, value]) => `${name}=${value}`);
  const gone = Object.keys(was ?? {})
    .filter((name) => is?.[name] === undefined)
    .map((name) => `${name}-`);
  const all = [...words, ...gone];
  if (all.length === 0 || all.some((word) => word.startsWith('-'))) return undefined;
  const overwrite = Object.keys(is ?? {}).some((name) => was?.[name] !== undefined && was[name] !== is?.[name])
    ? ' --overwrite'
    : '';
  return `kubectl ${verb} ${named(refOf(after))}${overwrite} ${all.map(shellWord).join(' ')}`;
}
