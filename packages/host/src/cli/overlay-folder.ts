/** The folder of `--gitops`: nothing of anybody else is replaced in it, and nothing of an earlier plan is left beside a new one. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OVERLAYS_MARK } from '@aia/operations';
import { UsageError } from './exit.ts';
import { writing } from './write-output.ts';

const README = 'README.md';
/** What `--gitops` names its folders; see `gitOpsFiles`. */
const PHASE = /^phase-\d+(?:-|$)/;

/**
 * Asked before the work of a plan begins.
 * @throws UsageError where it holds files that no plan wrote
 */
export function checkOverlayFolder(folder: string): void {
  if (isOfAPlan(folder)) return;
  const others = entriesOf(folder).filter((name) => name !== '.git');
  if (others.length > 0)
    throw new UsageError(
      `${folder} holds files that no plan wrote (${others.slice(0, 3).join(', ')}); --gitops needs an empty directory, or one of an earlier plan`,
    );
}

/** Writes the files in place of those of an earlier plan. @throws HostError `output-failed` where it cannot */
export function writeOverlays(
  folder: string,
  files: readonly { readonly path: string; readonly content: string }[],
): void {
  if (isOfAPlan(folder))
    for (const name of entriesOf(folder).filter((one) => one === README || PHASE.test(one)))
      writing(join(folder, name), (path) => rmSync(path, { recursive: true }));
  for (const { path, content } of files)
    writing(join(folder, path), (file) => {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    });
}

function isOfAPlan(folder: string): boolean {
  try {
    return readFileSync(join(folder, README), 'utf8').includes(OVERLAYS_MARK);
  } catch {
    return false;
  }
}

/** None where there is no such directory: writing tells why it cannot. */
function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
