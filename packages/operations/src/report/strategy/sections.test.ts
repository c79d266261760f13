import type { Action, Strategy } from '@aia/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { displayWidth } from '../layout.ts';
import { hostile, rewritten } from '../report.suite.ts';
import { asStrategyMarkdown } from './as-strategy-markdown.ts';
import { asStrategyText } from './as-strategy-text.ts';
import type { Block, Section } from './section.ts';
import { strategySections } from './sections.ts';
import { oddStrategies, plannedStrategy } from './strategy.suite.ts';
import { strategyFiles } from './strategy-files.ts';

const planned = plannedStrategy();
const odd = oddStrategies();
const all: Readonly<Record<string, Strategy>> = { ...odd, planned };

/** Sections of the document, whatever the cluster. */
const SECTIONS = [
  'executive-summary',
  'infrastructure',
  'phases',
  'coordination',
  'security',
  'monitoring',
  'endpoints',
  'tests',
  'alerting',
  'roadmap',
  'kpis',
  'risks',
  'assignments',
  'dashboard',
  'alternatives',
  'rehearsal',
  'appendix',
];

function blocksOf({ blocks, parts = [] }: Section): readonly Block[] {
  return [...blocks, ...parts.flatMap(blocksOf)];
}

function hasWords(block: Block): boolean {
  switch (block.kind) {
    case 'paragraph':
      return block.text.trim() !== '';
    case 'bullets':
    case 'tasks':
      return block.items.length > 0;
    case 'fields':
    case 'table':
      return block.rows.length > 0;
    case 'code':
      return block.code.trim() !== '';
    case 'files':
      return block.files.length > 0;
  }
}

/** Lines outside of fenced blocks, by the rules of GitHub Flavored Markdown 4.5. */
function outside(markdown: string): readonly string[] {
  const lines: string[] = [];
  let fence = '';
  for (const line of markdown.split('\n')) {
    const [, ticks = ''] = /^ {0,3}(`{3,})/.exec(line) ?? [];
    if (fence === '' && ticks !== '') fence = ticks;
    else if (fence === '') lines.push(line);
    else if (ticks.length >= fence.length && /^ {0,3}`+\s*$/.test(line)) fence = '';
  }
  expect(fence).toBe('');
  return lines;
}

describe('the document', () => {
  it.each(Object.keys(all))('has every section, each with something to say: %s', (name) => {
    const strategy = all[name] ?? planned;
    const sections = strategySections(strategy);
    expect(sections.map(({ id }) => id)).toEqual(SECTIONS);
    for (const section of sections) expect([section.id, blocksOf(section).some(hasWords)]).toEqual([section.id, true]);
  });

  it.each(Object.keys(all))('has a table or a sentence, never an empty table: %s', (name) => {
    const tables = strategySections(all[name] ?? planned)
      .flatMap(blocksOf)
      .filter((block) => block.kind === 'table');
    for (const { head, rows } of tables) {
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect(row).toHaveLength(head.length);
    }
  });

  it('says at once what it comes to', () => {
    const [first = ''] = asStrategyText(planned, { width: 140 }).split('\n');
    expect(first).toMatch(/^\d+ actions? in \d+ phases?: on the simulated twin (\d+) of \1 pods? succeed afterwards/);
  });

  it('says so where there is no plan, and proposes nothing', () => {
    for (const name of ['nothing to do', 'refused', 'empty']) {
      const strategy = odd[name] ?? planned;
      const text = asStrategyText(strategy);
      expect(text.toLowerCase()).toContain(strategy.plan.reason.slice(0, 20).toLowerCase());
      expect(text).toContain('No action is proposed.');
      expect(strategyFiles(strategy).filter(({ path }) => path.startsWith('phase-'))).toEqual([]);
    }
  });

  it('names neither success nor duration where nothing was forecast', () => {
    const text = asStrategyMarkdown(odd['without inventory, schedule, rehearsal and forecast'] ?? planned);
    expect(text).toContain('none is guessed');
    expect(text).not.toMatch(/Success probability/);
  });

  it('holds commands and YAML of the plan as they are there', () => {
    const actions = planned.plan.phases.flatMap(({ number, actions: own }) =>
      own.map((action) => ({ number, action })),
    );
    expect(actions.length).toBeGreaterThan(0);
    const code = strategySections(planned)
      .flatMap(blocksOf)
      .flatMap((block) => (block.kind === 'code' ? [block.code] : []));
    const files = new Map(strategyFiles(planned).map(({ path, content }) => [path, content]));
    for (const { number, action } of actions) {
      expect(code).toContain(action.steps.map(({ command }) => command).join('\n'));
      for (const { file, manifest } of action.steps)
        if (file !== undefined) expect(files.get(`phase-${number}/${file}`)).toBe(manifest);
      const undo = action.inverse.kind === 'reversible' ? action.inverse.steps : [];
      for (const { file, manifest } of undo)
        if (file !== undefined) expect(files.get(`phase-${number}/undo/${file}`)).toBe(manifest);
    }
  });

  it('writes YAML that a reader of YAML takes', () => {
    const yaml = strategyFiles(planned).filter(({ path }) => path.endsWith('.yaml'));
    expect(yaml.length).toBeGreaterThan(2);
    for (const { content } of yaml)
      for (const document of parseAllDocuments(content)) expect(document.errors).toEqual([]);
  });

  it('is the same every time', () => {
    expect(asStrategyMarkdown(plannedStrategy())).toBe(asStrategyMarkdown(planned));
  });
});

describe('texts that a hostile cluster wrote', () => {
  const strategies = fc.array(hostile, { minLength: 1, maxLength: 12 }).map((texts) => {
    let i = 0;
    return rewritten(planned, () => texts[i++ % texts.length] ?? '');
  });

  it('say of what would be undone in the cluster where it is changed instead, and that its commands are not to be run', () => {
    const owned = structuredClone(planned) as { plan: { phases: { actions: Partial<Action>[] }[] } } & Strategy;
    const action = owned.plan.phases[0]?.actions[0] as Action;
    const command = action.steps[0]?.command ?? 'none';
    Object.assign(action, {
      delivery: 'source',
      ownership: {
        reconciler: 'argo-cd',
        name: 'Application argocd/shop',
        isActive: true,
        evidence: [],
        source: 'git',
      },
    });
    const text = asStrategyText(owned, { width: 10_000 });
    const [screen = '', rest = ''] = text.split('CRITICAL INFRASTRUCTURE ANALYSIS');
    expect(asStrategyText(planned, { width: 10_000 })).toContain(command);
    expect(screen).toContain(`${action.title}: in git, since Application argocd/shop would undo it in the cluster.`);
    expect(screen).not.toContain(command);
    expect(rest).toContain('not to be run there, where Application argocd/shop would undo it');
  });

  it('keep to the width of a terminal and steer nothing', () => {
    fc.assert(
      fc.property(strategies, fc.constantFrom(40, 80, 120), (strategy, width) => {
        for (const line of asStrategyText(strategy, { width }).split('\n')) {
          expect(displayWidth(line)).toBeLessThanOrEqual(width);
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('end no block of Markdown and begin no section', () => {
    fc.assert(
      fc.property(strategies, (strategy) => {
        const lines = outside(asStrategyMarkdown(strategy));
        expect(lines.filter((line) => /^## /.test(line))).toHaveLength(SECTIONS.length);
        const folds = lines.filter((line) => /^<\/?details>/.test(line));
        expect(folds.map((line) => line.startsWith('</'))).toEqual(folds.map((_, i) => i % 2 === 1));
        expect(folds.length % 2).toBe(0);
        for (const line of lines) {
          const text = line.replace(/^<details><summary>(.*)<\/summary>$|^<\/details>$/, '$1');
          expect(text).not.toMatch(/(?<!\\)<(?!!-- -->)/);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('name no file outside of the folder', () => {
    fc.assert(
      fc.property(strategies, (strategy) => {
        for (const { path } of strategyFiles(strategy))
          expect(path).toMatch(/^[A-Za-z0-9_-][\w.-]*(?:\/[A-Za-z0-9_-][\w.-]*)*$/);
      }),
      { numRuns: 30 },
    );
  });
});
