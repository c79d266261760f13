import { createHash } from 'node:crypto';
import { createSnapshot, NO_CLOUD, NO_USAGE, type ClusterSnapshot } from '@aia/cluster';
import type { Strategy } from '@aia/contract';
import { parse, type DefaultTreeAdapterTypes } from 'parse5';
import { describe, expect, it } from 'vitest';
import { strategise } from '../../../strategy.ts';
import { SCRIPT_HASH } from '../../html/script.ts';
import type { Section } from '../section.ts';
import { strategySections } from '../sections.ts';
import { asStrategyHtml } from './as-strategy-html.ts';
import { STRATEGY_STYLE, STRATEGY_STYLE_HASH } from './strategy-style.ts';

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

const HOSTILE = `<script>alert(1)</script>"'\u202E\u0007&amp;`;

/** A cluster in which one Deployment asks for what is not there, named as badly as admission lets it be. */
function clusterWith(message: string): ClusterSnapshot {
  const metadata = { name: 'web', namespace: 'shop', uid: '1' };
  const labels = { app: 'web' };
  // With all that the API server fills in, as clusters hold it.
  const container = {
    ...{ name: 'web', image: 'registry.example.com/web:1', imagePullPolicy: 'IfNotPresent', resources: {} },
    ...{ terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' },
  };
  const spec = {
    ...{ containers: [container], dnsPolicy: 'ClusterFirst', restartPolicy: 'Always', securityContext: {} },
    ...{ schedulerName: 'default-scheduler', terminationGracePeriodSeconds: 30 },
  };
  return createSnapshot({
    source: { kind: 'dump', name: message },
    observedAt: Date.UTC(2026, 0, 5, 9),
    serverVersion: 'v1.36.0',
    objects: [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
      {
        ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata },
        spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
        status: { observedGeneration: 1, replicas: 0, conditions: [{ type: 'Available', status: 'False', message }] },
      },
    ] as never,
    ...{ cloud: NO_CLOUD, usage: NO_USAGE, certificates: [], unreadableCertificates: [], endpoints: [] },
    ...{ logs: [], missing: [], problems: [], redactions: {} as never },
  });
}

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

function textOf(node: Node): string {
  if ('childNodes' in node) return node.childNodes.map(textOf).join('');
  return 'value' in node ? node.value : '';
}

/** Code without characters that a page does not show as they are. */
function codesOf(sections: readonly Section[]): readonly string[] {
  return sections
    .flatMap(({ blocks, parts = [] }) => [
      ...blocks.flatMap((block) => (block.kind === 'code' ? [block.code] : [])),
      ...codesOf(parts),
    ])
    .filter((code) => !/[^\P{C}\n]/u.test(code));
}

const attribute = ({ attrs }: Element, name: string) => attrs.find((one) => one.name === name)?.value;
const named = (elements: readonly Element[], ...names: readonly string[]) =>
  elements.filter(({ tagName }) => names.includes(tagName));

describe('the strategy page', () => {
  const strategy: Strategy = strategise(clusterWith(HOSTILE), { version: 'test' });
  const html = asStrategyHtml(strategy);
  const elements = elementsOf(html);

  it('allows its own script and style sheet by their hashes, and nothing else', () => {
    const hash = `sha256-${createHash('sha256').update(STRATEGY_STYLE).digest('base64')}`;
    expect(STRATEGY_STYLE_HASH).toBe(hash);
    const policy = named(elements, 'meta').find((one) => attribute(one, 'http-equiv') !== undefined);
    expect(attribute(policy as Element, 'content')).toBe(
      `default-src 'none'; style-src '${hash}'; script-src '${SCRIPT_HASH}'; base-uri 'none'; form-action 'none'`,
    );
  });

  it('takes texts of the cluster as text', () => {
    expect(html).not.toContain('<script>alert');
    expect(html).toContain('&lt;script&gt;alert(1)');
    for (const control of ['\u202E', '\u0007']) expect(html).not.toContain(control);
    expect(named(elements, 'script')).toHaveLength(1);
  });

  it('keeps the lines and the indentation of code, which is copied from it', () => {
    const shown = new Set(named(elements, 'code').map(textOf));
    const codes = codesOf(strategySections(strategy)).map((code) => code.replace(/ +$/gm, ''));
    expect(codes.some((code) => code.includes('\n    '))).toBe(true);
    expect(codes.filter((code) => !shown.has(code))).toEqual([]);
  });

  it('is one file: nothing in it is loaded from elsewhere, and every link leads to a place in it', () => {
    expect(named(elements, 'link', 'img', 'iframe', 'object', 'embed', 'base')).toEqual([]);
    const ids = elements.flatMap((one) => attribute(one, 'id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const one of elements) {
      for (const name of ['src', 'srcset', 'style', 'action', 'onclick']) expect(attribute(one, name)).toBeUndefined();
      const href = attribute(one, 'href');
      if (href !== undefined) expect(ids).toContain(href.replace(/^#/, ''));
    }
  });

  it('has landmarks, one title, and headings in order', () => {
    for (const name of ['header', 'nav', 'main', 'footer', 'h1']) expect(named(elements, name)).toHaveLength(1);
    const levels = named(elements, 'h1', 'h2', 'h3', 'h4').map(({ tagName }) => Number(tagName.slice(1)));
    levels.slice(1).forEach((level, i) => expect(level - (levels[i] ?? 0)).toBeLessThanOrEqual(1));
  });
});
