import type { Assessment } from '@aia/contract';
import fc from 'fast-check';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { describe, expect, it } from 'vitest';
import { RULES } from '../diagnose/catalogue.ts';
import { asJunit, type JunitOptions } from './as-junit.ts';
import { grown, hostile, rewritten, sample, suppressedSample } from './report.suite.ts';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** What a strict XML parser makes of it. */
function parsed(xml: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
    const element: Element = { name, attributes, children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const last = open.at(-1);
    if (last !== undefined) last.text += text;
  });
  parser.on('closetag', () => void open.pop());
  parser.write(xml).close();
  return root.children[0] as Element;
}

/**
 * What the schemas of Ant (as Apache's testing tools publish it) and of Jenkins' xUnit plugin both allow: elements in their order, and
 * attributes, those that one of them requires marked by `!`.
 */
const GRAMMAR: Readonly<Record<string, { readonly children: RegExp; readonly attributes: readonly string[] }>> = {
  testsuites: { children: /^(?:testsuite )*$/, attributes: [] },
  testsuite: {
    children: /^properties (?:testcase )*system-out system-err $/,
    attributes: [
      'id!',
      'name!',
      'package!',
      'timestamp!',
      'hostname!',
      'tests!',
      'failures!',
      'errors!',
      'time!',
      'skipped',
    ],
  },
  properties: { children: /^(?:property )*$/, attributes: [] },
  property: { children: /^$/, attributes: ['name!', 'value!'] },
  testcase: { children: /^(?:(?:skipped|failure|error) )?$/, attributes: ['name!', 'classname!', 'time!'] },
  failure: { children: /^$/, attributes: ['type!', 'message'] },
  skipped: { children: /^$/, attributes: ['message'] },
  'system-out': { children: /^$/, attributes: [] },
  'system-err': { children: /^$/, attributes: [] },
};

function expectGrammar(element: Element): void {
  const rule = GRAMMAR[element.name];
  if (rule === undefined) throw new Error(`unknown element ${element.name}`);
  expect(element.children.map(({ name }) => `${name} `).join('')).toMatch(rule.children);
  const allowed = rule.attributes.map((name) => name.replace('!', ''));
  for (const name of Object.keys(element.attributes)) expect(allowed).toContain(name);
  for (const name of rule.attributes.filter((one) => one.endsWith('!')))
    expect(element.attributes).toHaveProperty(name.slice(0, -1));
  element.children.forEach(expectGrammar);
}

function suites(assessment: Assessment, options?: JunitOptions): readonly Element[] {
  return parsed(asJunit(assessment, options)).children;
}

const casesOf = (all: readonly Element[]) =>
  all.flatMap(({ children }) => children.filter(({ name }) => name === 'testcase'));
const outcomes = (all: readonly Element[], name: string) =>
  casesOf(all).filter(({ children }) => children.some((child) => child.name === name));

describe('JUnit', () => {
  it('keeps to the grammar, whatever a cluster writes', () => {
    const base = sample();
    expectGrammar(parsed(asJunit(base)));
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 20 }), (texts) => {
        let i = 0;
        expectGrammar(parsed(asJunit(rewritten(base, () => texts[i++ % texts.length] ?? ''))));
      }),
      { numRuns: 60 },
    );
  });

  it('counts what it holds, in every suite', () => {
    for (const suite of suites(sample())) {
      const cases = casesOf([suite]);
      expect(suite.attributes['tests']).toBe(String(cases.length));
      expect(suite.attributes['failures']).toBe(String(outcomes([suite], 'failure').length));
      expect(suite.attributes['skipped']).toBe(String(outcomes([suite], 'skipped').length));
      expect(suite.attributes['timestamp']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    }
  });

  it('has a suite for each rule: findings fail with their evidence, rules without any pass, rules not run are skipped', () => {
    const base = sample();
    const all = suites({ ...base, notRun: [{ code: 'node-not-ready', reason: 'needs nodes' }] });
    expect(all.map(({ attributes }) => attributes['name'])).toEqual(RULES.map(({ code }) => code));
    const failed = outcomes(all, 'failure');
    const severe = base.findings.filter(({ severity }) => ['critical', 'high', 'medium'].includes(severity));
    expect(failed).toHaveLength(severe.length);
    for (const one of failed) expect(one.children[0]?.text).toMatch(/Evidence:\n- ./);
    expect(outcomes(all, 'skipped').map(({ attributes }) => attributes['classname'])).toEqual(['aia.node-not-ready']);
    const quiet = all.find(({ attributes }) => attributes['name'] === 'deployment-unavailable');
    expect(quiet?.attributes).toMatchObject({ tests: '1', failures: '0', skipped: '0' });
  });

  it('fails what the caller asks for, and tells the rest', () => {
    const base = sample();
    const [finding] = base.findings;
    if (finding === undefined) throw new Error('the sample has a finding');
    const low = { ...base, findings: [{ ...finding, severity: 'low' as const, message: 'a low one' }] };
    expect(outcomes(suites(low), 'failure')).toHaveLength(0);
    expect(
      parsed(asJunit(low))
        .children.flatMap(({ children }) => children)
        .map(({ text }) => text)
        .join(''),
    ).toContain('a low one');
    expect(outcomes(suites(low, { isFailure: () => true }), 'failure')).toHaveLength(1);
    expect(outcomes(suites(base, { isFailure: () => false }), 'failure')).toHaveLength(0);
  });

  it('skips what is suppressed, with who answers for it and why', () => {
    const skipped = outcomes(suites(suppressedSample()), 'skipped');
    expect(skipped.map(({ attributes }) => attributes['name'])).toEqual(['Pod shop/old-1']);
    expect(skipped[0]?.children[0]?.attributes['message']).toMatch(/^suppressed by team-a: it is being replaced/);
  });

  it('gives no two cases of a rule one name', () => {
    const base = sample();
    const [finding] = base.findings;
    if (finding === undefined) throw new Error('the sample has a finding');
    const twice = ['a', 'b', 'c'].map((part) => ({ ...finding, id: `${finding.id}:${part}` }));
    const names = casesOf(suites({ ...base, findings: twice })).map(
      ({ attributes }) => `${attributes['classname']} ${attributes['name']}`,
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it('stays small enough for GitLab, which takes 30 MB, and counts what it leaves out', () => {
    const xml = asJunit(grown({ pods: 50_000, causes: 5 }));
    expect(xml.length).toBeLessThan(3e6);
    expect(xml).toContain('49500 more findings of this rule stand in the other formats.');
  });
});
