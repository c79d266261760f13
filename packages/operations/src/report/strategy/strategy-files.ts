/** Files that a strategy names: what its commands read, rules and dashboards for the monitoring, tests. */
import type { Strategy } from '@aia/contract';
import type { Block, Section, StrategyFile } from './section.ts';
import { strategySections } from './sections.ts';

/** All of them, each once, in the order of the document. */
export function strategyFiles(strategy: Strategy): readonly StrategyFile[] {
  const files = new Map<string, string>();
  for (const { path, content } of strategySections(strategy).flatMap(filesOf))
    if (!files.has(path)) files.set(path, content);
  return [...files].map(([path, content]) => ({ path, content }));
}

function filesOf({ blocks, parts = [] }: Section): readonly StrategyFile[] {
  const own = blocks.flatMap(writtenBy).map(({ path, content }) => ({ path: harmless(path), content: ended(content) }));
  return [...own, ...parts.flatMap(filesOf)];
}

function writtenBy(block: Block): readonly StrategyFile[] {
  if (block.kind === 'files') return block.files;
  return block.kind === 'code' && block.file !== undefined ? [{ path: block.file, content: block.code }] : [];
}

/** Names in a plan are those of objects; what else stands in a path is not to lead anywhere. */
function harmless(path: string): string {
  return path
    .split('/')
    .map((part) => part.replace(/[^A-Za-z0-9._-]/g, '-').replace(/^\.+/, ''))
    .filter((part) => part !== '')
    .join('/');
}

function ended(code: string): string {
  return code.endsWith('\n') ? code : `${code}\n`;
}
