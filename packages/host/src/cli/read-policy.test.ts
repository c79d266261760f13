import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_POLICY } from '@aia/operations';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { UsageError } from './exit.ts';
import { readPolicy } from './read-policy.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'aia-policy-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(content: string): string {
  const path = join(folder, 'aia-policy.yaml');
  writeFileSync(path, content);
  return path;
}

const FULL = `# What plans may do.
version: 1
protected:
  namespaces: [payments, gke-*]
  kinds: [PersistentVolume, CustomResourceDefinition.apiextensions.k8s.io]
  objects: [Deployment shop/web]
  labels: {tier: gold}
roles:
  mlops-specialist: [patch, scale]
actions:
  off: [roll-back-*]
windows:
  - {schedule: 0 2 * * 6, minutes: 120, timeZone: Europe/Berlin}
approvers:
  - {name: platform, for: [high-risk, money]}
budgets:
  blastRadius: {podsPerPhase: 10, podShare: 0.2, namespacesPerPhase: 3, actions: 20}
  money: {monthly: -10.5, currency: USD}
  disruption: {outages: 1, podsAtOnce: 2}
  risk: medium
  quotaShare: 0.9
rightSizing: {cpuPercentile: 0.9, leastHistoryHours: 48}
targets: {utilisation: {min: 0.5, max: 0.7}, loadBalancers: 3, quotaShare: 0.75}
ownership: {helm: source}
`;

describe('the policy file', () => {
  it('is read with defaults where it says nothing', () => {
    expect(readPolicy(file('version: 1\n'))).toEqual({ ...DEFAULT_POLICY, name: join(folder, 'aia-policy.yaml') });
  });
  it('sets what it says', () => {
    const policy = readPolicy(file(FULL));
    expect(policy.protected.namespaces).toEqual(['payments', 'gke-*']);
    expect(policy.budgets).toMatchObject({
      podsPerPhase: 10,
      podShare: 0.2,
      monthly: -10.5,
      outages: 1,
      risk: 'medium',
    });
    expect(policy.rightSizing).toMatchObject({ cpuPercentile: 0.9, leastHistoryMs: 172_800_000, cpuMargin: 0.15 });
    expect(policy.windows).toEqual([{ schedule: '0 2 * * 6', minutes: 120, timeZone: 'Europe/Berlin' }]);
  });
  it('is valid by the published schema exactly where the reader takes its form', () => {
    const schema = JSON.parse(
      readFileSync(new URL('../../../contract/schemas/aia-policy.v1.json', import.meta.url), 'utf8'),
    ) as object;
    const validate = new Ajv2020({ strict: false }).compile(schema);
    expect(validate(parse(FULL))).toBe(true);
    expect(validate({ version: 1, budget: {} })).toBe(false);
    expect(validate({ version: 1, budgets: { risk: 'huge' } })).toBe(false);
    expect(validate({ version: 1, roles: { butler: ['patch'] } })).toBe(false);
  });

  // Line, and what the message has to name: the field, the value, what to write.
  it.each<[string, string, readonly string[]]>([
    ['no YAML', 'version: [1', [':1: ']],
    ['nothing', '', ['the file is empty']],
    ['a field twice', 'version: 1\nbudgets: {}\nbudgets: {risk: low}\n', [':3: ', 'budgets stands here a second time']],
    ['a version in quotation marks', 'version: "1"\n', [':1: ', 'version', 'without quotation marks']],
    ['two documents', 'version: 1\n---\nversion: 1\n', [':2: ', 'a second document']],
    ['a kind in the plural', 'version: 1\nprotected:\n  kinds: [services]\n', [':3: ', 'did you mean "Service"?']],
    ['no version', 'budgets: {}\n', [':1: ', 'version']],
    ['another version', 'version: 2\n', [':1: ', 'version', '2', '1']],
    ['a misspelt field', 'version: 1\nbudget:\n  risk: low\n', [':2: ', 'budget: ', 'did you mean "budgets"?']],
    [
      'a misspelt field further in',
      'version: 1\nbudgets:\n  blastRadius:\n    podsPerFase: 3\n',
      [':4: ', 'budgets.blastRadius.podsPerFase: ', '"podsPerPhase"'],
    ],
    ['a field in a list', 'version: 1\nwindows:\n  - {schedule: 0 2 * * 6, minute: 5}\n', [':3: ', '"minutes"']],
    ['an unknown role', 'version: 1\nroles:\n  mlops-specialst: [patch]\n', [':3: ', '"mlops-specialist"']],
    ['an unknown verb', 'version: 1\nroles:\n  mlops-specialist: [pach]\n', [':3: ', '"pach"', '"patch"']],
    ['an unknown risk', 'version: 1\nbudgets:\n  risk: enormous\n', [':3: ', 'budgets.risk', 'low, medium, high']],
    [
      'a wrong type',
      'version: 1\nbudgets:\n  quotaShare: plenty\n',
      [':3: ', 'budgets.quotaShare', 'number', '"plenty"'],
    ],
    ['a share above 1', 'version: 1\nbudgets: {quotaShare: 95}\n', [':2: ', 'budgets.quotaShare', '1', '95']],
    ['an impossible band', 'version: 1\ntargets:\n  utilisation: {min: 0.8, max: 0.6}\n', [':3: ', '0.8', '0.6']],
    ['an unknown currency', 'version: 1\nbudgets: {money: {currency: EUR}}\n', [':2: ', 'EUR', 'USD']],
    ['a schedule that is none', 'version: 1\nwindows:\n  - {schedule: at night, minutes: 5}\n', [':3: ', 'at night']],
    [
      'a schedule that never comes',
      'version: 1\nwindows:\n  - {schedule: 0 0 30 2 *, minutes: 5}\n',
      [':3: ', 'never'],
    ],
    [
      'an unknown kind of action',
      'version: 1\nactions: {off: [rol-back-workload]}\n',
      [':2: ', '"roll-back-workload"'],
    ],
    ['all protected', 'version: 1\nprotected:\n  namespaces: ["*"]\n', [':3: ', 'protects everything']],
    ['aliases without end', 'version: 1\nx: &x {y: [*x]}\n', ['aia-policy.yaml']],
  ])('is refused for %s, with its line', (_, content, parts) => {
    const path = file(content);
    let message = '';
    try {
      readPolicy(path);
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      ({ message } = error as Error);
    }
    for (const part of parts) expect(message).toContain(part);
  });
});
