import { NO_CLOUD, type CloudSnapshot, type KubeObject } from '@aia/cluster';
import type { Action, Assessment, Change, Plan, PolicyFile } from '@aia/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assess } from '../assess.ts';
import { examine, type Scene } from '../diagnose/rule.suite.ts';
import { condition, deployment, node, NOW, object, pod, replicaSet, service, state } from '../diagnose/scene.suite.ts';
import { DEFAULT_POLICY, policyFrom, type Policy } from '../policy/policy.ts';
import { makePlan } from './make-plan.ts';
import { draftId, type ActionDraft, type ActionKind, type Remedy } from './remedy.ts';

const crashing = () => state.waiting('CrashLoopBackOff', '', { restartCount: 12, ...state.last(1, 'Error') });
const web = [
  node(),
  deployment(2, 0, { status: { conditions: [condition('Available', 'False')] } }),
  replicaSet('web-1', 2, 0),
  pod('web-1-a', { statuses: [crashing()] }),
  pod('web-1-b', { statuses: [crashing()] }),
  service('web'),
  object('v1', 'ConfigMap', 'settings', { data: { a: '1' } }),
  object('v1', 'ConfigMap', 'rates', {
    metadata: { namespace: 'payments', labels: { tier: 'gold' } },
    data: { a: '1' },
  }),
];
const cloud: CloudSnapshot = {
  ...NO_CLOUD,
  provider: 'gcp',
  quotas: [
    { metric: 'CPUS', region: 'us-central1', limit: 24, usage: 18 },
    { metric: 'INSTANCES', region: 'us-central1', limit: 10, usage: 3 },
  ],
  cluster: {
    ...{ name: 'c', location: 'us-central1', version: '1.33', autopilot: false, autoscalingProfile: 'balanced' },
    nodePools: ['main', 'spare'].map((name) => ({
      ...{ name, machineType: 'e2-standard-4', diskType: 'pd-standard', diskSizeGb: 100, spot: false },
      ...{ zones: ['us-central1-a'], initialNodeCount: 1, status: 'RUNNING', autoscaling: undefined },
    })),
  } as unknown as NonNullable<CloudSnapshot['cluster']>,
};

function seen(scene: Scene): {
  readonly snapshot: ReturnType<typeof examine>['snapshot'];
  readonly assessment: Assessment;
} {
  const { snapshot } = examine({ observedAt: NOW, ...scene });
  return { snapshot, assessment: assess(snapshot, { version: 'test' }) };
}

const REF = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' };
function draft(kind: string, part: string, changes: readonly Change[], more: Partial<ActionDraft> = {}): ActionDraft {
  return {
    ...{ kind, part, changes, title: `Does ${part}`, target: REF, reason: 'Because.', evidence: [], confidence: 0.9 },
    ...more,
  };
}
function kindOf(kind: string, propose: ActionKind['propose'], more: Partial<ActionKind> = {}): ActionKind {
  return {
    ...{ kind, title: kind, explanation: kind, capability: 'rollout', baseRisk: 0.05, propose },
    prior: { alpha: 1, beta: 1, basis: '' },
    durationMs: { optimistic: 1, likely: 2, pessimistic: 3 },
    ...more,
  };
}
const remedy = (title: string, resolves: readonly string[], drafts: readonly ActionDraft[], fit = 1): Remedy => ({
  title,
  resolves,
  drafts,
  fit,
});
const annotate = (value: string): Change => ({
  kind: 'patch',
  target: REF,
  patch: { type: 'merge', patch: { spec: { template: { metadata: { annotations: { value } } } } } },
});
const manual: Change = { kind: 'manual', instruction: 'Ask whoever wrote the program.' };

describe('what a plan says where there is none', () => {
  const only = (kinds: readonly ActionKind[], scene: Scene = { objects: web }, policy: Policy = DEFAULT_POLICY) =>
    makePlan({ ...seen(scene), policy }, kinds);
  const all = (planning: { readonly assessment: Assessment }) => planning.assessment.rootCauses.map(({ id }) => id);
  const some = kindOf('mend', (planning) => [remedy('Mend it', all(planning), [draft('mend', 'a', [annotate('1')])])]);

  it.each<[string, Scene, Plan['outcome'], string]>([
    ['an empty cluster', { objects: [node()] }, 'nothing-to-do', 'nothing to do'],
    [
      'a cluster in order',
      { objects: [node(), deployment(1, 1), replicaSet('web-1', 1, 1), pod('web-1-a')] },
      'nothing-to-do',
      'nothing to do',
    ],
    [
      'one that requests less than its nodes offer, of whose use nothing was read',
      {
        objects: [
          ...[node(), deployment(1, 1), replicaSet('web-1', 1, 1)],
          pod('web-1-a', { containers: [{ name: 'app', image: 'web:1', resources: { requests: { cpu: '100m' } } }] }),
        ],
        missing: ['metrics'],
      },
      'nothing-to-do',
      'Off target',
    ],
    ['nothing that was read', { objects: [] }, 'not-enough-known', 'not enough known: '],
    ['pods that must not be read', { objects: [node()], missing: ['pods'] }, 'not-enough-known', 'pods'],
  ])('%s', (_, scene, outcome, words) => {
    const plan = only([some], scene);
    expect([plan.outcome, plan.phases]).toEqual([outcome, []]);
    expect(plan.reason).toContain(words);
  });
  it('a namespace that is not there', () => {
    const { snapshot } = seen({ objects: web });
    const named = (...namespaces: readonly string[]) => assess(snapshot, { version: 'test', namespaces });
    const plan = (...namespaces: readonly string[]) =>
      makePlan({ snapshot, assessment: named(...namespaces), policy: DEFAULT_POLICY }, [some]);
    expect(plan('shpo')).toMatchObject({ outcome: 'not-enough-known', phases: [] });
    expect(plan('shpo').reason).toMatch(/namespace shpo: no object of it was read; there are .*shop/);
    expect(plan('shpo', 'shop').outcome).toBe('plan');
  });
  it('no remedy is known: what is open, and what would be needed', () => {
    const plan = only([]);
    expect(plan).toMatchObject({ outcome: 'not-enough-known', phases: [] });
    expect(plan.reason).toMatch(/^not enough known: /);
    const open = plan.goals.filter(({ isMust }) => isMust);
    expect(open.length).toBeGreaterThan(0);
    for (const goal of open) expect([goal.state, goal.because]).toEqual(['open', expect.stringContaining('Needed: ')]);
  });
  it('no remedy is known of any kind: what is left for such causes, and for no others', () => {
    const ask = kindOf('ask-owner', () => [], {
      proposeForRest: (causes) => causes.map(({ id }) => remedy('Ask', [id], [draft('ask-owner', id, [manual])], 0.3)),
    });
    const kindsIn = ({ phases }: Plan) => phases.flatMap(({ actions }) => actions.map(({ kind }) => kind));
    const plan = only([ask]);
    expect(kindsIn(plan)).toEqual(['ask-owner']);
    expect(plan.goals.filter(({ isMust }) => isMust).map(({ state }) => state)).toEqual(['partly']);
    const both = only([some, ask]);
    expect(kindsIn(both)).toEqual(['mend']);
    expect(both.rejected).toEqual([]);
  });
  it('a policy that contradicts itself is refused, whatever could be done', () => {
    const policy = policyFrom({ version: 1, targets: { utilisation: { min: 0.9, max: 0.1 } } }, 'test');
    expect(only([some], { objects: web }, policy)).toMatchObject({
      ...{ outcome: 'refused', phases: [] },
      reason: expect.stringContaining('targets.utilisation') as string,
    });
  });
  it('a policy that lets nothing through refuses, and names the line', () => {
    const policy = policyFrom({ version: 1, protected: { namespaces: ['shop'] } }, 'test');
    const plan = only([some], { objects: web }, policy);
    expect(plan).toMatchObject({ outcome: 'refused', phases: [] });
    expect(plan.reason).toContain('protected.namespaces: shop');
    expect(plan.rejected).toMatchObject([{ because: 'policy' }]);
    expect(plan.goals.find(({ isMust }) => isMust)?.because).toContain('protected.namespaces: shop');
  });
  it('a saving that nothing brings is refused', () => {
    const policy = policyFrom({ version: 1, budgets: { money: { monthly: -50 } } }, 'test');
    const plan = only([some], { objects: web }, policy);
    expect([plan.outcome, plan.reason]).toEqual(['refused', expect.stringContaining('budgets.money.monthly: -50')]);
  });
});

describe('what a plan chooses', () => {
  const { snapshot, assessment } = seen({ objects: web });
  const must = assessment.rootCauses.filter(({ severity }) => severity === 'critical' || severity === 'high');
  const id = must[0]?.id ?? '';
  const plan = (remedies: readonly Remedy[], more: object = {}) =>
    makePlan({ snapshot, assessment, policy: DEFAULT_POLICY, ...more }, [kindOf('mend', () => remedies)]);
  const flat = ({ phases }: Plan) => phases.flatMap(({ actions }) => actions);

  it('is one of two rivals, and says in figures why', () => {
    const made = plan([
      remedy(
        'Mend by two',
        [id],
        [draft('mend', 'a', [annotate('1')]), draft('mend', 'b', [{ kind: 'scale', target: REF, replicas: 3 }])],
      ),
      remedy('Mend by one', [id], [draft('mend', 'c', [annotate('2')])]),
    ]);
    expect(flat(made).map(({ title }) => title)).toEqual(['Does c']);
    expect(made.rejected).toMatchObject([{ title: 'Mend by two', because: 'rival' }]);
    expect(made.rejected[0]?.reason).toMatch(/1 action instead of 2/);
    expect(flat(made)[0]).toMatchObject({
      reason: 'Because.',
      weighing: expect.stringMatching(/“Mend by two”.*1 action instead of 2/) as string,
    });
    expect(made.goals.find((goal) => goal.id === id)).toMatchObject({
      state: 'planned',
      actions: flat(made).map((one) => one.id),
    });
  });
  it('is a change before work for a person, however sure that is', () => {
    const person = remedy('Have it mended', [id], [draft('mend', 'p', [manual], { confidence: 1 })]);
    const real = remedy('Mend it', [id], [draft('mend', 'a', [annotate('1')], { confidence: 0.6 })], 0.6);
    expect(flat(plan([person, real])).map(({ title }) => title)).toEqual(['Does a']);
    const alone = plan([person]);
    expect(alone.outcome).toBe('plan');
    expect(alone.goals.find((goal) => goal.id === id)).toMatchObject({
      state: 'partly',
      because: expect.stringContaining('a person') as string,
    });
  });
  it('is not what failed on the twin, nor what the plan has already', () => {
    const first = draft('mend', 'a', [annotate('1')]);
    const remedies = [
      remedy('First', [id], [first]),
      remedy('Second', [id], [draft('mend', 'b', [annotate('2')])], 0.9),
    ];
    const refuted = plan(remedies, { refuted: new Map([[draftId(first), 'web: 0 of 2 available']]) });
    expect(flat(refuted).map(({ title }) => title)).toEqual(['Does b']);
    expect(refuted.rejected).toMatchObject([{ title: 'First', because: 'rehearsal', reason: 'web: 0 of 2 available' }]);
    const again = plan(remedies, { done: flat(plan(remedies)) });
    expect(flat(again).map(({ title }) => title)).toEqual(['Does b']);
  });
  it('keeps what must be over what a KPI wants of the same object', () => {
    const goals = {
      ...assessment,
      kpis: assessment.kpis.map((kpi) => (kpi.id === 'cpu-requests' ? { ...kpi, status: 'missed' as const } : kpi)),
    };
    const remedies = [
      remedy('Mend it', [id], [draft('mend', 'a', [annotate('1')])], 0.6),
      remedy(
        'Scale it away',
        ['kpi:cpu-requests'],
        [draft('mend', 'b', [{ kind: 'scale', target: REF, replicas: 0 }])],
      ),
    ];
    const made = makePlan({ snapshot, assessment: goals, policy: DEFAULT_POLICY }, [kindOf('mend', () => remedies)]);
    expect(flat(made).map(({ title }) => title)).toEqual(['Does a']);
    expect(made.rejected).toMatchObject([{ title: 'Scale it away', because: 'rival' }]);
  });
  it('one action of two remedies stands once and serves the goals of both', () => {
    const shared = draft('mend', 'a', [annotate('1')]);
    const goals = assessment.rootCauses.map((cause) => cause.id);
    const second = { ...(must[0] as Assessment['rootCauses'][number]), id: 'another' };
    const made = makePlan(
      {
        snapshot,
        assessment: { ...assessment, rootCauses: [...assessment.rootCauses, second] },
        policy: DEFAULT_POLICY,
      },
      [kindOf('mend', () => [remedy('One', [goals[0] ?? ''], [shared]), remedy('Two', ['another'], [shared])])],
    );
    expect(flat(made).map(({ resolves }) => resolves)).toEqual([[goals[0], 'another'].toSorted()]);
  });
});

// ---- laws over drawn policies and drawn remedies ----

const TARGETS = [
  REF,
  { group: '', kind: 'Service', namespace: 'shop', name: 'web' },
  { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'settings' },
  { group: '', kind: 'ConfigMap', namespace: 'payments', name: 'rates' },
] as const;
const pool = fc.constantFrom('main', 'spare');
const anyChange: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ target: fc.constantFrom(...TARGETS), value: fc.nat(3) }).map(({ target, value }): Change => ({
    ...{ kind: 'patch', target },
    patch: {
      type: 'merge',
      patch:
        target.kind === 'Deployment'
          ? { spec: { template: { metadata: { annotations: { value: `${value}` } } } } }
          : { data: { value: `${value}` } },
    },
  })),
  fc.record({ target: fc.constantFrom(...TARGETS) }).map(({ target }): Change => ({ kind: 'delete', target })),
  fc.nat(4).map((replicas): Change => ({ kind: 'scale', target: REF, replicas })),
  fc.constantFrom('shop', 'payments', 'other').map((namespace): Change => ({
    kind: 'create',
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'made', namespace } },
  })),
  fc.record({ pool, from: fc.nat(3), to: fc.nat(5) }).map(({ from, to, ...call }): Change => ({
    kind: 'cloud',
    call: { operation: 'resize-node-pool', from, to, ...call },
  })),
  fc.integer({ min: 20, max: 60 }).map((to): Change => ({
    kind: 'cloud',
    call: { operation: 'request-quota', metric: 'CPUS', region: 'us-central1', from: 24, to },
  })),
  fc.constant<Change>({ kind: 'evict', target: { group: '', kind: 'Pod', namespace: 'shop', name: 'web-1-a' } }),
  fc.constant(manual),
);
const KINDS = ['make-it-so', 'tidy-up', 'ask-around'] as const;
const anyDraft = fc.record({
  kind: fc.constantFrom(...KINDS),
  changes: fc.array(anyChange, { minLength: 1, maxLength: 2 }),
  confidence: fc.constantFrom(0.3, 0.7, 1),
  outage: fc.constantFrom(undefined, undefined, 'It stops for a while.'),
});
const anyRemedies = fc.array(
  fc.record({
    drafts: fc.array(anyDraft, { minLength: 1, maxLength: 2 }),
    goals: fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 2 }),
    fit: fc.constantFrom(0.5, 0.8, 1),
  }),
  { maxLength: 7 },
);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const VERBS = ['create', 'patch', 'delete', 'scale', 'evict', 'cloud'] as const;
/** Mostly all of them. */
const verbs = fc.oneof({ weight: 3, arbitrary: fc.constant(VERBS) }, fc.subarray([...VERBS], { minLength: 3 }));
/** Mostly no bound. */
const seldom = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 1 });
const anyPolicy: fc.Arbitrary<Policy> = fc
  .record({
    namespaces: fc.constantFrom([], ['gke-*'], ['pay*', 'other']),
    kinds: fc.constantFrom([], [], ['Service', 'Pod']),
    labels: fc.constantFrom({}, { tier: 'gold' }),
    roles: fc.record({ 'production-readiness-assessor': verbs, 'gcp-deployment-orchestrator': verbs }),
    off: fc.constantFrom([], [], ['tidy-*'], ['ask-around']),
    windows: fc.constantFrom([], [{ schedule: '0 2 * * 6', minutes: 60 }]),
    podsPerPhase: seldom(fc.nat(4)),
    podShare: seldom(fc.constantFrom(0.5, 1)),
    namespacesPerPhase: maybe(fc.integer({ min: 1, max: 2 })),
    actions: seldom(fc.integer({ min: 1, max: 4 })),
    monthly: seldom(fc.integer({ min: -200, max: 300 })),
    outages: seldom(fc.nat(2)),
    podsAtOnce: seldom(fc.nat(2)),
    risk: fc.constantFrom('medium', 'high', 'high'),
    quotaShare: fc.constantFrom(0.8, 0.95, 1),
  } as const)
  .map(({ namespaces, kinds, labels, roles, off, windows, ...b }) => {
    const set = (fields: object) =>
      Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
    const { podsPerPhase, podShare, namespacesPerPhase, actions, monthly, outages, podsAtOnce, risk, quotaShare } = b;
    const file = {
      version: 1,
      ...{ protected: { namespaces, kinds, labels }, roles, actions: { off }, windows },
      budgets: {
        blastRadius: set({ podsPerPhase, podShare, namespacesPerPhase, actions }),
        money: set({ monthly }),
        disruption: set({ outages, podsAtOnce }),
        ...{ risk, quotaShare },
      },
    };
    return policyFrom(file as PolicyFile, 'drawn');
  });

const { snapshot, assessment: real } = seen({ objects: web, cloud });
const severities = ['critical', 'high', 'high', 'medium', 'low'] as const;
const cause = real.rootCauses[0] as Assessment['rootCauses'][number];
const assessment: Assessment = {
  ...real,
  rootCauses: severities.map((severity, i) => ({ ...cause, severity, id: `cause-${i}`, title: `Cause ${i}` })),
};

type Drawn = (typeof anyRemedies extends fc.Arbitrary<infer T> ? T : never)[number];
function kindsFor(remedies: readonly Drawn[]): readonly ActionKind[] {
  const made = remedies.map(({ drafts, goals, fit }, i) =>
    remedy(
      `Remedy ${i}`,
      goals.map((goal) => `cause-${goal}`),
      drafts.map(({ kind, changes, confidence, outage }, j) => {
        const [first] = changes as [Change];
        const target = 'target' in first ? first.target : REF;
        return draft(kind, `${i}-${j}`, changes, { confidence, target, ...(outage !== undefined && { outage }) });
      }),
      fit,
    ),
  );
  return KINDS.map((kind, i) =>
    kindOf(kind, () => (i === 0 ? made : []), { capability: i === 1 ? 'capacity' : 'rollout' }),
  );
}

const LEVELS = ['low', 'medium', 'high'];
const touchedBy = ({ steps, target }: Action) => [
  target,
  ...steps.flatMap(({ change }) => {
    if (change.kind === 'create') {
      const { kind, metadata } = change.object as unknown as KubeObject;
      return [{ group: '', kind, namespace: metadata.namespace ?? '', name: metadata.name }];
    }
    return 'target' in change ? [change.target] : [];
  }),
];
const namespaces = (actions: readonly Action[]) =>
  new Set(
    actions
      .flatMap(touchedBy)
      .map(({ namespace }) => namespace)
      .filter(Boolean),
  ).size;
const sum = (actions: readonly Action[], of: (action: Action) => number) =>
  actions.reduce((total, one) => total + of(one), 0);

/** Written without the code under test: what a plan does against its policy. */
function breaches({ phases }: Plan, policy: Policy): readonly string[] {
  const { budgets: b, protected: guarded, roles, actions: classes } = policy;
  const all = phases.flatMap(({ actions }) => actions);
  const globs = (patterns: readonly string[], text: string) =>
    patterns.some((one) => new RegExp(`^${one.replaceAll('*', '.*')}$`).test(text));
  const usage = new Map([
    ['CPUS', { usage: 18, limit: 24 }],
    ['INSTANCES', { usage: 3, limit: 10 }],
  ]);
  const overQuota = all.flatMap(({ quota, steps, title }) => {
    for (const { change } of steps)
      if (change.kind === 'cloud' && change.call.operation === 'request-quota') {
        const one = usage.get(change.call.metric);
        if (one) one.limit = Math.max(one.limit, change.call.to);
      }
    return quota.flatMap(({ metric, amount }) => {
      const one = usage.get(metric);
      if (one === undefined) return [];
      one.usage += amount;
      return amount > 0 && one.usage > one.limit * b.quotaShare ? [`${title}: quota ${metric}`] : [];
    });
  });
  const each = all.flatMap((action) => {
    const { kind, owner, steps, risk, title } = action;
    const wrong = [
      globs(classes.off, kind) && 'off',
      steps.some(
        ({ change }) => change.kind !== 'manual' && roles[owner] !== undefined && !roles[owner].includes(change.kind),
      ) && 'role',
      LEVELS.indexOf(risk.level) > LEVELS.indexOf(b.risk) && 'risk',
      touchedBy(action).some(({ namespace }) => globs(guarded.namespaces, namespace)) && 'namespace',
      touchedBy(action).some((one) => guarded.kinds.includes(one.kind)) && 'kind',
      touchedBy(action).some((one) => guarded.labels['tier'] === 'gold' && one.name === 'rates') && 'label',
    ];
    return wrong.filter((one) => one !== false).map((one) => `${title}: ${one}`);
  });
  const whole = [
    all.length > (b.actions ?? Infinity) && 'actions',
    sum(all, ({ money }) => money.monthly) > (b.monthly ?? Infinity) + 0.005 && 'money',
    sum(all, ({ disruption: { isOutage, services } }) => (isOutage ? Math.max(1, services.length) : 0)) >
      (b.outages ?? Infinity) && 'outages',
    new Set(all.map(({ id }) => id)).size !== all.length && 'twice',
  ].filter((one) => one !== false);
  const byPhase = phases.flatMap(({ actions, window, number }) => {
    const pods = sum(actions, ({ disruption }) => disruption.pods);
    return [
      pods > (b.podsPerPhase ?? Infinity) && 'podsPerPhase',
      pods > (b.podShare ?? Infinity) * 2 && 'podShare',
      namespaces(actions) > (b.namespacesPerPhase ?? Infinity) && 'namespaces',
      policy.windows.length > 0 &&
        window === undefined &&
        actions.some(({ disruption }) => disruption.isOutage || disruption.pods > 0) &&
        'window',
    ].flatMap((one) => (one === false ? [] : [`phase ${number}: ${one}`]));
  });
  return [...each, ...overQuota, ...whole, ...byPhase];
}

describe('whatever the policy and the remedies', () => {
  it('no plan exceeds its policy, and every remedy is in or out with a reason', () => {
    fc.assert(
      fc.property(anyPolicy, anyRemedies, (policy, remedies) => {
        const plan = makePlan({ snapshot, assessment, policy }, kindsFor(remedies));
        if (plan.outcome === 'plan') expect(breaches(plan, policy)).toEqual([]);
        const inPlan = new Set(plan.phases.flatMap(({ actions }) => actions.map(({ id }) => id)));
        const out = new Set(plan.rejected.map(({ title }) => title));
        for (const [i, { drafts }] of remedies.entries())
          expect(
            out.has(`Remedy ${i}`) || drafts.every((_, j) => [...inPlan].some((id) => id.endsWith(`:${i}-${j}`))),
          ).toBe(true);
        for (const { reason } of plan.rejected) expect(reason).not.toBe('');
        for (const goal of plan.goals) expect(goal.state === 'planned' || goal.because !== undefined).toBe(true);
        expect(plan.outcome === 'plan').toBe(plan.phases.length > 0);
      }),
      { numRuns: 300 },
    );
  });
  it('a plan does not depend on the order of objects, kinds or remedies', () => {
    const drawn = fc.tuple(anyPolicy, anyRemedies, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })));
    fc.assert(
      fc.property(drawn, ([policy, remedies, draws]) => {
        const shuffled = <T>(list: readonly T[]) =>
          list
            .map((one) => ({ one, at: draws.next().value as number }))
            .sort((a, b) => a.at - b.at)
            .map(({ one }) => one);
        const kinds = kindsFor(remedies);
        const turned = kinds.map((kind) => ({
          ...kind,
          propose: () => shuffled([...kind.propose(undefined as never)]),
        }));
        const other = examine({ observedAt: NOW, cloud, objects: shuffled(web) }).snapshot;
        const plan = makePlan({ snapshot, assessment, policy }, kinds);
        expect(makePlan({ snapshot: other, assessment, policy }, shuffled(turned))).toEqual(plan);
      }),
      { numRuns: 100 },
    );
  });
});
