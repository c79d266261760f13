import { createHash } from 'node:crypto';
import type { Assessment } from '@aia/contract';
import fc from 'fast-check';
import { parse, type DefaultTreeAdapterTypes } from 'parse5';
import { describe, expect, it } from 'vitest';
import { compare } from '../../baseline/compare.ts';
import { grown, hostile, rewritten, sample, suppressedSample } from '../report.suite.ts';
import { asHtml } from './as-html.ts';
import { SCRIPT, SCRIPT_HASH } from './script.ts';
import { STYLE, STYLE_HASH } from './style.ts';

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

function elementsOf(html: string): readonly Element[] {
  const problems: string[] = [];
  const document = parse(html, { onParseError: ({ code }) => problems.push(code) });
  expect(problems).toEqual([]);
  const found: Element[] = [];
  const walk = (node: Node): void => {
    if ('tagName' in node) found.push(node);
    if ('childNodes' in node) node.childNodes.forEach(walk);
  };
  document.childNodes.forEach(walk);
  return found;
}

function attribute({ attrs }: Element, name: string): string | undefined {
  return attrs.find((one) => one.name === name)?.value;
}

function textOf(node: Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

const flat = (text: string) => text.replace(/\s+/g, ' ');
const named = (elements: readonly Element[], ...names: readonly string[]) =>
  elements.filter(({ tagName }) => names.includes(tagName));
const classed = (elements: readonly Element[], name: string) =>
  elements.filter((one) => (attribute(one, 'class') ?? '').split(' ').includes(name));
const sha256 = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`;

describe('the HTML report', () => {
  it('allows its own script and style sheet by their hashes, and nothing else', () => {
    expect({ style: STYLE_HASH, script: SCRIPT_HASH }).toEqual({ style: sha256(STYLE), script: sha256(SCRIPT) });
    const elements = elementsOf(asHtml(sample()));
    const policy = named(elements, 'meta').find((one) => attribute(one, 'http-equiv') !== undefined);
    expect(attribute(policy as Element, 'content')).toBe(
      `default-src 'none'; style-src '${STYLE_HASH}'; script-src '${SCRIPT_HASH}'; base-uri 'none'; form-action 'none'`,
    );
    expect(named(elements, 'style', 'script').map((one) => sha256(textOf(one)))).toEqual([STYLE_HASH, SCRIPT_HASH]);
  });

  it('is one file: nothing in it is loaded from elsewhere', () => {
    const elements = elementsOf(asHtml(sample()));
    expect(named(elements, 'link', 'img', 'iframe', 'object', 'embed', 'video', 'audio', 'source', 'base')).toEqual([]);
    for (const one of elements) {
      for (const name of ['src', 'srcset', 'style', 'background', 'action', 'onclick'])
        expect(attribute(one, name)).toBeUndefined();
      const href = attribute(one, 'href');
      if (href !== undefined) expect(href).toMatch(/^#/);
    }
    expect(STYLE).not.toMatch(/url\(|@import|@font-face/);
  });

  it('has landmarks, one title, headings in order, and no place twice', () => {
    const elements = elementsOf(asHtml(sample()));
    for (const name of ['header', 'nav', 'main', 'footer', 'h1', 'head']) expect(named(elements, name)).toHaveLength(1);
    expect(attribute(named(elements, 'html')[0] as Element, 'lang')).toBe('en');
    const levels = named(elements, 'h1', 'h2', 'h3', 'h4').map(({ tagName }) => Number(tagName.slice(1)));
    levels.slice(1).forEach((level, i) => expect(level - (levels[i] ?? 0)).toBeLessThanOrEqual(1));
    const ids = elements.flatMap((one) => attribute(one, 'id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('points only to places that it has', () => {
    const elements = elementsOf(asHtml(sample()));
    const ids = new Set(elements.map((one) => attribute(one, 'id')));
    const links = named(elements, 'a').map((one) => attribute(one, 'href') ?? '');
    expect(links.length).toBeGreaterThan(10);
    for (const link of links) expect(ids, link).toContain(link.slice(1));
  });

  it('says the verdict, and of each cause everything there is', () => {
    const assessment = sample();
    const text = flat(
      elementsOf(asHtml(assessment))
        .filter(({ tagName }) => tagName === 'body')
        .map(textOf)
        .join(''),
    );
    const { verdict, rootCauses, findings, kpis } = assessment;
    const sentences = [
      verdict.sentence,
      ...rootCauses.flatMap((cause) => [
        cause.title,
        cause.remediation.text,
        ...cause.counterfactuals.flatMap(({ change, outcome }) => [change, outcome]),
        ...cause.weighings.map(({ observation }) => observation),
        ...cause.rivals.map(({ statement }) => statement),
        ...cause.chain.map(({ relation }) => relation),
      ]),
      ...findings.map(({ message }) => message),
      ...kpis.flatMap(({ name, basis }) => [name, basis]),
    ];
    for (const sentence of sentences) expect(text).toContain(flat(sentence));
  });

  it('has evidence for every sentence of a statement, every finding and every edge', () => {
    const assessment = sample();
    const elements = elementsOf(asHtml(assessment));
    const statements = classed(elements, 'statement');
    expect(statements).toHaveLength(assessment.rootCauses.length);
    for (const statement of statements) {
      const text = flat(textOf(statement)).trim();
      expect(text).toMatch(/\]$/);
      // Behind the end of each sentence stands where to look.
      expect(text.match(/[.!?] (?!\[)\p{Lu}/gu) ?? []).toEqual([]);
    }
    const rows = elements.filter((one) => (attribute(one, 'id') ?? '').startsWith('finding-'));
    expect(rows).toHaveLength(assessment.findings.length);
    for (const row of rows) expect(flat(textOf(row))).toMatch(/evidence [1-9]/);
  });

  it('draws the graph of each cause, and tells the same in words', () => {
    const assessment = sample();
    const elements = elementsOf(asHtml(assessment));
    expect(classed(elements, 'lane')).toHaveLength(assessment.rootCauses.length);
    expect(classed(elements, 'chain')).toHaveLength(assessment.rootCauses.length);
    for (const lane of classed(elements, 'lane'))
      expect(attribute(lane, 'aria-label')).toMatch(/^Causal graph of root cause \d+/);
  });

  it('never says something by colour alone', () => {
    for (const badge of classed(elementsOf(asHtml(sample())), 'severity'))
      expect(flat(textOf(badge))).toMatch(/^[■▲◆●○] (?:critical|high|medium|low|info)$/);
  });

  it('shows texts of a cluster as text, whatever markup they hold', () => {
    const base = sample();
    const shape = (html: string) =>
      elementsOf(html).map(({ tagName, attrs }) => [tagName, ...attrs.map(({ name }) => name)].join(' '));
    // Wrapped lines of the drawing, the parts of a sentence and commands depend on the text.
    const steady = (one: string) => !/^(?:tspan|span|a|p|pre|h\d|bdi|code|b)\b/.test(one);
    const expected = shape(asHtml(rewritten(base, () => 'plain'))).filter(steady);
    fc.assert(
      fc.property(
        hostile.filter((text) => /[^\s\p{C}]/u.test(text)),
        (text) => {
          const found = shape(asHtml(rewritten(base, () => text)));
          expect(found.filter(steady)).toEqual(expected);
          expect(found.filter((one) => /\bon\w+|^img|^b\b/.test(one))).toEqual([]);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('holds nothing that reorders or hides text', () => {
    const html = asHtml(rewritten(sample(), () => 'a\u202eb\u2066c\u200bd\u0000e\u001b[31m'));
    expect(html).not.toMatch(/[\p{Cf}\p{Cs}]|[^\n\P{Cc}]/u);
  });

  it('stays a file that can be opened and mailed, however large the cluster', () => {
    const long = 'x'.repeat(5000);
    const large = grown({ pods: 100_000, causes: 400 });
    expect(asHtml(large).length).toBeLessThan(4e6);
    const worst: Assessment = rewritten(grown({ pods: 2000, causes: 60 }), (text) => `${text} ${long}`);
    expect(asHtml(worst).length).toBeLessThan(6e6);
  });

  it('counts what it leaves out of a large cluster', () => {
    const html = flat(asHtml(grown({ pods: 5000, causes: 30 })));
    expect(html).toContain('4940 more, of codes that stand above, are in the JSON.');
    expect(html).toContain('Further root causes');
  });

  it('tells what is suppressed, and what changed since an earlier report', () => {
    const now = suppressedSample();
    const html = flat(asHtml({ ...now, comparison: compare({ ...now, findings: [], rootCauses: [] }, now) }));
    expect(html).toContain('it is being replaced (owner team-a');
    expect(html).toContain('<h2>What changed</h2>');
    expect(html).toMatch(/Since 2025-09-27 12:00 UTC: readiness still/);
    const ids = new Set(elementsOf(html).map((one) => attribute(one, 'id')));
    for (const id of ['changes', 'suppressed']) expect(ids).toContain(id);
    expect(asHtml(sample())).not.toContain('id="changes"');
  });

  it('gives the same bytes every time', () => {
    expect(asHtml(sample())).toBe(asHtml(sample()));
  });

  it('says so when nothing is wrong', () => {
    const { verdict, ...rest } = sample();
    const html = flat(asHtml({ ...rest, verdict: { ...verdict, status: 'ready' }, rootCauses: [], findings: [] }));
    expect(html).toContain('No root cause was found.');
    expect(html).not.toContain('href="#causes"');
  });

  it('names no year 1970 for objects that carry no time', () => {
    const base = sample();
    expect(asHtml({ ...base, cluster: { ...base.cluster, observedAt: 0 } })).toContain('observed at a time not known');
  });
});
