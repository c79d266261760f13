/** Lets a program write where its root file system is read-only. */
import type { Container, PodSpec } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { namedContainer } from '../../revisions/concerned-workloads.ts';
import { quotedTexts } from '../../rollout/evidence-text.ts';
import { podSpecOf, templateRemedies } from '../../rollout/template-repair.ts';

const MINUTE = 60_000;
/**
 * `open /var/cache/app/index.lock: read-only file system`, `'/tmp/x': Read-only file system`, `/x/y (Read-only file system)`,
 * `"/x/y" failed (30: Read-only file system)`, `EROFS: read-only file system, open '/x/y'`.
 */
const PATHS = [
  /(\/[\w./@+-]{1,400}?)['"]?(?:: | \(| failed \(30: )read-only file system/i,
  /read-only file system[^/\n]{0,40}?['"]?(\/[\w./@+-]{1,400})/i,
];

/** What a program cannot do without, or what it is itself, stands in these; an empty directory in their place would end it for good. */
const NEEDED =
  /^\/(?:(?:etc|usr|bin|sbin|lib\w*|boot|dev|proc|sys)(?:\/.*)?|var(?:\/lib)?|(?!(?:tmp|run|cache|data|logs?)$)[^/]+)$/;

/** For programs whose last words are that they cannot write. */
export const mountWritableDirectory: ActionKind = {
  kind: 'mount-writable-directory',
  title: 'Mount a writable directory',
  explanation:
    'Mounts an emptyDir at the directory that a program could not write to, where its container has a read-only root file system. The root stays read-only; what is written there is gone with the pod. Refuses for directories that a program cannot do without, such as those of the system or its own.',
  capability: 'configuration',
  prior: { alpha: 8, beta: 2, basis: 'a program may write to more than one directory' },
  durationMs: { optimistic: MINUTE, likely: 4 * MINUTE, pessimistic: 30 * MINUTE },
  baseRisk: 0.08,
  propose: (planning) =>
    planning.causesOf('program-fails', 'container-init-blocked').flatMap((cause) => remediesFor(cause, planning)),
};

function remediesFor(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const found = podSpecOf(cause, planning);
  if (found === undefined) return [];
  const { workload, spec } = found;
  const container = readOnlyOne(spec, namedContainer(cause, planning));
  const texts = [...quotedTexts(planning.findingsOf(cause)), ...quotedTexts([{ evidence: cause.evidence } as never])];
  const path = texts.map(pathIn).find((one) => one !== undefined);
  const directory = path === undefined ? '' : path.slice(0, path.lastIndexOf('/'));
  if (container === undefined || directory === '' || isMounted(container, directory)) return [];
  if (NEEDED.test(directory) || container.command?.[0]?.startsWith(`${directory}/`) === true) return [];
  const repairs = [
    {
      spec: withDirectory(spec, container, directory),
      title: `Mount an emptyDir at ${directory}`,
      reason: `The root file system of container ${container.name} is read-only, and its program says that it could not write ${path ?? ''}.`,
      confidence: 0.8,
      fit: 0.92,
      risks: [{ reason: 'what was in the directory of the image is hidden', adds: 0.05 }],
    },
  ];
  return templateRemedies({ kind: mountWritableDirectory.kind, cause, workload, repairs, isPlaced: false }, planning);
}

/** The container that fails, or the only one that is read-only. */
function readOnlyOne({ containers, initContainers = [] }: PodSpec, name: string | undefined): Container | undefined {
  const [first, ...others] = [...initContainers, ...containers].filter(
    (one) => one.securityContext?.readOnlyRootFilesystem === true && (name === undefined || one.name === name),
  );
  return others.length > 0 ? undefined : first;
}

function pathIn(text: string): string | undefined {
  return PATHS.map((pattern) => pattern.exec(text)?.[1]).find((path) => path !== undefined);
}

function isMounted({ volumeMounts = [] }: Container, directory: string): boolean {
  return volumeMounts.some(({ mountPath }) => `${directory}/`.startsWith(`${mountPath.replace(/\/$/, '')}/`));
}

function withDirectory(spec: PodSpec, container: Container, mountPath: string): PodSpec {
  const names = new Set((spec.volumes ?? []).map((one) => one.name));
  const base = `writable${mountPath.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`.slice(0, 50).replace(/-+$/, '');
  const name = names.has(base) ? `${base}-2` : base;
  const mounted = (one: Container): Container =>
    one.name === container.name ? { ...one, volumeMounts: [...(one.volumeMounts ?? []), { name, mountPath }] } : one;
  return {
    ...spec,
    volumes: [...(spec.volumes ?? []), { name, emptyDir: {} }],
    containers: spec.containers.map(mounted),
    ...(spec.initContainers !== undefined && { initContainers: spec.initContainers.map(mounted) }),
  };
}
