/** The folder of an invented plan with every kind of change, built by the real kubectl. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Action, Change, Phase, Step, Strategy } from '@aia/contract';
import { gitOpsFiles } from '@aia/operations';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { unpackKubectl } from '../kubectl.suite.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aia-gitops-'));
  await unpackKubectl(join(folder, 'kubectl'));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ref = (group: string, kind: string, name: string) => ({ group, kind, namespace: 'shop', name });
const named = (name: string) => ({ name, namespace: 'shop' });
const WEB = ref('apps', 'Deployment', 'web');

const BASE = [
  {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: named('web') },
    spec: {
      replicas: 2,
      template: {
        spec: {
          containers: [
            { name: 'app', image: 'a:1', args: ['x'] },
            { name: 'side', image: 's:1' },
          ],
        },
      },
    },
  },
  {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: named('web') },
    spec: {
      type: 'LoadBalancer',
      ports: [
        { port: 80, name: 'a' },
        { port: 81, name: 'b' },
      ],
    },
  },
  { apiVersion: 'v1', kind: 'Service', metadata: named('old'), spec: {} },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: named('settings'), data: { a: '1', b: '2' } },
];

const HOSTILE = '`$(x)`: "y"\n';
const CHANGES: readonly Change[] = [
  {
    ...{ kind: 'patch', target: WEB },
    patch: {
      type: 'strategic',
      patch: { spec: { template: { spec: { containers: [{ name: 'app', image: 'a:2' }] } } } },
    },
  },
  {
    ...{ kind: 'patch', target: WEB },
    patch: { type: 'json', operations: [{ op: 'remove', path: '/spec/template/spec/containers/0/args' }] },
  },
  { kind: 'scale', target: WEB, replicas: 5 },
  {
    ...{ kind: 'patch', target: ref('', 'Service', 'web') },
    patch: { type: 'merge', patch: { spec: { type: 'ClusterIP', ports: [{ port: 90, name: 'c' }] } } },
  },
  {
    ...{ kind: 'patch', target: ref('', 'ConfigMap', 'settings') },
    patch: { type: 'merge', patch: { data: { a: null, c: HOSTILE } } },
  },
  { kind: 'delete', target: ref('', 'Service', 'old') },
  { kind: 'create', object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: named('fresh'), data: { k: 'v' } } },
  { kind: 'delete', target: ref('', 'Pod', 'web-1') },
  { kind: 'cloud', call: { operation: 'delete-node-pool', pool: 'spare' } },
];

const PATH = 'phase-1-etc-passwd-x';

function planOf(): Strategy['plan'] {
  const action: Action = {
    ...{ id: 'a', kind: 'x', title: 'Do ![it](x) <script>', target: WEB, resolves: [], reason: 'Because\n# of it' },
    ...{ evidence: [], confidence: 1, delivery: 'cluster', preconditions: [], quota: [], owner: 'main-orchestrator' },
    ...{ inverse: { kind: 'reversible', steps: [] }, after: [], money: { monthly: 0, currency: 'USD', text: '' } },
    steps: CHANGES.map((change): Step => ({ change, command: change.kind === 'cloud' ? 'gcloud x' : 'kubectl x' })),
    probe: { conditions: [{ kind: 'available', target: WEB }], withinMs: 60_000, soakMs: 0 },
    disruption: { pods: 0, services: [], budgets: [], isOutage: false, text: 'no pod is touched' },
    risk: { level: 'low', score: 0, reasons: [] },
    durationMs: { optimistic: 0, likely: 0, pessimistic: 0 },
    approval: { isNeeded: false, approvers: [], reasons: [] },
  };
  const phase: Phase = {
    ...{ number: 1, name: '../../etc/passwd; x', priority: 'high', purpose: 'To see.', actions: [action], barrier: [] },
  };
  return { outcome: 'plan', reason: 'One action.', goals: [], phases: [phase], dependencies: [], rejected: [] };
}

describe('the folder of a plan', () => {
  it('keeps hostile names out of paths and markup', () => {
    const files = gitOpsFiles({ plan: planOf() });
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['README.md', `${PATH}/kustomization.yaml`, `${PATH}/cloud.sh`, `${PATH}/README.md`]),
    );
    expect(paths.every((path) => /^(?:[a-z0-9-]+\/)?[A-Za-z0-9.-]+$/.test(path))).toBe(true);
    expect(new Set(paths).size).toBe(paths.length);
    const readme = files.find(({ path }) => path === `${PATH}/README.md`)?.content ?? '';
    expect(readme).toContain('Do !\\[it\\](x) \\<script\\>');
    expect(readme).not.toMatch(/^# of it/m);
  });

  it('builds to what the changes say', () => {
    const write = (path: string, content: string) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    };
    for (const { path, content } of gitOpsFiles({ plan: planOf() })) write(path, content);
    write('base/all.yaml', BASE.map((object) => stringify(object)).join('---\n'));
    write('base/kustomization.yaml', stringify({ resources: ['all.yaml'] }));
    write('all/kustomization.yaml', stringify({ resources: ['../base'], components: [`../${PATH}`] }));
    const text = execFileSync(join(folder, 'kubectl'), ['kustomize', 'all'], { cwd: folder, encoding: 'utf8' });
    const built = new Map(
      parseAllDocuments(text).map((one) => {
        const object = one.toJS() as Record<'kind', string> & Record<'metadata', { name: string }>;
        return [`${object.kind} ${object.metadata.name}`, object as Readonly<Record<string, unknown>>];
      }),
    );
    expect([...built.keys()].sort()).toEqual([
      'ConfigMap fresh',
      'ConfigMap settings',
      'Deployment web',
      'Service web',
    ]);
    const containers = [
      { name: 'app', image: 'a:2' },
      { name: 'side', image: 's:1' },
    ];
    expect(built.get('Deployment web')?.['spec']).toEqual({ replicas: 5, template: { spec: { containers } } });
    expect(built.get('Service web')?.['spec']).toEqual({ type: 'ClusterIP', ports: [{ port: 90, name: 'c' }] });
    expect(built.get('ConfigMap settings')?.['data']).toEqual({ b: '2', c: HOSTILE });
  });

  it('is empty for a plan without phases', () => {
    expect(gitOpsFiles({ plan: { ...planOf(), phases: [] } })).toEqual([]);
  });
});
