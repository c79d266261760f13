/**
 * A strategy as a folder for a Git repository: a Kustomize component for each phase, which an overlay takes in one commit after the other.
 * Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ and …/guides/config_management/components/
 */
import type { Action, Phase, Strategy } from '@aia/contract';
import { stringify } from 'yaml';
import { isMasked } from '../../plan/effects/masks.ts';
import { shellComment } from '../../plan/effects/shell.ts';
import { isApplied, patchOf, resourceOf, type PhasePatch } from './phase-parts.ts';
import { phaseReadme, rootReadme } from './readmes.ts';

/** One file; the path is relative and stays below its folder. */
export interface GitOpsFile {
  readonly path: string;
  readonly content: string;
}

/**
 * Files of a strategy: `README.md`, and per phase a folder with `README.md`, a `kustomization.yaml` with what it names where the phase changes
 * objects, and `cloud.sh` where it calls the cloud. Empty for a strategy without phases. Pure; nothing of a cluster names a path or becomes syntax.
 */
export function gitOpsFiles({ plan }: Pick<Strategy, 'plan'>): readonly GitOpsFile[] {
  if (plan.phases.length === 0) return [];
  const folders = plan.phases.map((phase) => ({ phase, folder: folderOf(phase), files: componentFiles(phase) }));
  const components = folders.filter(({ files }) => files.length > 0).map(({ folder }) => folder);
  return [
    { path: 'README.md', content: rootReadme(plan, components) },
    ...folders.flatMap(({ phase, folder, files }) =>
      [...files, ...cloudScript(phase), { path: 'README.md', content: phaseReadme(phase) }].map(
        ({ path, content }) => ({
          path: `${folder}/${path}`,
          content,
        }),
      ),
    ),
  ];
}

/** `phase-1-free-addresses`. */
function folderOf({ number, name }: Phase): string {
  const slug = slugOf(name.replace(/^phase \d+:?/i, ''));
  return `phase-${number}${slug === '' ? '' : `-${slug}`}`;
}

function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
}

function componentFiles({ actions }: Phase): readonly GitOpsFile[] {
  const names = new Names();
  const changes = actions
    .flatMap(({ steps }) => steps.map(({ change }) => change))
    .filter((change) => isApplied(change) && !isMasked(change));
  const resources = changes.flatMap((change) => {
    const object = resourceOf(change);
    return object === undefined ? [] : [{ path: names.next(object, ''), content: yaml(object) }];
  });
  const patches = changes.flatMap((change) => {
    const patch = patchOf(change);
    return patch === undefined ? [] : [{ patch, path: names.next(patch.named, '.patch') }];
  });
  if (resources.length === 0 && patches.length === 0) return [];
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1alpha1',
    kind: 'Component',
    ...(resources.length > 0 && { resources: resources.map(({ path }) => path) }),
    ...(patches.length > 0 && { patches: patches.map(({ patch: { target }, path }) => ({ path, target })) }),
  };
  return [
    { path: 'kustomization.yaml', content: yaml(kustomization) },
    ...resources,
    ...patches.map(({ patch, path }: { patch: PhasePatch; path: string }) => ({ path, content: yaml(patch.body) })),
  ];
}

function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 });
}

/** Names of files, each given once. */
class Names {
  readonly #taken = new Set<string>();

  next(
    {
      kind,
      metadata,
    }: { readonly kind: string; readonly metadata: { readonly name: string; readonly namespace?: string } },
    ending: string,
  ): string {
    const base = slugOf([kind, metadata.namespace ?? '', metadata.name].filter((part) => part !== '').join('-'));
    for (let i = 1; ; i++) {
      const name = `${base}${i === 1 ? '' : `-${i}`}${ending}.yaml`;
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      return name;
    }
  }
}

/** Lines of gcloud with what each is for. */
function cloudScript({ number, name, actions }: Phase): readonly GitOpsFile[] {
  const calls = actions.filter(({ steps }) => steps.some(({ change }) => change.kind === 'cloud'));
  if (calls.length === 0) return [];
  const head = [
    '#!/usr/bin/env bash',
    shellComment(`Phase ${number}, ${name}: calls to the cloud. Read them before you run them.`),
    'set -euo pipefail',
  ];
  return [{ path: 'cloud.sh', content: `${[...head, ...calls.map(callText)].join('\n')}\n` }];
}

function callText({ title, reason, steps, inverse }: Action): string {
  const lines = steps.filter(({ change }) => change.kind === 'cloud').map(({ command }) => command);
  const undo =
    inverse.kind === 'irreversible'
      ? [`Cannot be undone: ${inverse.reason}`]
      : inverse.steps.filter(({ change }) => change.kind === 'cloud').map(({ command }) => `To undo: ${command}`);
  return ['', shellComment(title), shellComment(reason), ...undo.map(shellComment), ...lines].join('\n');
}
