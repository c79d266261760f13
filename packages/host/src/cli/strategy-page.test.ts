/** The strategy page in a real browser, and as PDF: what a person sees, and what axe-core finds. */
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { asStrategyHtml, strategise } from '@aia/operations';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasProgram } from '../debian-program.suite.ts';
import { readDump } from '../dump/read-dump.ts';
import { examplePath } from '../examples.ts';
import { printPdf } from './print-pdf.ts';

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WIDTH = 'document.documentElement.scrollWidth';
const NAME = 'aia-system';

const hasBrowser = await hasProgram('chromium');

describe.skipIf(!hasBrowser)('the strategy page in a browser', () => {
  let browser: Browser;
  let folder: string;
  let file: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aia-strategy-'));
    const snapshot = await readDump(examplePath(NAME), { source: { kind: 'example', name: NAME } });
    file = join(folder, 'strategy.html');
    writeFileSync(file, asStrategyHtml(strategise(snapshot, { version: 'test' })));
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  }, 300_000);

  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  /** Opens the page, and holds that the browser has nothing to complain of and asks for nothing else. */
  async function opened(options: BrowserContextOptions, look: (page: Page) => Promise<void>): Promise<void> {
    const context = await browser.newContext({ viewport: DESK, ...options });
    const page = await context.newPage();
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('request', (request) => said.push(request.url()));
    const url = pathToFileURL(file).href;
    await page.goto(url);
    await look(page);
    expect(said.filter((text) => text !== url)).toEqual([]);
    await context.close();
  }

  it.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['phone', { viewport: PHONE, colorScheme: 'light' }],
  ] as const)('keeps to WCAG 2.2 AA and good practice: %s', async (_, options) => {
    await opened(options, async (page) => {
      await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
      await page.evaluate(AXE);
      const violations = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: { run: (options: object) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
        const found = await axe.run({ runOnly: { type: 'tag', values: tags } });
        return found.violations.map(({ id, nodes }) => ({ id, first: nodes[0]?.html }));
      });
      expect(violations).toEqual([]);
    });
  });

  it.each([DESK, PHONE])('is never wider than the screen', async (viewport) => {
    await opened({ viewport }, async (page) => {
      expect(await page.evaluate(WIDTH)).toBeLessThanOrEqual(viewport.width);
    });
  });

  it('shows lights, figures and probability on the first screen of a desk', async () => {
    await opened({}, async (page) => {
      for (const selector of ['h1', '.lights li:last-child', '.figures div:last-child']) {
        const box = await page.locator(selector).boundingBox();
        expect((box?.y ?? 1e9) + (box?.height ?? 0), selector).toBeLessThanOrEqual(DESK.height);
      }
    });
  });

  it('draws utilisation, quotas, causes and the timeline, each with a name', async () => {
    await opened({}, async (page) => {
      for (const id of ['s-machines', 's-quotas', 's-root-causes', 's-roadmap']) {
        const drawing = page.locator(`#${id} figure svg`).first();
        expect(await drawing.isVisible(), id).toBe(true);
        expect(await drawing.getAttribute('aria-label')).not.toBe('');
      }
    });
  });

  it('prints as PDF', async () => {
    const pdf = await printPdf(readFileSync(file, 'utf8'));
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g)?.length ?? 0).toBeGreaterThan(3);
  }, 120_000);
});

describe('printPdf', () => {
  it('says what to install where there is no browser', async () => {
    await expect(printPdf('<!doctype html>', { PATH: '/nonexistent' })).rejects.toThrow(/apt-get install chromium/);
  });

  it('says what the browser said where it prints nothing', async () => {
    await expect(printPdf('<!doctype html>', { PATH: '', CHROME_PATH: '/bin/false' })).rejects.toThrow(
      /printed no PDF/,
    );
  });
});
