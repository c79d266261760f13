/** The HTML report in a real browser: what a person sees, with and without the script, and what axe-core finds. */
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { asHtml, assess } from '@aia/operations';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasProgram } from '../debian-program.suite.ts';
import { readDump } from '../dump/read-dump.ts';
import { exampleNames, examplePath } from '../examples.ts';

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Run in the page. */
const WIDTH = 'document.documentElement.scrollWidth';

const hasBrowser = await hasProgram('chromium');

describe.skipIf(!hasBrowser)('the HTML report in a browser', () => {
  let browser: Browser;
  let folder: string;
  const files = new Map<string, string>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aia-page-'));
    for (const name of exampleNames()) {
      const snapshot = await readDump(examplePath(name), { source: { kind: 'example', name } });
      const file = join(folder, `${name}.html`);
      writeFileSync(file, asHtml(assess(snapshot, { version: 'test' })));
      files.set(name, file);
    }
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  }, 300_000);

  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  /** Opens a report from its file, and holds that the browser has nothing to complain of and asks for nothing else. */
  async function opened(
    name: string,
    options: BrowserContextOptions,
    look: (page: Page) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext({ viewport: DESK, ...options });
    const page = await context.newPage();
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('request', (request) => said.push(request.url()));
    const url = pathToFileURL(files.get(name) ?? '').href;
    await page.goto(url);
    await look(page);
    expect(said.filter((text) => text !== url)).toEqual([]);
    await context.close();
  }

  const LOOKS: readonly (readonly [string, BrowserContextOptions])[] = [
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['phone', { viewport: PHONE, colorScheme: 'light' }],
    ['phone, dark, without motion', { viewport: PHONE, colorScheme: 'dark', reducedMotion: 'reduce' }],
  ];

  it.each(exampleNames().flatMap((name) => LOOKS.map(([look, options]) => [name, look, options] as const)))(
    'of %s keeps to WCAG 2.2 AA and good practice: %s',
    async (name, _look, options) => {
      await opened(name, options, async (page) => {
        await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
        await page.evaluate(AXE);
        const violations = await page.evaluate(async () => {
          const { axe } = globalThis as unknown as {
            axe: {
              run: (
                options: object,
              ) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
            };
          };
          const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
          const found = await axe.run({ runOnly: { type: 'tag', values: tags } });
          return found.violations.map(({ id, nodes }) => ({
            id,
            first: nodes[0]?.html,
            why: nodes[0]?.failureSummary,
          }));
        });
        expect(violations).toEqual([]);
      });
    },
  );

  it.each([
    ['a desk', DESK],
    ['a phone', PHONE],
  ])('says on the first screen of %s that the cluster is not ready, and why', async (_, viewport) => {
    await opened('aia-system', { viewport }, async (page) => {
      const first = async (text: string | RegExp) => {
        const box = await page.getByText(text).first().boundingBox();
        expect(box, String(text)).not.toBeNull();
        expect((box?.y ?? 1e9) + (box?.height ?? 0)).toBeLessThanOrEqual(viewport.height);
      };
      await first(/9 of 37 pods fail/);
      await first(/Requests far above usage fill the nodes, and quota CPUS in us-central1/);
      await first(/Scale-up was refused → No node takes the pod/);
      await first(/ConfigMap aia-system\/alertmanager-mlops-config does not exist/);
      await first(/Memory limit of drift-monitor/);
      await first(/lacks its entrypoint/);
    });
  });

  it.each([DESK, PHONE])('is never wider than the screen', async (viewport) => {
    await opened('aia-system', { viewport }, async (page) => {
      expect(await page.evaluate(WIDTH)).toBeLessThanOrEqual(viewport.width);
    });
  });

  it('filters findings by severity, text and namespace, and says how many are left', async () => {
    await opened('aia-system', {}, async (page) => {
      const rows = page.locator('#findings tbody tr:visible');
      const all = await rows.count();
      await page.getByLabel('Severity').selectOption('critical');
      const critical = await rows.count();
      expect(critical).toBeGreaterThan(0);
      expect(critical).toBeLessThan(all);
      expect(await page.locator('output').textContent()).toBe(`${critical} of ${all} shown`);
      await page.getByLabel('Severity').selectOption('');
      await page.getByLabel('Search').fill('drift-monitor OOM');
      const texts = await rows.allTextContents();
      expect(texts.length).toBeGreaterThan(0);
      for (const text of texts) expect(text).toMatch(/drift-monitor[^]*oom/i);
      await page.getByLabel('Search').fill('');
      await page.getByLabel('Namespace').selectOption('aia-system');
      expect(await rows.count()).toBe(await rows.and(page.locator('[data-namespace="aia-system"]')).count());
    });
  });

  it('shows a finding that something points to, whatever the filter says', async () => {
    await opened('aia-system', {}, async (page) => {
      await page.getByLabel('Search').fill('nothing has this');
      expect(await page.locator('#findings tbody tr:visible').count()).toBe(0);
      await page.locator('svg.lane a').first().click();
      await page.locator('#findings tbody tr:target').waitFor({ state: 'visible' });
      expect(await page.getByLabel('Search').inputValue()).toBe('');
    });
  });

  it('can be read and followed by keyboard, the way to the causes first', async () => {
    await opened('aia-system', {}, async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.locator('.skip:focus').count()).toBe(1);
      await page.keyboard.press('Enter');
      await page.locator('#main:target').waitFor();
      await page.keyboard.press('Tab');
      expect(await page.locator('.reason:focus').count()).toBe(1);
    });
  });

  it('has everything without its script, but for the filter', async () => {
    await opened('aia-system', { javaScriptEnabled: false }, async (page) => {
      expect(await page.locator('form.filter').isVisible()).toBe(false);
      expect(await page.locator('#findings tbody tr').count()).toBe(
        await page.locator('#findings tbody tr:visible').count(),
      );
      expect(await page.locator('pre.command').first().isVisible()).toBe(true);
    });
  });

  it('copies a command, or selects it', async () => {
    await opened('aia-system', { permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
      await page.getByRole('button', { name: 'Copy' }).first().click();
      await page
        .getByRole('button', { name: /Copied|Selected/ })
        .first()
        .waitFor();
    });
  });

  it('prints with everything unfolded, the graph within the page', async () => {
    await opened('aia-system', {}, async (page) => {
      await page.emulateMedia({ media: 'print' });
      await page.setViewportSize({ width: 690, height: 1000 });
      await page.evaluate("dispatchEvent(new Event('beforeprint'))");
      expect(await page.locator('details:not([open])').count()).toBe(0);
      expect(await page.evaluate(WIDTH)).toBeLessThanOrEqual(690);
      await page.evaluate("dispatchEvent(new Event('afterprint'))");
      expect(await page.locator('details:not([open])').count()).toBeGreaterThan(0);
      const pdf = await page.pdf({ format: 'A4' });
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    });
  });
});
