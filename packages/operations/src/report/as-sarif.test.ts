import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Assessment } from '@aia/contract';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare } from '../baseline/compare.ts';
import { RULES } from '../diagnose/catalogue.ts';
import { asSarif } from './as-sarif.ts';
import { grown, hostile, rewritten, sample, suppressedSample } from './report.suite.ts';

interface Location {
  readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
  readonly logicalLocations: readonly { readonly fullyQualifiedName: string }[];
  readonly message?: { readonly text: string };
}

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly Location[];
  readonly relatedLocations?: readonly (Location & { readonly id: number })[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly baselineState?: string;
  readonly suppressions?: readonly { readonly kind: string; readonly status: string; readonly justification: string }[];
  readonly codeFlows?: readonly [
    { readonly threadFlows: readonly [{ readonly locations: readonly { readonly location: Location }[] }] },
  ];
}

interface Run {
  readonly tool: {
    readonly driver: {
      readonly rules: readonly {
        readonly id: string;
        readonly help: { readonly text: string; readonly markdown: string };
      }[];
    };
  };
  readonly results: readonly Result[];
  readonly invocations: readonly [
    Readonly<
      Record<
        'toolExecutionNotifications' | 'toolConfigurationNotifications',
        readonly { readonly message: { readonly text: string } }[]
      >
    >,
  ];
}

function runOf(assessment: Assessment): Run {
  const [run] = (JSON.parse(asSarif(assessment)) as { readonly runs: readonly [Run] }).runs;
  return run;
}

/** The OASIS schema, as Microsoft's matchers for SARIF carry it; written for draft 4, which names itself otherwise. */
const validate = (() => {
  const path = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const { definitions, properties, required, type } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  (addFormats as unknown as (ajv: Ajv) => void)(ajv);
  return ajv.compile({ definitions, properties, required, type, additionalProperties: false });
})();

function problemsOf(assessment: Assessment): unknown {
  return validate(JSON.parse(asSarif(assessment))) ? [] : validate.errors;
}

describe('SARIF', () => {
  it('keeps to the schema of SARIF 2.1.0', () => {
    expect(problemsOf(sample())).toEqual([]);
    expect(validate({ version: '2.1.0', runs: [{ results: [{}] }] })).toBe(false);
  });

  it('keeps to it whatever a cluster writes', () => {
    const base = sample();
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 20 }), (texts) => {
        let i = 0;
        expect(problemsOf(rewritten(base, () => texts[i++ % texts.length] ?? ''))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('has one rule for each code, with help as text and Markdown, and points to it from every result', () => {
    const { tool, results } = runOf(sample());
    expect(tool.driver.rules.map(({ id }) => id)).toEqual(RULES.map(({ code }) => code));
    for (const { help } of tool.driver.rules) {
      expect(help.text).not.toBe('');
      expect(help.markdown).not.toBe('');
    }
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  });

  it.each([
    ['critical', 'error'],
    ['high', 'error'],
    ['medium', 'warning'],
    ['low', 'note'],
    ['info', 'note'],
  ] as const)('gives %s the level %s', (severity, level) => {
    const base = sample();
    const { results } = runOf({ ...base, findings: base.findings.map((finding) => ({ ...finding, severity })) });
    expect(new Set(results.map((result) => result.level))).toEqual(new Set([level]));
  });

  it('says where each result lies and which resource it is about', () => {
    const { results } = runOf(sample());
    expect(results).toHaveLength(sample().findings.length);
    for (const { locations } of results) {
      expect(locations).toHaveLength(1);
      expect(locations[0]?.physicalLocation.artifactLocation.uri).toMatch(/^[^/].*/);
    }
    const names = results.flatMap(({ locations }) => locations.flatMap((one) => one.logicalLocations));
    expect(names.map(({ fullyQualifiedName }) => fullyQualifiedName)).toContain('Pod/shop/broken-1');
  });

  it('points every explained result to its cause, and shows the way from there', () => {
    const assessment = sample();
    const { results } = runOf(assessment);
    const explained = assessment.findings.flatMap(({ explainedBy }, i) => (explainedBy === undefined ? [] : [i]));
    expect(explained).not.toEqual([]);
    for (const i of explained) {
      const { relatedLocations = [], codeFlows, message } = results[i] as Result;
      const rank = 1 + assessment.rootCauses.findIndex(({ id }) => id === assessment.findings[i]?.explainedBy);
      expect(relatedLocations[0]?.message?.text).toContain(`Root cause ${rank}:`);
      expect(message.text).toMatch(/\]\(1\)/);
      const steps = codeFlows?.[0].threadFlows[0].locations ?? [];
      expect(steps.at(-1)?.location.logicalLocations).toEqual(results[i]?.locations[0]?.logicalLocations);
    }
  });

  it('names evidence in every result', () => {
    for (const { message } of runOf(sample()).results) expect(message.text).toMatch(/\nEvidence:\n- ./);
  });

  it('keeps the fingerprint of a finding while its words change, and gives each its own', () => {
    const base = sample();
    const prints = (assessment: Assessment) => runOf(assessment).results.map((one) => one.partialFingerprints);
    const later = {
      ...base,
      findings: base.findings.map((finding) => ({ ...finding, message: `${finding.message}, still` })),
    };
    expect(prints(later)).toEqual(prints(base));
    const many = prints(grown({ pods: 20_000, causes: 3 })).map((one) => one['primaryLocationLineHash']);
    expect(new Set(many).size).toBe(many.length);
  });

  it('gives no more results than code scanning takes, and says how many are left out', () => {
    const { results, invocations } = runOf(grown({ pods: 25_010, causes: 2 }));
    expect(results).toHaveLength(25_000);
    expect(invocations[0].toolExecutionNotifications.map(({ message }) => message.text)).toContain(
      '10 results of the least severity are left out; the JSON has them.',
    );
  });

  it.each([
    [{ kind: 'dump', name: 'dumps/prod.tar.gz' }, 'dumps/prod.tar.gz'],
    [{ kind: 'dump', name: './my dump.json' }, 'my%20dump.json'],
    [{ kind: 'dump', name: '/home/me/prod.zip' }, 'prod.zip'],
    [{ kind: 'dump', name: '../prod.zip' }, 'prod.zip'],
    [{ kind: 'dump', name: '-' }, 'standard-input'],
    [{ kind: 'live', name: 'prod' }, 'kubernetes/prod/shop/Pod/broken-1'],
  ] as const)('says for %j where a pod is', (source, uri) => {
    const base = sample();
    const { results } = runOf({ ...base, cluster: { ...base.cluster, source } });
    expect(results.map(({ locations }) => locations[0]?.physicalLocation.artifactLocation.uri)).toContain(uri);
  });

  it('marks what is suppressed as such, with its reason', () => {
    const assessment = suppressedSample();
    expect(problemsOf(assessment)).toEqual([]);
    const marked = runOf(assessment).results.filter(({ suppressions }) => suppressions !== undefined);
    expect(marked.map(({ locations }) => locations[0]?.logicalLocations[0]?.fullyQualifiedName)).toEqual([
      'Pod/shop/old-1',
    ]);
    expect(marked[0]?.suppressions?.[0]).toMatchObject({ kind: 'external', status: 'accepted' });
    expect(marked[0]?.suppressions?.[0]?.justification).toContain('it is being replaced (owner team-a');
  });

  it('says of each result whether an earlier report has it, where there is one', () => {
    const now = sample();
    const [first, ...others] = now.findings;
    if (first === undefined) throw new Error('the sample has a finding');
    expect(runOf(now).results.every(({ baselineState }) => baselineState === undefined)).toBe(true);
    const since = { ...now, comparison: compare({ ...now, findings: others }, now) };
    expect(problemsOf(since)).toEqual([]);
    expect(runOf(since).results.map(({ baselineState }) => baselineState)).toEqual([
      'new',
      ...others.map(() => 'unchanged'),
    ]);
  });

  it('tells what was not read and which rules did not run', () => {
    const base = sample();
    const { invocations } = runOf({
      ...base,
      missing: [{ input: 'events', reason: 'not in the dump', consequence: 'no event is known' }],
      notRun: [{ code: 'node-not-ready', reason: 'needs nodes' }],
    });
    expect(invocations[0].toolExecutionNotifications.map(({ message }) => message.text)).toContain(
      'missing events: not in the dump; no event is known',
    );
    expect(invocations[0].toolConfigurationNotifications[0]?.message.text).toContain('needs nodes');
  });
});
