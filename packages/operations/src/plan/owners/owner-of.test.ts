import type { Assessment, Change } from '@aia/contract';
import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '../../policy/policy.ts';
import { snapshotWith } from '../effects/changes.suite.ts';
import { Planning } from '../planning.ts';
import type { ActionDraft } from '../remedy.ts';
import { domainOf } from './domain.ts';
import { responsibilityFor } from './owner-of.ts';
import type { Capability } from './roles.ts';

interface Program {
  readonly name: string;
  readonly image?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly port?: number;
}

function workload({ name, image = 'registry.example/team/service:1', labels = {}, port }: Program) {
  const container = { name: 'main', image, ...(port !== undefined && { ports: [{ containerPort: port }] }) };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [container] } } },
  };
}

const roleFor = (program: Program) => domainOf(snapshotWith([workload(program)]).objects[0] as never)?.role;

describe('what a workload is about', () => {
  it.each<[Program, string | undefined]>([
    [{ name: 'tracking', image: 'ghcr.io/mlflow/mlflow:v2', port: 5000 }, 'mlops-specialist'],
    [{ name: 'hub', image: 'quay.io/jupyterhub/k8s-hub:3' }, undefined],
    [{ name: 'jupyter-hub' }, 'mlops-specialist'],
    [{ name: 'drift-detector' }, 'mlops-specialist'],
    [
      {
        name: 'churn',
        image: 'nvcr.io/nvidia/tritonserver:24',
        labels: { 'app.kubernetes.io/component': 'inference' },
      },
      'mlops-specialist',
    ],
    [{ name: 'store', labels: { tier: 'frontend' }, port: 3000 }, 'threejs-ui-optimizer'],
    [{ name: 'scene', image: 'registry.example/three-viewer:2' }, 'threejs-ui-optimizer'],
    [{ name: 'cert-manager' }, 'cryptography-agent'],
    [{ name: 'secrets', image: 'hashicorp/vault:1', port: 8200 }, 'cryptography-agent'],
    // Words inside of words are none, and a port alone says little.
    [{ name: 'required-builder', image: 'registry.example/build-suite:1' }, undefined],
    [{ name: 'remodelling' }, undefined],
    [{ name: 'cache', port: 5000 }, undefined],
    // As much for one as for the other.
    [{ name: 'model-ui' }, undefined],
  ])('%o', (program, role) => {
    expect(roleFor(program)).toBe(role);
  });
});

describe('who is responsible', () => {
  const objects = [workload({ name: 'mlflow' }), workload({ name: 'frontend' }), workload({ name: 'orders' })];
  const planning = new Planning({
    snapshot: snapshotWith(objects),
    assessment: { findings: [], rootCauses: [], kpis: [] } as unknown as Assessment,
    policy: DEFAULT_POLICY,
  });
  const ref = (name: string, kind = 'Deployment', group = 'apps') => ({ group, kind, namespace: 'shop', name });
  const patch = (target: ReturnType<typeof ref>): Change => ({
    kind: 'patch',
    target,
    patch: { type: 'merge', patch: { metadata: { labels: { a: 'b' } } } },
  });
  const who = (capability: Capability, ...changes: readonly Change[]) => {
    const [first] = changes;
    const draft: ActionDraft = {
      kind: 'x',
      title: 'x',
      target: first !== undefined && 'target' in first ? first.target : ref('orders'),
      reason: 'x',
      evidence: [],
      confidence: 1,
      changes,
    };
    return responsibilityFor(draft, { capability }, planning).role;
  };

  it('is who knows the program, where it is about the program', () => {
    expect(who('rollout', patch(ref('mlflow')))).toBe('mlops-specialist');
    expect(who('configuration', patch(ref('frontend')))).toBe('threejs-ui-optimizer');
    expect(who('rollout', patch(ref('orders')))).toBe('production-readiness-assessor');
  });

  it('is who has the trade, whatever the program is', () => {
    expect(who('capacity', patch(ref('mlflow')))).toBe('gcp-deployment-orchestrator');
    expect(who('networking', patch(ref('frontend')))).toBe('gcp-deployment-orchestrator');
    expect(who('certificates', patch(ref('frontend')))).toBe('cryptography-agent');
    expect(who('configuration', patch(ref('key', 'Secret', '')))).toBe('cryptography-agent');
  });

  it('is the orchestrator where several are concerned, or somebody outside', () => {
    expect(who('rollout', patch(ref('mlflow')), patch(ref('frontend')))).toBe('main-orchestrator');
    expect(who('networking', { kind: 'manual', instruction: 'Change the DNS record.' })).toBe('main-orchestrator');
  });
});
