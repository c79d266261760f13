/** Changes as a person would make them: a line of kubectl or gcloud, and the file that it names. */
import { refOf, type ResourceRef } from '@aia/cluster';
import type { Change, Step } from '@aia/contract';
import { stringify } from 'yaml';
import { asObject, targetOf, type ObjectChange } from './changed-objects.ts';
import { cloudCommand, type CommandPlace } from './cloud-commands.ts';
import { named } from './named.ts';
import { readableCommand } from './readable-commands.ts';
import { shellComment, shellWord } from './shell.ts';

/** Patches up to this many characters stand in the line itself. */
const INLINE = 180;

type Written = Omit<Step, 'change'>;

/**
 * Changes with their commands. `objects`: what they do to objects, as far as that is known; `overrides`: lines in place of derived ones, by
 * position; `prefix`: of the names of files.
 */
export function stepsOf(
  changes: readonly Change[],
  objects: readonly ObjectChange[],
  place: CommandPlace,
  {
    overrides = [],
    prefix = '',
  }: { readonly overrides?: readonly (string | undefined)[]; readonly prefix?: string } = {},
): readonly Step[] {
  const byChange = new Map(objects.map((one) => [one.change, one]));
  const files = new Map<string, number>();
  return changes.map((change, i) => {
    const written = numbered(writtenOf(change, byChange.get(change), place, prefix), files);
    const override = hasPlainName(targetOf(change)) ? overrides[i] : undefined;
    return { change, ...written, ...(override !== undefined && { command: override }) };
  });
}

/** Lines that kinds of action write themselves hold names as they are; of a name that no API server takes, the derived line is the one to trust. */
function hasPlainName(target: ResourceRef | undefined): boolean {
  return target === undefined || [target.name, target.namespace].every((name) => /^(?:[\w.:][\w.:-]*)?$/.test(name));
}

/** Two files of one name would overwrite each other. */
function numbered(written: Written, files: Map<string, number>): Written {
  const { file, command } = written;
  if (file === undefined) return written;
  const count = (files.get(file) ?? 0) + 1;
  files.set(file, count);
  if (count === 1) return written;
  const other = file.replace(/\.yaml$/, `-${count}.yaml`);
  return { ...written, file: other, command: command.replace(file, other) };
}

function writtenOf(change: Change, object: ObjectChange | undefined, place: CommandPlace, prefix: string): Written {
  switch (change.kind) {
    case 'create':
      return withFile(
        fileOf(refOf(asObject(change.object)), prefix),
        change.object,
        (file) => `kubectl create -f ${file}`,
      );
    case 'patch':
      return patchCommand(change, object, prefix);
    case 'delete': {
      const { target, gracePeriodSeconds: grace, propagationPolicy: policy } = change;
      const flags = [
        ...(grace === undefined ? [] : [`--grace-period=${grace}`]),
        ...(grace === 0 ? ['--force'] : []),
        ...(policy === undefined ? [] : [`--cascade=${policy.toLowerCase()}`]),
      ];
      return { command: ['kubectl delete', named(target), ...flags].join(' ') };
    }
    case 'scale':
      return { command: `kubectl scale ${named(change.target)} --replicas=${change.replicas}` };
    case 'evict':
      return { command: evictCommand(change.target) };
    case 'cloud':
      return { command: cloudCommand(change.call, place) };
    case 'manual':
      return { command: shellComment(change.instruction) };
  }
}

/** kubectl has no verb for one eviction; a drain makes them for a whole node. */
function evictCommand({ namespace, name }: ResourceRef): string {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/eviction`;
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
  return `echo ${shellWord(JSON.stringify(eviction))} | kubectl create --raw ${shellWord(path)} -f -`;
}

function patchCommand(
  { target, patch }: Extract<Change, { kind: 'patch' }>,
  object: ObjectChange | undefined,
  prefix: string,
): Written {
  const body = patch.type === 'json' ? patch.operations : patch.patch;
  const { before, after } = object ?? {};
  const readable = before === undefined || after === undefined ? undefined : readableCommand(before, after);
  if (readable !== undefined) return { command: readable };
  const type = patch.type === 'strategic' ? '' : ` --type=${patch.type}`;
  const text = JSON.stringify(body);
  if (text.length <= INLINE) return { command: `kubectl patch ${named(target)}${type} -p ${shellWord(text)}` };
  return withFile(
    fileOf(target, prefix, '.patch'),
    body,
    (file) => `kubectl patch ${named(target)}${type} --patch-file=${file}`,
  );
}

function withFile(file: string, content: unknown, command: (file: string) => string): Written {
  return { command: command(file), manifest: stringify(content, { lineWidth: 0 }), file };
}

function fileOf({ kind, name }: ResourceRef, prefix: string, ending = ''): string {
  return `${prefix}${kind.toLowerCase()}-${name}${ending}.yaml`
    .replace(/[^a-z0-9.-]/g, '-')
    .slice(-120)
    .replace(/^-+/, '');
}
