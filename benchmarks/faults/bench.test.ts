import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAULT_KINDS } from '@aia/cluster/faults';
import { causeClass, ruleOf } from '@aia/operations';
import { describe, expect, it } from 'vitest';
import { falseAlarms, measureAlone, type MeasuredFault } from './alone.ts';
import { MEASURED } from './bench.ts';

const path = join(import.meta.dirname, '../..', MEASURED);
const stored = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as readonly MeasuredFault[]) : [];
const measured = await measureAlone();

describe('simulated faults, each alone', () => {
  it('are measured as docs/faults.md says (npm run bench -- faults --write; npm run docs)', () => {
    expect(stored.map(({ name }) => name)).toEqual([...FAULT_KINDS.keys()]);
    expect(JSON.parse(JSON.stringify(measured))).toEqual(stored);
  });

  it.each(measured.map((one) => [one.name, one] as const))('%s has a truth that a diagnosis could tell', (_, fault) => {
    for (const name of fault.truth.classes) expect(isNameable(name), name).toBe(true);
  });

  it('are brought about where nothing is wrong', async () => {
    expect(await falseAlarms()).toEqual([]);
  });
});

/** A class of the table, or the code of a rule, whose finding is a cause by itself; those that name a refusal stand for any. */
function isNameable(name: string): boolean {
  return ruleOf(name) !== undefined || causeClass(name) !== undefined;
}
