/** Each example is diagnosed as its `expected.json` says: the causes, in order, what they are about, and what they explain. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assessmentSchema } from '@aia/contract';
import { readDump } from '@aia/host';
import { assess } from '@aia/operations';
import { describe, expect, it } from 'vitest';

interface Expected {
  readonly pods: { readonly total: number; readonly succeeding: number; readonly failing: number };
  readonly rootCauses: readonly {
    readonly class: string;
    readonly resource: string;
    readonly pods: number;
    readonly services: number;
  }[];
  /** Codes of findings that no cause explains. */
  readonly others: readonly string[];
}

const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'generate')
  .map((entry) => entry.name);

async function diagnosed(name: string) {
  return assess(await readDump(join(import.meta.dirname, name, 'dump')), { version: 'test' });
}

describe.each(names)('example %s', (name) => {
  const expected = JSON.parse(readFileSync(join(import.meta.dirname, name, 'expected.json'), 'utf8')) as Expected;

  it('is diagnosed as it says', async () => {
    const { cluster, rootCauses, findings } = await diagnosed(name);
    expect(cluster.pods).toEqual(expected.pods);
    expect(
      rootCauses.map(({ class: kind, resource, impact }) => ({
        class: kind,
        resource: `${resource.kind} ${resource.namespace === '' ? '' : `${resource.namespace}/`}${resource.name}`,
        pods: impact.pods,
        services: impact.services,
      })),
    ).toEqual(expected.rootCauses);
    expect(findings.filter(({ explainedBy }) => explainedBy === undefined).map(({ code }) => code)).toEqual(
      expected.others,
    );
  });

  it('reads without a problem, every message understood, and gives a valid report', async () => {
    const assessment = await diagnosed(name);
    expect(assessment.problems).toEqual([]);
    expect(assessment.unrecognised).toEqual([]);
    expect(assessment.missing).toEqual([]);
    expect(assessmentSchema.safeParse(JSON.parse(JSON.stringify(assessment))).error).toBeUndefined();
  });
});

describe('aia-system', () => {
  it('says that right-sizing alone schedules all six pods, and more CPUs would too', async () => {
    const [cause] = (await diagnosed('aia-system')).rootCauses;
    const outcomes = cause?.counterfactuals.map(({ change, resolved, affected }) => [change, resolved, affected]);
    expect(outcomes).toContainEqual([
      'with the requests of 10 running pods at their measured use (CPU p95, memory peak of 8 days)',
      6,
      6,
    ]);
    expect(outcomes).toContainEqual(['with 8 more CPUs in us-central1 (2 more e2-standard-4 nodes)', 6, 6]);
  });

  it('has the figures of the reference document', async () => {
    const { kpis } = await diagnosed('aia-system');
    const value = (id: string) => kpis.find((kpi) => kpi.id === id)?.value;
    expect(value('pod-success-rate')).toBeCloseTo(28 / 37, 3);
    expect(value('cpu-usage')).toBeCloseTo(0.06, 2);
    expect(value('memory-usage')).toBeCloseTo(0.1, 2);
    expect(value('active-load-balancers')).toBe(23);
    expect(value('certificate-health')).toBe(1);
  });
});
