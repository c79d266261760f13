import { readableBytes } from '@aia/cluster';
import type { Assessment } from '@aia/contract';
import fc from 'fast-check';
import { parsers } from 'prettier/plugins/markdown';
import { describe, expect, it } from 'vitest';
import { asMarkdown } from './as-markdown.ts';
import { asText } from './as-text.ts';
import { evidenceText } from './evidence-text.ts';
import { displayWidth, PLAIN, type Style } from './layout.ts';
import { lookUps } from './look-up.ts';
import { hostile, rewritten, sample } from './report.suite.ts';

type Cause = Assessment['rootCauses'][number];
type Resource = Cause['resource'];

const marker = (code: string) => (text: string) => `\u001b[${code}m${text}\u001b[0m`;
const MARKED: Style = {
  strong: marker('1'),
  dim: marker('2'),
  bad: marker('31'),
  warn: marker('33'),
  good: marker('32'),
};
/** Takes our own marks away again, and nothing else. */
const unmarked = (text: string) =>
  text
    .split('\u001b')
    .map((part, i) => (i === 0 ? part : part.replace(/^\[\d+m/, '')))
    .join('');

describe('text', () => {
  it('says verdict, causes, what to do first, findings, KPIs, in this order', () => {
    const text = asText(sample());
    const places = ['Not production-ready', 'Root causes', 'What to do first', 'Findings:', 'KPIs'].map((title) =>
      text.indexOf(title),
    );
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  it('shows the end of a long message, where the reason stands', () => {
    expect(asText(sample(), { width: 140 }).replace(/\s+/g, ' ')).toContain(
      'stat /start.sh: no such file or directory: unknown',
    );
  });

  it('quotes one long message once, though two fields hold it', () => {
    const text = asText(sample()).replace(/\s+/g, ' ');
    const first = text.slice(0, text.indexOf('What to do first'));
    const quoted = first.split('no such file or directory: unknown').length - 1;
    const causes = sample().rootCauses.length;
    expect(quoted).toBeGreaterThan(0);
    expect(quoted).toBeLessThanOrEqual(causes);
  });

  it('never leaves its width nor lets a cluster steer the terminal', () => {
    const base = sample();
    fc.assert(
      fc.property(
        fc.array(hostile, { minLength: 1, maxLength: 20 }),
        fc.constantFrom(40, 60, 80, 100, 140),
        (texts, width) => {
          let i = 0;
          const assessment = rewritten(base, () => texts[i++ % texts.length] ?? '');
          const text = asText(assessment, { width });
          for (const line of text.split('\n')) {
            expect(displayWidth(line)).toBeLessThanOrEqual(width);
            expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
          }
          expect(unmarked(asText(assessment, { width, style: MARKED }))).toBe(text);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('stays readable with hundreds of causes, and names each', () => {
    const base = sample();
    const [cause] = base.rootCauses;
    if (cause === undefined) throw new Error('the sample has a cause');
    const rootCauses = Array.from({ length: 300 }, (_, i) => ({
      ...cause,
      id: `${cause.id}-${i}`,
      title: `cause-number-${i}`,
    }));
    const text = asText({ ...base, rootCauses });
    for (const { title } of rootCauses) expect(text).toContain(title);
    expect(text.split('\n').length).toBeLessThan(1100);
    const remedies = text.slice(text.indexOf('What to do first'), text.indexOf('Findings:'));
    expect(remedies.match(/^\d+\. /gm)).toHaveLength(10);
  });

  it('gives the same bytes every time', () => {
    expect(asText(sample(), { style: PLAIN })).toBe(asText(sample()));
  });
});

describe('look-ups', () => {
  it('ask for neighbours of what does not exist, and describe nothing that Kubernetes does not have', () => {
    const base = sample();
    const about = (resource: Resource, evidence: Cause['evidence'] = []) =>
      lookUps({
        ...base,
        findings: [],
        rootCauses: base.rootCauses.slice(0, 1).map((one) => ({ ...one, resource, evidence })),
      }).flat();
    const storageClass = { group: 'storage.k8s.io', kind: 'StorageClass', namespace: '', name: 'gp2' };
    expect(about(storageClass, [{ kind: 'absence', resource: storageClass, text: 'not there' }])).toEqual([
      'kubectl get storageclass.storage.k8s.io',
    ]);
    expect(about({ group: '', kind: 'Registry', namespace: '', name: 'ghcr.io' })).toEqual([]);
  });

  it('show the failing pod and the log of what ended', () => {
    const commands = lookUps(sample()).flat();
    expect(commands).toContain('kubectl describe pod -n shop broken-1');
    expect(commands).toContain('kubectl logs -n shop looping-1 -c web --previous');
  });

  it('only read', () => {
    for (const command of lookUps(sample()).flat())
      expect(command).toMatch(/^(?:kubectl (?:describe|get|logs|top|rollout history)|gcloud compute \w+ describe) /);
  });

  it('name the context of a live cluster', () => {
    const base = sample();
    const live = (name: string) =>
      lookUps({ ...base, cluster: { ...base.cluster, source: { kind: 'live', name } } }).flat()[0];
    expect(live('prod')).toMatch(/^kubectl --context prod describe /);
    expect(live('arn:aws:eks:eu-west-1:1:cluster/a')).toMatch(
      /^kubectl --context 'arn:aws:eks:eu-west-1:1:cluster\/a' /,
    );
    expect(live("a'; rm -rf ~")).toMatch(/^kubectl describe /);
  });

  it('never hold a name that a shell would read as more than a name', () => {
    const base = sample();
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom('$(reboot)', 'a;b', '-n', '--kubeconfig=x', 'a b', '`x`', "a'b"), hostile),
        (name) => {
          const commands = lookUps(rewritten(base, () => name)).flat();
          for (const command of commands) expect(command).toMatch(/^[\w ./:=,-]+(?:'[\w(),.]+=?[^']*')?$/);
          expect(commands.some((command) => / -n -| --kubeconfig/.test(command))).toBe(false);
        },
      ),
    );
  });
});

describe('look-ups of custom resources', () => {
  const of = (group: string, kind: string) => {
    const base = sample();
    const resource = { group, kind, namespace: 'shop', name: 'web' };
    return lookUps({ ...base, rootCauses: base.rootCauses.map((cause) => ({ ...cause, resource })) }).flat();
  };

  it('name their type with its group', () => {
    expect(of('argoproj.io', 'Rollout')).toContain('kubectl describe rollout.argoproj.io -n shop web');
  });

  it.each([
    ['argoproj.io', 'Rollout; reboot #'],
    ['argoproj.io', '$(reboot)'],
    ['argoproj.io; reboot #', 'Rollout'],
    ['`reboot`', 'Rollout'],
    ['', '-f'],
  ])('leave out a group %j and kind %j that a shell would read otherwise', (group, kind) => {
    const commands = of(group, kind);
    expect(commands).toContain('kubectl describe pod -n shop broken-1');
    expect(commands.join('\n')).not.toMatch(/reboot|-f|-n shop web/);
  });
});

describe('evidence', () => {
  it('writes bytes for people', () => {
    const resource = { group: '', kind: 'Pod', namespace: 'a', name: 'b' };
    expect(
      evidenceText({
        kind: 'metric',
        resource,
        name: 'memory',
        value: 2 ** 30,
        unit: 'bytes',
        samples: 3,
        spanMs: 60_000,
      }),
    ).toContain(readableBytes(2 ** 30));
  });
});

interface MarkdownNode {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly MarkdownNode[];
}

/** All nodes of a Markdown text, as a parser of GitHub's flavour sees them. */
function nodesOf(markdown: string): readonly MarkdownNode[] {
  const flat = (node: MarkdownNode): readonly MarkdownNode[] => [node, ...(node.children ?? []).flatMap(flat)];
  return flat(
    (parsers.markdown.parse as (text: string, options: object) => MarkdownNode)(markdown, { originalText: markdown }),
  );
}

describe('markdown', () => {
  it('has every cause, counterfactual and finding', () => {
    const assessment = sample();
    const markdown = asMarkdown(assessment);
    expect(markdown.match(/^### \d+\. /gm)).toHaveLength(assessment.rootCauses.length);
    const rows = nodesOf(markdown).filter(({ type }) => type === 'tableRow');
    expect(rows).toHaveLength(assessment.findings.length + assessment.kpis.length + 2);
  });

  it('shows texts of a cluster as text, whatever markup they hold', () => {
    const base = sample();
    const shape = (markdown: string) => {
      const counts = new Map<string, number>();
      for (const { type } of nodesOf(markdown)) counts.set(type, (counts.get(type) ?? 0) + 1);
      return ['heading', 'table', 'tableRow', 'tableCell', 'listItem', 'strong', 'blockquote', 'thematicBreak'].map(
        (type) => counts.get(type) ?? 0,
      );
    };
    const plain = shape(asMarkdown(rewritten(base, () => 'plain')));
    fc.assert(
      fc.property(
        hostile.filter((text) => /[^\s\p{C}]/u.test(text)),
        (text) => {
          const markdown = asMarkdown(rewritten(base, () => text));
          const nodes = nodesOf(markdown);
          for (const type of [
            'link',
            'image',
            'emphasis',
            'delete',
            'inlineCode',
            'linkReference',
            'imageReference',
            'definition',
            'inlineMath',
          ])
            expect(nodes.filter((node) => node.type === type)).toEqual([]);
          for (const node of nodes.filter(({ type }) => type === 'html')) expect(node.value).toBe('<!-- -->');
          expect(shape(markdown).slice(0, 4)).toEqual(plain.slice(0, 4));
          expect(shape(markdown).slice(5)).toEqual(plain.slice(5));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('disarms mentions, references and addresses', () => {
    const markdown = asMarkdown(
      rewritten(sample(), () => 'see @team, #123, https://evil.example and www.evil.example'),
    );
    expect(markdown).not.toMatch(/@team|#123|https:\/\/evil|www\.evil/);
  });
});

it.each([
  ['text', (one: Assessment) => asText(one)],
  ['Markdown', (one: Assessment) => asMarkdown(one)],
])('%s names no year 1970 for objects that carry no time', (_, print) => {
  const base = sample();
  const text = print({ ...base, cluster: { ...base.cluster, observedAt: 0 } });
  expect(text.replace(/\s+/g, ' ')).toContain('observed at a time not known');
});
