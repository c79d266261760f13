/**
 * Generates the reference pages from the code and checks that every export is documented.
 *   node --conditions=source scripts/docs.ts          writes docs/reference/, docs/faults.md and the schemas
 *   node --conditions=source scripts/docs.ts --check  exits with 1 when a page is stale or an export undocumented
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { ACTION_KINDS, CAUSE_CLASSES, coverageOf, DEFAULT_THRESHOLDS, OWN_CHECKS, RULES } from '@aia/operations';
import { classOf, CORPUS } from '../packages/operations/src/diagnose/messages/corpus/corpus.suite.ts';
import type { MeasuredFault } from '../benchmarks/faults/alone.ts';
import { undocumentedExports } from './exports.ts';
import { actionPage } from './pages/action-page.ts';
import { causePage } from './pages/cause-page.ts';
import { commandPage } from './pages/command-page.ts';
import { coveragePage } from './pages/coverage-page.ts';
import { faultPage } from './pages/fault-page.ts';
import { messagePage } from './pages/message-page.ts';
import { ruleIndex, rulePage } from './pages/rule-pages.ts';
import {
  assessmentJsonSchema,
  policyJsonSchema,
  simulationRunJsonSchema,
  strategyJsonSchema,
  suppressionsJsonSchema,
  verificationJsonSchema,
  whatIfJsonSchema,
} from './pages/schema-page.ts';

const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');

const pages = new Map<string, string>([
  ['packages/contract/schemas/aia-policy.v1.json', `${JSON.stringify(policyJsonSchema(), null, 2)}\n`],
  ['packages/contract/schemas/assessment.v1.json', `${JSON.stringify(assessmentJsonSchema(), null, 2)}\n`],
  ['packages/contract/schemas/simulation-run.v1.json', `${JSON.stringify(simulationRunJsonSchema(), null, 2)}\n`],
  ['packages/contract/schemas/strategy.v1.json', `${JSON.stringify(strategyJsonSchema(), null, 2)}\n`],
  ['packages/contract/schemas/suppressions.v1.json', `${JSON.stringify(suppressionsJsonSchema(), null, 2)}\n`],
  ['docs/faults.md', await formatted('docs/faults.md', faultPage(measuredFaults()))],
  ['packages/contract/schemas/verification.v1.json', `${JSON.stringify(verificationJsonSchema(), null, 2)}\n`],
  ['packages/contract/schemas/what-if.v1.json', `${JSON.stringify(whatIfJsonSchema(), null, 2)}\n`],
  ['docs/reference/actions.md', actionPage(ACTION_KINDS)],
  ['docs/reference/causes.md', causePage(CAUSE_CLASSES)],
  ['docs/reference/cli.md', await commandPage()],
  ['docs/reference/coverage.md', coveragePage(coverageOf(RULES), OWN_CHECKS)],
  ['docs/reference/messages.md', messagePage(CORPUS, classOf)],
  ['docs/reference/rules/README.md', ruleIndex(RULES, DEFAULT_THRESHOLDS)],
  ...RULES.map((rule): [string, string] => [`docs/reference/rules/${rule.code}.md`, rulePage(rule)]),
]);

/** As the gate of formats wants pages outside of the folder of reference pages. */
async function formatted(path: string, content: string): Promise<string> {
  return format(content, { ...(await resolveConfig(join(root, path))), filepath: path });
}

/** What `npm run bench -- faults --write` wrote; measuring takes too long for a check of pages. */
function measuredFaults(): readonly MeasuredFault[] {
  return JSON.parse(readFileSync(join(root, 'benchmarks/faults/measured.json'), 'utf8')) as readonly MeasuredFault[];
}

const stale = [...pages].filter(
  ([path, content]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== content,
);
const undocumented = undocumentedExports(root);

if (check) {
  for (const [path] of stale) console.error(`stale: ${path} (run "npm run docs")`);
} else {
  for (const [path, content] of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    console.log(`wrote ${path}`);
  }
}
for (const name of undocumented) console.error(`undocumented: ${name}`);
console.log(
  `${pages.size} pages, ${check ? `${stale.length} stale` : `${stale.length} written`}; ${undocumented.length} exports without documentation`,
);
process.exitCode = undocumented.length > 0 || (check && stale.length > 0) ? 1 : 0;
