/** The reports of all examples: the contract that programs read, and the text and Markdown that people read. */
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { assessmentSchema, type Assessment } from '@aia/contract';
import { asMarkdown, asText, assess, severityRank } from '@aia/operations';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDump } from '../dump/read-dump.ts';
import { exampleNames, examplePath } from '../examples.ts';
import { colours } from './terminal.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../../contract/schemas/assessment.v1.json', import.meta.url), 'utf8'),
) as object;
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
const names = exampleNames();
const assessments = new Map<string, Assessment>();
beforeAll(async () => {
  for (const name of names) {
    const snapshot = await readDump(examplePath(name), { source: { kind: 'example', name } });
    assessments.set(name, assess(snapshot, { version: 'test' }));
  }
});
const of = (name: string): Assessment => {
  const found = assessments.get(name);
  if (found === undefined) throw new Error(`no example ${name}`);
  return found;
};
const json = (assessment: Assessment) => JSON.parse(JSON.stringify(assessment)) as Json;
const flat = (text: string) => text.replace(/\s+/g, ' ');

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** All places in a document. */
function pathsOf(value: Json, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, inner]) =>
      pathsOf(inner, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

function replaced(value: Json, [key, ...rest]: readonly (string | number)[], change: Json | undefined): Json {
  if (key === undefined || typeof value !== 'object' || value === null) return change ?? null;
  const copy = structuredClone(value) as { [name: string]: Json };
  const inner = copy[key];
  if (rest.length === 0 && change === undefined && !Array.isArray(value)) Reflect.deleteProperty(copy, key);
  else copy[key] = replaced(inner ?? null, rest, change);
  return copy;
}

describe.each(names)('the report of %s', (name) => {
  it('keeps to the published schema', () => {
    expect(validate(json(of(name))), JSON.stringify(validate.errors)).toBe(true);
  });

  it('is still valid for a consumer when a later release adds fields', () => {
    const document = json(of(name)) as { [name: string]: Json };
    const grown = (value: Json): Json => {
      if (Array.isArray(value)) return value.map(grown);
      if (typeof value !== 'object' || value === null) return value;
      return { ...Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, grown(inner)])), addedLater: 1 };
    };
    // Counts and facts are maps whose values have a type; everything else is an object that may grow.
    const { redactions, findings, ...rest } = document;
    const more = { ...(grown(rest) as object), redactions: redactions ?? {}, findings: findings ?? [] };
    expect(validate(more), JSON.stringify(validate.errors)).toBe(true);
    expect(assessmentSchema.safeParse(more).error).toBeUndefined();
  });

  it('is refused or accepted alike by both schemas when something in it changes', () => {
    const document = json(of(name));
    const value = fc.constantFrom<Json | undefined>(
      undefined,
      null,
      true,
      -1,
      0.5,
      1e300,
      'text',
      [],
      {},
      [{}],
      'critical',
      'field',
    );
    fc.assert(
      fc.property(fc.constantFrom(...pathsOf(document).slice(1)), value, (path, change) => {
        const changed = replaced(document, path, change);
        // Only JavaScript knows of safe integers.
        fc.pre(change !== 1e300 || assessmentSchema.safeParse(changed).success === validate(changed));
        expect(validate(changed), JSON.stringify({ path, change })).toBe(assessmentSchema.safeParse(changed).success);
      }),
      { numRuns: 150 },
    );
  });

  it.each([60, 80, 100, 140])('fits %i columns, in colour too', (width) => {
    const text = asText(of(name), { width });
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(width);
    expect(text).not.toMatch(/[^\n\P{C}]/u);
    expect(stripVTControlCharacters(asText(of(name), { width, style: colours() }))).toBe(text);
  });

  it('begins with the verdict and has every cause, counterfactual, remedy, and KPI', () => {
    const { verdict, rootCauses, kpis, missing } = of(name);
    const text = flat(asText(of(name)));
    expect(text.startsWith(verdict.sentence)).toBe(true);
    for (const { title, statement, counterfactuals, remediation } of rootCauses)
      for (const sentence of [
        title,
        statement,
        remediation.text,
        ...counterfactuals.flatMap(({ change, outcome }) => [change, outcome]),
      ])
        expect(text).toContain(flat(sentence));
    for (const kpi of kpis) expect(text).toContain(kpi.name);
    for (const { input } of missing) expect(text).toContain(input);
  });

  it('orders the causes by impact', () => {
    const { rootCauses } = of(name);
    const text = flat(asText(of(name)));
    const places = rootCauses.map(({ title }, i) =>
      text.indexOf(`${i + 1}. ${rootCauses[i]?.severity.toUpperCase()}: ${flat(title)}`),
    );
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    const ranks = rootCauses.map(({ severity }) => severityRank(severity));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  });

  it('repeats no line of evidence, statement or finding', () => {
    const lines = asText(of(name), { width: 140 })
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.length > 60 && !/^(?:kubectl|gcloud|--format)/.test(line));
    expect(lines.filter((line, i) => lines.indexOf(line) !== i)).toEqual([]);
  });

  it('has in Markdown what it has in text', () => {
    const markdown = asMarkdown(of(name));
    const { rootCauses, findings, kpis } = of(name);
    expect(markdown.match(/^### /gm) ?? []).toHaveLength(rootCauses.length);
    const rowsOf = (title: string) => {
      const [, section = ''] = markdown.split(new RegExp(`^## ${title}.*$`, 'm'));
      return (section.split(/^## /m)[0] ?? '').split('\n').filter((line) => line.startsWith('| '));
    };
    const rows = { findings: rowsOf('Findings'), kpis: rowsOf('KPIs') };
    expect(rows.findings).toHaveLength(findings.length > 0 ? findings.length + 2 : 0);
    expect(rows.kpis).toHaveLength(kpis.length + 2);
    const columns = (row: string) => row.split(/(?<!\\)\|/).length;
    for (const table of Object.values(rows)) expect(new Set(table.map(columns)).size).toBeLessThanOrEqual(1);
  });

  it('gives a program what it looks for', () => {
    const document = json(of(name)) as Record<string, unknown>;
    for (const key of ['rootCauses', 'findings', 'kpis', 'missing', 'problems', 'notRun', 'unrecognised'])
      expect(Array.isArray(document[key]), key).toBe(true);
    const ids = new Set(of(name).findings.map(({ id }) => id));
    for (const { explains } of of(name).rootCauses) for (const id of explains) expect(ids).toContain(id);
  });

  it('is the same every time', () => {
    expect(asText(of(name))).toBe(asText(of(name)));
    expect(asMarkdown(of(name))).toBe(asMarkdown(of(name)));
  });
});

describe('the report of aia-system', () => {
  it('shows why the container cannot start, not only that it cannot', () => {
    expect(flat(asText(of('aia-system'), { width: 60 }))).toMatch(
      /stat \/docker-entrypoint-react\.sh: no such file or directory/,
    );
  });

  it.each([80, 100, 120])('says why, cause by cause, in the first 40 lines of a terminal of %i columns', (width) => {
    const { verdict, rootCauses } = of('aia-system');
    const first = flat(asText(of('aia-system'), { width }).split('\n').slice(0, 40).join('\n'));
    expect(first.startsWith(verdict.sentence)).toBe(true);
    expect(first).toMatch(/Points lost: \d+ of 25 for root causes, 15 of 15 for quota/);
    for (const { title } of rootCauses) expect(first).toContain(title);
    expect(first).toContain('Cloud quota is used up → Scale-up was refused → No node takes the pod (6)');
    expect(first).toContain('Container was killed for lack of memory → Deployment lacks available replicas');
  });

  it('is a page that can be read in a minute', () => {
    expect(asText(of('aia-system'), { width: 100 }).split('\n').length).toBeLessThan(200);
  });

  it('tells what to look at, with commands that exist in the cluster', () => {
    const text = asText(of('aia-system'), { width: 140 });
    expect(text).toMatch(/kubectl describe pod -n aia-system aia-frontend-fixed-/);
    expect(text).toMatch(/kubectl logs -n aia-system aia-drift-monitor-\S+ -c drift-monitor --previous/);
    expect(text).toMatch(/kubectl rollout history deployment -n aia-system aia-frontend-fixed/);
    expect(text).toContain('gcloud compute regions describe us-central1');
  });
});
