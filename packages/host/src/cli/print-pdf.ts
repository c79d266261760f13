/** A page as PDF, printed by a Chromium that is on the machine. */
import { execFile } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { HostError } from '../host-error.ts';

const run = promisify(execFile);

/** Names of browsers that print, by preference. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];
const TIMEOUT_MS = 120_000;

/**
 * Prints a self-contained page. `CHROME_PATH` names the browser where the PATH does not lead to it.
 * @throws HostError `program-missing` where there is no such browser, `program-failed` where it prints nothing
 */
export async function printPdf(html: string, environment: NodeJS.ProcessEnv = process.env): Promise<Buffer> {
  const browser = browserOn(environment);
  if (browser === undefined)
    throw new HostError(
      'program-missing',
      `no Chromium was found to print the PDF with; install one (Debian: apt-get install chromium), or name it with CHROME_PATH`,
      { data: { looked: NAMES.join(', ') } },
    );
  const folder = mkdtempSync(join(tmpdir(), 'aia-pdf-'));
  try {
    const [page, file] = [join(folder, 'strategy.html'), join(folder, 'strategy.pdf')];
    writeFileSync(page, html);
    await run(browser, [...flags(folder), `--print-to-pdf=${file}`, pathToFileURL(page).href], { timeout: TIMEOUT_MS });
    return readFileSync(file);
  } catch (cause) {
    throw new HostError('program-failed', `${browser} printed no PDF: ${firstLine(cause)}`, {
      data: { browser },
      cause,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A profile of its own, so that a browser that runs already is left alone; no network is asked for. */
function flags(folder: string): readonly string[] {
  return [
    ...['--headless', '--disable-gpu', '--no-first-run', '--no-pdf-header-footer', '--disable-extensions'],
    ...['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-default-apps'],
    `--user-data-dir=${join(folder, 'profile')}`,
    // Chromium refuses to run as root with its sandbox; the page is our own and its policy allows nothing from outside.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
}

function browserOn({ CHROME_PATH: named, PATH = '' }: NodeJS.ProcessEnv): string | undefined {
  const places = PATH.split(delimiter).filter((folder) => folder !== '');
  const candidates = [
    ...(named === undefined || named === '' ? [] : [named]),
    ...NAMES.flatMap((name) => places.map((folder) => join(folder, name))),
  ];
  return candidates.find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function firstLine(error: unknown): string {
  const { message } = error instanceof Error ? error : { message: String(error) };
  return message.split('\n').find((line) => line.trim() !== '') ?? 'no reason was given';
}
