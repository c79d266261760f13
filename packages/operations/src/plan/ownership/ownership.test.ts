import type { Change, Patch } from '@aia/contract';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import type { Assessment } from '@aia/contract';
import { policyFrom } from '../../policy/policy.ts';
import { changedObjects } from '../effects/changed-objects.ts';
import { snapshotWith, WEB } from '../effects/changes.suite.ts';
import { Planning } from '../planning.ts';
import type { ActionDraft } from '../remedy.ts';
import { deliveryOf, withPullRequest } from './delivery.ts';

type Fields = Record<string, unknown>;

const IMAGE: Patch = {
  type: 'strategic',
  patch: { spec: { template: { spec: { containers: [{ name: 'app', image: 'registry.example/app:2' }] } } } },
};
const patch = (one: Patch): Change => ({ kind: 'patch', target: WEB, patch: one });

function web(metadata: Fields = {}, spec: Fields = {}): Fields {
  const template = {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'app', image: 'registry.example/app:1' }] },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default', ...metadata },
    spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template, ...spec },
  };
}

const NOTHING = { findings: [], rootCauses: [], kpis: [] } as unknown as Assessment;

function delivered(objects: readonly Fields[], change: Change = patch(IMAGE), helm: 'cluster' | 'source' = 'cluster') {
  const snapshot = snapshotWith(objects);
  const planning = new Planning({
    snapshot,
    assessment: NOTHING,
    policy: policyFrom({ version: 1, ownership: { helm } }, 'test'),
  });
  const draft: ActionDraft = {
    kind: 'fix-image',
    title: 'Fix it',
    target: WEB,
    reason: 'It is wrong.',
    evidence: [],
    confidence: 1,
    changes: [change],
  };
  return { draft, ...deliveryOf(draft, changedObjects([change], snapshot), planning) };
}

const TRACKED = { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:default/web' } };

function application(syncPolicy: Fields | undefined, more: Fields = {}): Fields {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'shop', namespace: 'argocd' },
    spec: {
      source: { repoURL: 'https://git.example/shop', path: 'overlays/prod', targetRevision: 'main' },
      syncPolicy,
      ...more,
    },
  };
}

describe('what Argo CD applies', () => {
  it('is changed in its repository while it syncs by itself', () => {
    const { delivery, ownership } = delivered([web(TRACKED), application({ automated: { selfHeal: true } })]);
    expect(delivery).toBe('source');
    expect(ownership).toMatchObject({
      reconciler: 'argo-cd',
      name: 'Application argocd/shop',
      isActive: true,
      source: 'https://git.example/shop, path overlays/prod, revision main',
    });
    expect(parse(ownership?.sourceChange ?? '')).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'default' },
      spec: { template: { spec: { containers: [{ name: 'app', image: 'registry.example/app:2' }] } } },
    });
    expect(ownership?.evidence.length).toBeGreaterThan(0);
  });

  it.each<[string, Fields | undefined, Fields]>([
    ['nobody syncs it by itself', undefined, {}],
    ['syncing is switched off', { automated: { enabled: false } }, {}],
    [
      'the very field is among its ignored differences',
      { automated: {} },
      { ignoreDifferences: [{ group: 'apps', kind: 'Deployment', jsonPointers: ['/spec/template'] }] },
    ],
  ])('is changed in the cluster where %s', (_, syncPolicy, more) => {
    const { delivery, ownership } = delivered([web(TRACKED), application(syncPolicy, more)]);
    expect(delivery).toBe('cluster');
    expect(ownership).toMatchObject({ reconciler: 'argo-cd', isActive: false });
  });

  it('is not told by an annotation that was copied from another object', () => {
    const copied = { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:default/other' } };
    expect(delivered([web(copied), application({ automated: {} })])).toMatchObject({ delivery: 'cluster' });
  });

  it('is told by a label only where there is such an Application', () => {
    const labelled = { labels: { 'app.kubernetes.io/instance': 'shop' } };
    expect(delivered([web(labelled)]).ownership).toBeUndefined();
    expect(delivered([web(labelled), application({ automated: {} })]).delivery).toBe('source');
  });

  it('gives values of a chart by convention, and says that they are a guess', () => {
    const source = { repoURL: 'https://charts.example', chart: 'web', targetRevision: '1.2.3' };
    const { ownership } = delivered([web(TRACKED), application({ automated: {} }, { source })]);
    expect(ownership?.sourceChange).toMatch(/^# By the usual layout of charts/);
    expect(parse(ownership?.sourceChange ?? '')).toEqual({ image: { tag: '2' } });
  });
});

describe('what Flux applies', () => {
  const labels = { 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' };
  const kustomization = (spec: Fields = {}) => ({
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: 'apps', namespace: 'flux-system' },
    spec: { path: './apps', sourceRef: { kind: 'GitRepository', name: 'fleet' }, ...spec },
  });
  const repository = {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name: 'fleet', namespace: 'flux-system' },
    spec: { url: 'https://git.example/fleet', ref: { branch: 'main' } },
  };

  it('is changed in its repository, unless it is suspended or told to leave the object alone', () => {
    const active = delivered([web({ labels }), kustomization(), repository]);
    expect(active).toMatchObject({
      delivery: 'source',
      ownership: { reconciler: 'flux', source: 'https://git.example/fleet, branch main, path ./apps' },
    });
    expect(delivered([web({ labels }), kustomization({ suspend: true }), repository]).delivery).toBe('cluster');
    expect(
      delivered([
        web({ labels, annotations: { 'kustomize.toolkit.fluxcd.io/reconcile': 'disabled' } }),
        kustomization(),
      ]).delivery,
    ).toBe('cluster');
  });

  it('through a HelmRelease is changed by its values, or exactly by a post-renderer', () => {
    const release = {
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name: 'web', namespace: 'default' },
      spec: { chart: { spec: { chart: 'web' } } },
    };
    const { delivery, ownership } = delivered([
      web({ labels: { 'helm.toolkit.fluxcd.io/name': 'web', 'helm.toolkit.fluxcd.io/namespace': 'default' } }),
      release,
    ]);
    expect(delivery).toBe('source');
    const [values, exact] = parseAllDocuments(ownership?.sourceChange ?? '').map((one) =>
      (one as { toJS(): unknown }).toJS(),
    );
    expect(values).toEqual({ spec: { values: { image: { tag: '2' } } } });
    expect(exact).toMatchObject({
      spec: { postRenderers: [{ kustomize: { patches: [{ target: { kind: 'Deployment', name: 'web' } }] } }] },
    });
  });
});

describe('what others apply', () => {
  it('Helm by itself leaves it to the policy', () => {
    const released = web({
      labels: { 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: { 'meta.helm.sh/release-name': 'web', 'meta.helm.sh/release-namespace': 'default' },
    });
    const secret = (revision: number) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: `sh.helm.release.v1.web.v${revision}`,
        namespace: 'default',
        labels: { owner: 'helm', name: 'web' },
      },
      type: 'helm.sh/release.v1',
    });
    const found = delivered([released, secret(9), secret(10)]);
    expect(found).toMatchObject({ delivery: 'cluster', ownership: { reconciler: 'helm', isActive: false } });
    expect(found.ownership?.evidence[1]).toMatchObject({ value: 'sh.helm.release.v1.web.v10' });
    expect(delivered([released], patch(IMAGE), 'source').delivery).toBe('source');
  });

  it('an operator writes what its custom resource says', () => {
    const owned = web({
      ownerReferences: [{ apiVersion: 'example.com/v1', kind: 'Shop', name: 'main', uid: 'u', controller: true }],
    });
    expect(delivered([owned])).toMatchObject({
      delivery: 'source',
      ownership: { reconciler: 'operator', name: 'Shop default/main' },
    });
  });

  it('the add-on manager puts its own back', () => {
    expect(delivered([web({ labels: { 'addonmanager.kubernetes.io/mode': 'Reconcile' } })]).delivery).toBe('source');
    expect(delivered([web({ labels: { 'addonmanager.kubernetes.io/mode': 'EnsureExists' } })]).delivery).toBe(
      'cluster',
    );
  });

  it('nobody owns what nothing tells of', () => {
    expect(delivered([web()])).toMatchObject({ delivery: 'cluster' });
    expect(delivered([web()]).ownership).toBeUndefined();
  });

  it('a node pool of Config Connector is changed there', () => {
    const pool = {
      apiVersion: 'container.cnrm.cloud.google.com/v1beta1',
      kind: 'ContainerNodePool',
      metadata: { name: 'main', namespace: 'infra' },
      spec: {},
    };
    const resize: Change = { kind: 'cloud', call: { operation: 'resize-node-pool', pool: 'main', from: 1, to: 2 } };
    expect(delivered([pool], resize)).toMatchObject({
      delivery: 'source',
      ownership: { reconciler: 'config-connector' },
    });
    expect(delivered([pool], { kind: 'cloud', call: { ...resize.call, pool: 'other' } } as Change).delivery).toBe(
      'cluster',
    );
  });
});

describe('what autoscalers set', () => {
  const hpa = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web', namespace: 'default' },
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, maxReplicas: 5 },
  };
  const vpa = (updateMode: string) => ({
    apiVersion: 'autoscaling.k8s.io/v1',
    kind: 'VerticalPodAutoscaler',
    metadata: { name: 'web', namespace: 'default' },
    spec: { targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, updatePolicy: { updateMode } },
  });
  const scale = (replicas: number): Change => ({ kind: 'scale', target: WEB, replicas });
  const requests = patch({
    type: 'strategic',
    patch: { spec: { template: { spec: { containers: [{ name: 'app', resources: { requests: { cpu: '1' } } }] } } } },
  });

  it('replicas are the autoscaler’s, other fields are not, and one at rest owns nothing', () => {
    expect(delivered([web(), hpa], scale(4))).toMatchObject({
      delivery: 'source',
      ownership: { reconciler: 'hpa', isActive: true },
    });
    expect(delivered([web(), hpa]).ownership).toBeUndefined();
    expect(delivered([web({}, { replicas: 0 }), hpa], scale(2)).ownership).toBeUndefined();
  });

  it('requests are the vertical one’s where it acts', () => {
    expect(delivered([web(), vpa('Auto')], requests)).toMatchObject({ ownership: { reconciler: 'vpa' } });
    expect(delivered([web(), vpa('Off')], requests).ownership).toBeUndefined();
    const text = delivered([web(), vpa('Auto')], requests).ownership?.sourceChange ?? '';
    expect(parse(text)).toEqual({
      spec: { resourcePolicy: { containerPolicies: [{ containerName: 'app', minAllowed: { cpu: '1' } }] } },
    });
  });
});

describe('the text of a pull request', () => {
  it('lets nothing of a cluster become markup', () => {
    const found = delivered([
      web(TRACKED),
      application({ automated: {} }, { source: { repoURL: 'https://x.example/<img src=x>', path: '`a`' } }),
    ]);
    const { ownership } = withPullRequest(found, {
      ...{
        title: 'Fix\n# it',
        reason: '<script>alert(1)</script> | ![x](y)',
        evidence: [],
        probe: [{ kind: 'available', target: WEB }],
      },
      risk: { level: 'low', score: 0.1, reasons: ['small'] },
      disruption: { pods: 0, services: [], budgets: [], isOutage: false, text: 'no pod is touched' },
      inverse: { kind: 'reversible', steps: [] },
    });
    const { title = '', body = '' } = ownership?.pullRequest ?? {};
    expect(title).toBe('Fix # it');
    expect(body).not.toMatch(/(?<!\\)<(?:script|img)/);
    expect(body).toMatch(/\\!?\\\[x\\\]|!\\\[x\\\]/);
    expect([...body.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual([
      'Why',
      'Change',
      'Risk',
      'How to verify',
      'How to revert',
    ]);
  });
});
