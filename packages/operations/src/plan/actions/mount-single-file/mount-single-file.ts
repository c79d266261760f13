/** Mounts the one file of a ConfigMap or Secret where the image has a file. */
import type { Container, PodSpec } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { quotedTexts } from '../../rollout/evidence-text.ts';
import { podSpecOf, templateRemedies } from '../../rollout/template-repair.ts';

const MINUTE = 60_000;
const TARGET = /to rootfs at "([^"]{1,500})".*not a directory/is;

/** For containers that the runtime cannot start because a directory is mounted over a file. */
export const mountSingleFile: ActionKind = {
  kind: 'mount-single-file',
  title: 'Mount a single file',
  explanation:
    'Gives a mount that covers a file of the image the subPath of the key of that name, else of the only key that its ConfigMap or Secret has. Files mounted so do not follow later changes until the pod is started again.',
  capability: 'configuration',
  prior: { alpha: 9, beta: 1, basis: 'the runtime names the path' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.06,
  propose: (planning) => planning.causesOf('container-cannot-start').flatMap((cause) => remediesFor(cause, planning)),
};

function remediesFor(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const found = podSpecOf(cause, planning);
  if (found === undefined) return [];
  const { workload, spec } = found;
  const texts = [...quotedTexts(planning.findingsOf(cause)), ...quotedTexts([{ evidence: cause.evidence } as never])];
  const path = texts.map((text) => TARGET.exec(text)?.[1]).find((one) => one !== undefined);
  const key = path === undefined ? undefined : keyFor(spec, path, workload.metadata.namespace ?? '', planning);
  if (path === undefined || key === undefined) return [];
  const repairs = [
    {
      spec: withSubPath(spec, path, key),
      title: `Mount only ${key} at ${path}`,
      reason: `The runtime cannot mount a directory over the file ${path} of the image; ${key} is the key that belongs there.`,
      confidence: 0.88,
      fit: 0.95,
    },
  ];
  return templateRemedies({ kind: mountSingleFile.kind, cause, workload, repairs, isPlaced: false }, planning);
}

function isMeant({ mountPath, subPath }: NonNullable<Container['volumeMounts']>[number], path: string): boolean {
  return mountPath === path && subPath === undefined;
}

/** The key of the file's name, else the only one. */
function keyFor(spec: PodSpec, path: string, namespace: string, { snapshot }: Planning): string | undefined {
  const mounts = spec.containers.flatMap(({ volumeMounts = [] }) => volumeMounts);
  const volumeName = mounts.find((one) => isMeant(one, path))?.name;
  const volume = (spec.volumes ?? []).find(({ name }) => volumeName !== undefined && name === volumeName);
  const { configMap, secret } = volume ?? {};
  const map = snapshot.get('ConfigMap', namespace, configMap?.name ?? '');
  const held = snapshot.get('Secret', namespace, secret?.secretName ?? '');
  const items = (configMap?.items ?? secret?.items ?? []).map((item) => item.path);
  const keys = items.length > 0 ? items : Object.keys({ ...map?.data, ...map?.binaryData, ...held?.data });
  const name = path.slice(path.lastIndexOf('/') + 1);
  return keys.includes(name) ? name : keys.length === 1 ? keys[0] : undefined;
}

function withSubPath(spec: PodSpec, path: string, subPath: string): PodSpec {
  const mended = (one: Container): Container =>
    one.volumeMounts === undefined
      ? one
      : {
          ...one,
          volumeMounts: one.volumeMounts.map((mount) => (isMeant(mount, path) ? { ...mount, subPath } : mount)),
        };
  return { ...spec, containers: spec.containers.map(mended) };
}
