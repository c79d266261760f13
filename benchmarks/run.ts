/**
 * Runs benchmarks.
 *   npm run bench -- NAME [--json] [--size small|full] [--write]
 *   npm run bench -- --all [--size small|full]
 * `--write` writes the pages of the documentation that a benchmark measures, where it has some.
 * Exits with 1 when a bound does not hold, 2 when the call is wrong. Bounds are judged at size full; the smoke run at
 * size small shows that the benchmark works and prints its figures, since ratios of short runs are mostly noise.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import type { Benchmark, Bound, Detailed, Figure, Size } from './figure.ts';

const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(import.meta.dirname, entry.name, 'bench.ts')))
  .map((entry) => entry.name)
  .sort();

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    size: { type: 'string', default: 'full' },
    all: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const chosen = values.all ? names : positionals;
const wrong =
  chosen.length === 0 || chosen.some((name) => !names.includes(name)) || !['small', 'full'].includes(values.size);

if (wrong) {
  console.error(`usage: npm run bench -- NAME [--json] [--size small|full] [--write]; benchmarks: ${names.join(', ')}`);
  process.exitCode = 2;
} else {
  for (const name of chosen) if (!(await runOne(name, values.size as Size))) process.exitCode = 1;
}

async function runOne(name: string, size: Size): Promise<boolean> {
  const { run } = (await import(join(import.meta.dirname, name, 'bench.ts'))) as Benchmark;
  const given = await run(size, (text) => process.stderr.write(`${name}: ${text}\n`));
  const { figures, lines, details, pages }: Detailed = isDetailed(given)
    ? given
    : { figures: given, lines: [], details: undefined };
  if (values.write)
    for (const [path, content] of pages ?? []) await write(join(import.meta.dirname, '..', path), content);
  if (values.json) console.log(JSON.stringify({ name, size, figures, details }));
  else {
    print(name, size, figures);
    for (const line of lines) console.log(`  ${line}`);
  }
  return size === 'small' || figures.every(({ holds }) => holds);
}

/** As the gate of formats wants it. */
async function write(path: string, content: string): Promise<void> {
  writeFileSync(path, await format(content, { ...(await resolveConfig(path)), filepath: path }));
}

function isDetailed(given: readonly Figure[] | Detailed): given is Detailed {
  return 'figures' in given;
}

function print(name: string, size: Size, figures: readonly Figure[]): void {
  console.log(`\n${name} (${size})`);
  const width = Math.max(...figures.map((figure) => figure.name.length));
  for (const { name: what, value, unit, bound, holds } of figures) {
    console.log(
      `  ${what.padEnd(width)} ${String(value).padStart(10)} ${unit.padEnd(6)} ${boundText(bound)}${holds ? '' : '  DOES NOT HOLD'}`,
    );
  }
}

function boundText(bound: Bound): string {
  if (bound === null) return '';
  return 'max' in bound ? `≤ ${bound.max}` : `≥ ${bound.min}`;
}
