/** Which files a container asks a missing ConfigMap for. */
import type { Container } from '@aia/cluster';
import { containersOf, currentTemplate } from '../../revisions/revisions.ts';
import type { MissingUse } from '../../revisions/missing-references.ts';
import { CONFIG_TEMPLATES, type ConfigTemplate } from './config-templates.ts';

/** A key with the template that fits it. */
export interface WantedFile {
  readonly key: string;
  readonly template: ConfigTemplate;
  /** How the key was told, completing "… reads …". */
  readonly because: string;
}

/** One per key; `undefined` where a use is no volume, or a file is wanted that no template is for. */
export function wantedFiles(uses: readonly MissingUse[]): readonly WantedFile[] | undefined {
  const files = uses.map(filesOf);
  if (files.some((one) => one === undefined)) return undefined;
  return [...new Map(files.flatMap((one) => one ?? []).map((one) => [one.key, one])).values()];
}

function filesOf({ workload, reference }: MissingUse): readonly WantedFile[] | undefined {
  const template = currentTemplate(workload);
  if (template === undefined || reference.use !== 'volume') return undefined;
  const mounting = containersOf(template).flatMap((container) =>
    (container.volumeMounts ?? [])
      .filter(({ name }) => name === reference.volume)
      .map((mount) => ({ container, mountPath: mount.mountPath.replace(/\/+$/, '') })),
  );
  const [first] = mounting;
  if (first === undefined) return undefined;
  const { container, mountPath } = first;
  const named = reference.keys.length > 0 ? reference.keys : namedIn(container, mountPath);
  if (named.length === 0) return byImage(container, mountPath);
  const files = named.map((key) => ({ key, template: templateFor(container, key) }));
  if (files.some(({ template: one }) => one === undefined)) return undefined;
  const because = reference.keys.length > 0 ? 'its volume names the key' : 'its arguments name the file';
  return files.map(({ key, template: one }) => ({ key, template: one as ConfigTemplate, because }));
}

/** Files below the mount that command, arguments or environment name. */
function namedIn({ command = [], args = [], env = [] }: Container, mountPath: string): readonly string[] {
  const words = [...command, ...args, ...env.flatMap(({ value }) => value ?? [])].flatMap((one) =>
    one.split(/[\s='",]+/),
  );
  const below = words
    .filter((word) => word.startsWith(`${mountPath}/`))
    .map((word) => word.slice(mountPath.length + 1));
  // A key holds no slash.
  return [...new Set(below)].filter((key) => /^[\w.-]+$/.test(key) && /\.\w+$/.test(key));
}

/** The file that the image reads by itself, where the mount is its folder. */
function byImage(container: Container, mountPath: string): readonly WantedFile[] | undefined {
  // Arguments that name no file may well name another folder.
  const found = CONFIG_TEMPLATES.find(
    ({ image, file }) => image.test(nameOf(container)) && folderOf(file) === mountPath,
  );
  if (found === undefined) return undefined;
  return [
    { key: found.file.slice(mountPath.length + 1), template: found, because: 'its image reads this file by itself' },
  ];
}

function templateFor(container: Container, key: string): ConfigTemplate | undefined {
  return CONFIG_TEMPLATES.find(({ image, keys }) => image.test(nameOf(container)) && keys.test(key));
}

/** `prom/alertmanager:v0.27.0@sha256:…` → `alertmanager`. */
function nameOf({ image = '' }: Container): string {
  const [repository = ''] = image.split('@');
  return (repository.split('/').at(-1) ?? '').replace(/:.*$/, '');
}

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/'));
}
