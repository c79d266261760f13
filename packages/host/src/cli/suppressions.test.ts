/** `--suppressions` and `--since` as a user gives them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refText } from '@aia/cluster';
import type { Assessment } from '@aia/contract';
import { assess, type Suppression } from '@aia/operations';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readDump } from '../dump/read-dump.ts';
import { exampleNames, examplePath } from '../examples.ts';
import { aia } from './run-aia.suite.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'aia-suppressions-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
const entry = (fields: Readonly<Record<string, string>> = {}) => ({
  code: 'load-balancer-*',
  object: '*',
  reason: 'moves behind one Gateway in October',
  owner: 'platform',
  expires: '2025-12-31',
  ...fields,
});
const yaml = (...entries: readonly object[]) => JSON.stringify({ suppressions: entries });
const incident = ['assess', '--example', 'aia-system'] as const;

describe('--suppressions', () => {
  it('takes out what it names, and says so', async () => {
    const path = file(
      'good.yaml',
      '# Answered for.\nsuppressions:\n  - code: load-balancer-*\n    object: "*"\n    reason: moves behind one Gateway\n    owner: platform\n    expires: 2025-12-31\n',
    );
    const [plain, suppressed] = await Promise.all([
      aia([...incident, '--format', 'json']),
      aia([...incident, '--format', 'json', '--suppressions', path]),
    ]);
    const [before, after] = [plain, suppressed].map(({ stdout }) => JSON.parse(stdout) as Assessment);
    expect(before?.findings.some(({ code }) => code === 'load-balancer-pending')).toBe(true);
    expect(after?.findings.some(({ code }) => code.startsWith('load-balancer-'))).toBe(false);
    expect(after?.suppressed).toHaveLength((before?.findings.length ?? 0) - (after?.findings.length ?? 0));
    const text = await aia([...incident, '--suppressions', path]);
    expect(text.stdout).toMatch(/^Suppressed: \d+ findings$/m);
    expect(text.stdout.replace(/\s+/g, ' ')).toContain('moves behind one Gateway (owner platform, until 2025-12-31)');
  });
  it('does not make a run fail for what it takes out', async () => {
    const all = file('all.yaml', yaml(entry({ code: '*', object: '* aia-system/*' }), entry({ code: 'quota-*' })));
    const { code } = await aia([...incident, '--suppressions', all, '--fail-on', 'critical', '--quiet']);
    expect([code, (await aia([...incident, '--fail-on', 'critical', '--quiet'])).code]).toEqual([0, 1]);
  });
  it.each<[string, string, string]>([
    ['is no YAML', 'suppressions: [', ':1: '],
    ['is empty', '', 'the file is empty'],
    ['has a field too many', yaml({ ...entry(), until: '2026' }), ':1: suppressions[0].until: '],
    ['lacks the reason', yaml({ ...entry(), reason: undefined }), 'suppressions[0].reason'],
    ['has an empty owner', yaml(entry({ owner: ' ' })), 'suppressions[0].owner'],
    ['has a day that is none', yaml(entry({ expires: '2025-02-30' })), 'suppressions[0].expires'],
    ['has an unknown code', yaml(entry({ code: 'crash-loop' })), 'no finding code is "crash-loop"'],
    ['would take out everything', yaml(entry({ code: '*' })), 'every finding'],
    ['names the line', `suppressions:\n  - ${JSON.stringify(entry())}\n  - code: x\n`, ':3: suppressions[1]'],
  ])('that %s is refused with its place', async (name, content, expected) => {
    const path = file(`${name.replaceAll(' ', '-')}.yaml`, content);
    const { code, stderr, stdout } = await aia([...incident, '--suppressions', path]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(expected);
    expect(stderr).toContain(path);
  });
  it('that is not there is told before anything is read', async () => {
    const { code, stderr } = await aia(['assess', '--dump', '/nonexistent', '--suppressions', '/nonexistent/s.yaml']);
    expect(code).toBe(3);
    expect(stderr).toContain('/nonexistent/s.yaml cannot be read');
  });
  it('keeps to its published schema, as the documented example does', () => {
    const schema = JSON.parse(
      readFileSync(new URL('../../../contract/schemas/suppressions.v1.json', import.meta.url), 'utf8'),
    ) as object;
    const validate = new Ajv2020({ strict: true, formats: { date: true, 'date-time': true } }).compile(schema);
    const page = readFileSync(new URL('../../../../docs/assess.md', import.meta.url), 'utf8');
    const example = /```yaml\n(suppressions:[\s\S]*?)```/.exec(page)?.[1] ?? '';
    expect(validate(parse(example)), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ suppressions: [{ ...entry(), until: 1 }] })).toBe(false);
  });
});

describe.each(exampleNames())('whatever is suppressed in %s', (name) => {
  it('never lowers the score, loses no finding, and leaves causes whole', async () => {
    const snapshot = await readDump(examplePath(name), { source: { kind: 'example', name } });
    const whole = assess(snapshot, { version: 'test' });
    const known = whole.findings.flatMap(({ code, resource }) => [
      { code, object: refText(resource) },
      { code, object: '*' },
      { code: '*', object: refText(resource) },
    ]);
    const some = fc.subarray([...known, { code: 'pod-*', object: '*' }]);
    fc.assert(
      fc.property(some, (chosen) => {
        const suppressions: readonly Suppression[] = chosen.map((one) => ({
          ...one,
          reason: 'r',
          owner: 'o',
          expiresAt: 4e12,
        }));
        const { verdict, findings, suppressed = [], rootCauses } = assess(snapshot, { version: 'test', suppressions });
        expect(verdict.score).toBeGreaterThanOrEqual(whole.verdict.score);
        expect([...findings, ...suppressed].map(({ id }) => id).toSorted()).toEqual(
          whole.findings.map(({ id }) => id).toSorted(),
        );
        const standing = new Set(findings.map(({ id }) => id));
        const before = new Set(whole.rootCauses.map(({ id }) => id));
        for (const cause of rootCauses) {
          expect(before).toContain(cause.id);
          expect(cause.explains.length).toBeGreaterThan(0);
          for (const id of cause.explains) expect(standing).toContain(id);
          for (const { from, to } of cause.chain) {
            expect(standing).toContain(to);
            if (from !== cause.id) expect(standing).toContain(from);
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('--since', () => {
  it('says what changed, and only that makes the run fail', async () => {
    const old = file('old.json', (await aia([...incident, '--format', 'json'])).stdout);
    const same = await aia([...incident, '--since', old, '--fail-on', 'info', '--quiet']);
    expect(same.code).toBe(0);
    expect(same.stdout.replace(/\s+/g, ' ')).toMatch(
      /Since \S+ \S+ UTC: readiness still \d+; root causes: none changed/,
    );
    const healthy = JSON.parse(readFileSync(old, 'utf8')) as Assessment;
    const [gone, ...rest] = healthy.findings;
    const earlier = file('earlier.json', JSON.stringify({ ...healthy, findings: rest }));
    const worse = await aia([...incident, '--since', earlier, '--fail-on', gone?.severity ?? '', '--format', 'json']);
    expect(worse.code).toBe(1);
    expect((JSON.parse(worse.stdout) as Assessment).comparison?.findings.new).toEqual([gone?.id]);
  });
  it.each<[string, string, number, string]>([
    ['is no JSON', 'readiness 40', 2, 'no assessment'],
    ['is another document', '{"kind":"List"}', 2, 'no assessment'],
    ['is missing', '', 3, 'cannot be read'],
  ])('a file that %s is refused', async (name, content, expected, words) => {
    const path = content === '' ? '/nonexistent/old.json' : file(`${name.replaceAll(' ', '-')}.json`, content);
    const { code, stderr } = await aia([...incident, '--since', path]);
    expect(code).toBe(expected);
    expect(stderr).toContain(words);
  });
  it('a report of a later moment is refused', async () => {
    const report = JSON.parse((await aia([...incident, '--format', 'json'])).stdout) as Assessment;
    const later = { ...report, cluster: { ...report.cluster, observedAt: report.cluster.observedAt + 1 } };
    const { code, stderr } = await aia([...incident, '--since', file('later.json', JSON.stringify(later))]);
    expect(code).toBe(2);
    expect(stderr).toContain('needs an earlier report');
  });
});
