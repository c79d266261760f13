/** The gate between stages and what they must not see, held against trees that break it. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
let tree: string;

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'aia-boundaries-'));
  cpSync(join(root, 'boundaries.config.cjs'), join(tree, 'boundaries.config.cjs'));
  cpSync(join(root, 'packages/cluster/package.json'), join(tree, 'packages/cluster/package.json'));
  put('packages/operations/package.json', JSON.stringify({ dependencies: { '@aia/cluster': '*' } }));
  put('tsconfig.check.json', JSON.stringify({ compilerOptions: { customConditions: ['source'] } }));
  put('packages/cluster/src/index.ts', 'export const a = 1;\n');
  put('packages/cluster/src/simulated/faults/fault.ts', 'export const b = 1;\n');
  put('packages/cluster/src/faults.ts', `export { b } from './simulated/faults/fault.ts';\n`);
  mkdirSync(join(tree, 'node_modules/@aia'), { recursive: true });
  symlinkSync(join(tree, 'packages/cluster'), join(tree, 'node_modules/@aia/cluster'));
});
afterEach(() => rmSync(tree, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), text);
}

/** What breaks which rule: `diagnose/name.ts diagnose-does-not-see-faults`. */
function broken(): readonly string[] {
  const bin = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [bin, '--config', 'boundaries.config.cjs', '--output-type', 'json', 'packages'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: tree, encoding: 'utf8' });
  const { summary } = JSON.parse(stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } };
  return summary.violations.map(({ from, rule }) => `${from.replace(/^packages\/\w+\/src\//, '')} ${rule.name}`).sort();
}

describe('the gate of boundaries', () => {
  it('keeps faults from diagnosis, planning and rehearsal, by name, as types and by path, and nothing else of the cluster', () => {
    const stages = ['diagnose', 'plan', 'rehearse'];
    for (const stage of stages) {
      const at = `packages/operations/src/${stage}`;
      put(`${at}/cluster.ts`, `import { a } from '@aia/cluster';\nexport const c = a;\n`);
      put(`${at}/name.ts`, `import { b } from '@aia/cluster/faults';\nexport const c = b;\n`);
      put(`${at}/type.ts`, `import type { b } from '@aia/cluster/faults';\nexport type C = typeof b;\n`);
      put(
        `${at}/path.ts`,
        `import { b } from '../../../cluster/src/simulated/faults/fault.ts';\nexport const c = b;\n`,
      );
    }
    const expected = stages.flatMap((stage) => [
      ...['name', 'path', 'type'].map((file) => `${stage}/${file}.ts ${stage}-does-not-see-faults`),
      `${stage}/path.ts through-the-door`,
    ]);
    expect(broken()).toEqual(expected.sort());
  });

  it('keeps them out of what the door of the cluster leads to', () => {
    put('packages/cluster/src/index.ts', `export { b as a } from './simulated/faults/fault.ts';\n`);
    expect(broken()).toEqual(['index.ts door-without-faults']);
  });
});
