/** The verifier of identity as pages get it: what it weighs, what it needs, and that it decides in a browser as it does here. */
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasProgram } from '../packages/host/src/debian-program.suite.ts';
import { canonicalJson } from '../packages/identity/src/canonical/jcs.ts';
import { AT as NOW, World } from '../packages/identity/src/credentials/world.suite.ts';
import type { DidDocument } from '../packages/identity/src/did/document.ts';
import { provider as node } from '../packages/identity/src/provider/node.ts';
import { COMPOSITE, schemeOf } from '../packages/identity/src/signatures/suite.ts';
import { filesOf, open } from '../packages/identity/src/vectors/vector-files.suite.ts';
import * as here from '../packages/identity/src/verifier.ts';
import type { Judged } from '../packages/identity/src/vectors/judge.suite.ts';
import type { judgeTexts } from '../packages/identity/src/vectors/judge-texts.suite.ts';
import { bundleForBrowser, type BrowserBundle } from './browser-bundle.ts';

const IDENTITY = join(import.meta.dirname, '../packages/identity');
const VECTORS = join(IDENTITY, 'vectors');
/** "Now", after all published logs. */
const AT = Date.UTC(2026, 10, 1);
const MOST_GZIPPED = 90_000;

/** What the two bundles put into the page. */
declare const pageVerifier: typeof here;
declare const pageVectors: { readonly judgeTexts: typeof judgeTexts };

const hasBrowser = await hasProgram('chromium');
let bundle: BrowserBundle;

beforeAll(async () => {
  bundle = await bundleForBrowser(join(IDENTITY, 'src/verifier.ts'), 'pageVerifier');
}, 120_000);

describe('the bundle of the verifier', () => {
  it('is below 90 kB gzipped', () => {
    expect(bundle.gzipped).toBeLessThan(MOST_GZIPPED);
  });

  it('has noble in it, and nothing of Node', () => {
    expect(bundle.imports).toEqual([]);
    expect(bundle.modules.filter((path) => isBuiltin(path))).toEqual([]);
    expect(bundle.modules.filter((path) => /provider\/(?:node|der)\.ts$/.test(path))).toEqual([]);
    expect(bundle.modules.some((path) => path.endsWith('provider/noble.ts'))).toBe(true);
  });

  it('would say what it took of Node', async () => {
    const { imports } = await bundleForBrowser(join(IDENTITY, 'src/provider/node.ts'), 'any');
    expect(imports).toContain('node:crypto');
  });
});

describe.skipIf(!hasBrowser)('the verifier in a browser', () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const vectors = await bundleForBrowser(join(IDENTITY, 'src/vectors/judge-texts.suite.ts'), 'pageVectors');
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
    page = await browser.newPage();
    await page.addScriptTag({ content: bundle.code });
    await page.addScriptTag({ content: vectors.code });
  }, 300_000);

  afterAll(() => browser.close());

  it('passes the same vectors', async () => {
    const texts = textsUnder(VECTORS);
    const there = await page.evaluate(([given, at]) => pageVectors.judgeTexts(given, at), [texts, AT] as const);
    expect(failuresOf(there)).toEqual([]);
    expect(there.flatMap(({ groups }) => groups.filter(({ leftToOther }) => leftToOther > 0))).toEqual([]);
    expect(there.reduce((sum, { passed }) => sum + passed, 0)).toBeGreaterThan(400);
  }, 300_000);

  it('decides of logs of DIDs as it does here', async () => {
    const texts = textsUnder(join(VECTORS, 'webvh'));
    const logs = Object.keys(texts).flatMap((path) => {
      const text = texts[path] ?? '';
      const did = /"id":\s*"(did:webvh:[^"#?/]+)"/.exec(
        texts[path.replace('did.jsonl', 'resolutionResult.json')] ?? '',
      );
      const witnessProofs = texts[path.replace('did.jsonl', 'did-witness.json')];
      const one = { did: did?.[1] ?? '', text, witnessProofs };
      // The same with another first letter somewhere within the last proof.
      return path.endsWith('did.jsonl') ? [one, { ...one, text: text.replace(/("proofValue":"z)./, '$12') }] : [];
    });
    const there = await page.evaluate(decideLogs, { logs, at: AT, verifier: undefined });
    expect(there).toEqual(decideLogs({ logs, at: AT, verifier: here }));
    expect(there.filter((verdict) => verdict === 'verified').length).toBeGreaterThan(15);
    expect(new Set(there).size).toBeGreaterThan(1);
  });

  it('decides of credentials as it does here', async () => {
    const world = new World(node);
    const good = world.signed(world.role());
    const [classical] = good['proof'] as readonly object[];
    const credentials = [
      good,
      { ...good, proof: classical },
      { ...good, validUntil: '2040-01-01T00:00:00Z' },
      world.signed(world.role({ validUntil: NOW - 1000 })),
    ].map((one) => canonicalJson(one as typeof good));
    const given = { credentials, documents: JSON.stringify(Object.fromEntries(world.documents)), at: NOW };
    const there = await page.evaluate(decideCredentials, { ...given, verifier: undefined });
    expect(there).toEqual(await decideCredentials({ ...given, verifier: here }));
    expect(there).toEqual(['verified', 'missing-post-quantum-proof', 'broken-signature', 'expired']);
  });

  it('verifies composite signatures, and no others', async () => {
    const scheme = schemeOf(COMPOSITE, node);
    const key = scheme.signingKey(new Uint8Array(scheme.seedBytes).fill(5));
    const signature = key.sign(new Uint8Array(3));
    const there = await page.evaluate(
      ({ suite, publicKey, value }) => {
        const verifying = pageVerifier.schemeOf(suite as typeof COMPOSITE).verifyingKey(Uint8Array.from(publicKey));
        return [3, 4].map((length) => verifying?.verify(new Uint8Array(length), Uint8Array.from(value)));
      },
      { suite: COMPOSITE, publicKey: [...key.publicKey], value: [...signature] },
    );
    expect(there).toEqual([true, false]);
  });
});

function failuresOf(judged: readonly Judged[]): readonly string[] {
  return judged.flatMap(({ path, groups }) =>
    groups.flatMap(({ group, failures }) => failures.map((one) => `${path} ${group} ${one.case}: ${one.reason}`)),
  );
}

/** All files by their path from a folder. */
function textsUnder(folder: string): Record<string, string> {
  const files = filesOf(folder).map((file) => open(file, AT));
  return Object.fromEntries(files.map(({ path, text }) => [path.slice(folder.length + 1), text]));
}

/** Also runs in the page, and so uses nothing from outside of itself. */
function decideLogs({
  logs,
  at,
  verifier = pageVerifier,
}: {
  readonly logs: readonly { readonly did: string; readonly text: string; readonly witnessProofs: string | undefined }[];
  readonly at: number;
  readonly verifier: typeof here | undefined;
}): readonly string[] {
  return logs.map(({ did, text, witnessProofs }) => {
    const verdict = verifier.verifyLog(did, text, { at, witnessProofs });
    return verdict.kind === 'verified' ? verdict.kind : verdict.reason;
  });
}

/** Likewise. */
async function decideCredentials({
  credentials,
  documents,
  at,
  verifier = pageVerifier,
}: {
  readonly credentials: readonly string[];
  /** JSON, by DID. */
  readonly documents: string;
  readonly at: number;
  readonly verifier: typeof here | undefined;
}): Promise<readonly string[]> {
  const verdicts = [];
  const known = JSON.parse(documents) as Readonly<Record<string, DidDocument>>;
  const sources = { documentOf: (did: string) => known[did], statusListOf: () => undefined };
  for (const one of credentials) {
    const verdict = await verifier.verifyCredential(one, { sources, demands: { issuers: '*' }, at });
    verdicts.push(verdict.kind === 'verified' ? verdict.kind : verdict.reason);
  }
  return verdicts;
}
