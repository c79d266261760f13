/** Causes in the pools and nodes themselves: a maximum that is reached, autoscaling that is off, nodes that are lost. */
import { namespacedName, type Pod } from '@aia/cluster';
import { fitting } from '../../../nodes/capacity.ts';
import type { Finding } from '../../../finding.ts';
import { texts } from '../../finding-index.ts';
import { partsOf, STRENGTH, type Hypothesis } from '../../hypothesis.ts';
import { atMaximum, isAtMaximum, type Case } from './case.ts';
import { counterfactualsOf, fitText } from './outcome.ts';
import { evidenceOf, isRefused, needText, nodesRef, pendingEffects, podsText, shell } from './shell.ts';

/** Every pool that could take the pods has as many nodes as it may have. */
export function* poolAtMaximum(one: Case): Iterable<Hypothesis> {
  const said = one.refused.get('max-size') ?? [];
  const full = [...one.bounds].filter(([, bounds]) => isAtMaximum(bounds));
  if (said.length === 0 && !atMaximum(one)) return;
  const pools = full.map(([pool]) => pool).join(', ');
  const findings = maximumFindings(one);
  const evidence = [
    ...full.map(([, bounds]) => bounds.evidence),
    ...said.slice(0, 2).map((refusal) => refusal.evidence),
  ];
  yield {
    ...shell(
      one,
      'node-pool-at-maximum',
      pools === ''
        ? nodesRef(one)
        : { group: 'container.googleapis.com', kind: 'NodePool', namespace: '', name: pools },
    ),
    title: `${pools === '' ? 'The node pool' : `Node pool ${pools}`} has reached its own maximum`,
    statement: `${needText(one)}, and ${pools === '' ? 'the node pool' : pools} may not grow beyond the maximum that its autoscaling is set to${full.length === 0 ? '' : ` (${full.map(([, { maximum }]) => maximum).join(', ')})`}.`,
    effects: [
      ...partsOf(findings, 'the limit is set in the pool'),
      ...pendingEffects(one, 'the pool may not grow').map((effect) => ({
        ...effect,
        evidence: [...effect.evidence, ...evidence.slice(0, 1)],
      })),
    ],
    weighings: [
      ...(said.length > 0
        ? [{ observation: 'the autoscaler says that the maximum is reached', ratio: STRENGTH.stated }]
        : []),
      ...(said.length > 0 && full.length === 0 && one.bounds.size > 0
        ? [{ observation: 'by now every pool has fewer nodes than its maximum', ratio: STRENGTH.unlikely }]
        : []),
      ...(atMaximum(one)
        ? [{ observation: 'every pool that could take the pods has as many nodes as it may', ratio: STRENGTH.measured }]
        : []),
      ...(isMadeUpForBy(lossOf(one), one)
        ? [{ observation: 'with the lost nodes back all of the pods fit', ratio: STRENGTH.contradicted }]
        : []),
    ],
    evidence: [...evidence, ...evidenceOf(one, findings, false)].slice(0, 7),
    remediation: { class: 'add-capacity', text: 'Raise the maximum if quota and money allow, or lower requests.' },
  };
}

/** No pool that could take the pods grows by itself. */
export function* autoscalingOff(one: Case): Iterable<Hypothesis> {
  const pools = [...new Set(one.kinds.map(({ pool }) => pool))];
  if (pools.length === 0 || pools.some((pool) => one.bounds.get(pool)?.autoscales !== false) || isRefused(one)) return;
  const evidence = pools.map((pool) => one.bounds.get(pool)?.evidence).filter((found) => found !== undefined);
  yield {
    ...shell(one, 'autoscaling-off', {
      group: 'container.googleapis.com',
      kind: 'NodePool',
      namespace: '',
      name: pools.join(', '),
    }),
    title: `The nodes are full, and ${pools.join(', ')} does not grow by itself`,
    statement: `${podsText(one)} ${one.pending.length === 1 ? 'does' : 'do'} not fit on the nodes there are, and autoscaling is off for every pool that could take them.`,
    effects: pendingEffects(one, 'the nodes are full and no further one comes').map((effect) => ({
      ...effect,
      evidence: [...effect.evidence, ...evidence.slice(0, 1)],
    })),
    weighings: [
      { observation: 'autoscaling is off for every pool that could take the pods', ratio: STRENGTH.measured },
      { observation: 'the scheduler finds too little on every node', ratio: STRENGTH.typical },
    ],
    evidence: [...evidence, ...evidenceOf(one, [], false)].slice(0, 7),
    remediation: { class: 'add-capacity', text: 'Add nodes by hand, switch on autoscaling, or lower requests.' },
  };
}

function maximumFindings({ context, pods }: Case): readonly Finding[] {
  const own = new Set(pods.map(namespacedName));
  return context.findings
    .ofCode('node-pool-at-maximum')
    .filter((finding) => texts(finding, 'pods').some((pod) => own.has(pod)));
}

/** Nodes that are not ready, and how many of the waiting pods they would take. */
interface Loss {
  readonly lost: readonly Finding[];
  readonly fits: number;
}

const losses = new WeakMap<Case, Loss>();

function lossOf(one: Case): Loss {
  const known = losses.get(one);
  if (known !== undefined) return known;
  const { findings, examination } = one.context;
  const lost = findings.ofCode('node-not-ready');
  const found = { lost, fits: lost.length === 0 ? 0 : fitting(examination.world, one.pods.map(toleratingLoss)) };
  losses.set(one, found);
  return found;
}

function isMadeUpForBy({ fits }: Loss, { pods }: Case): boolean {
  return fits === pods.length;
}

/** Nodes that are not ready would take the pods, so their loss is what made the others too few. */
export function* nodesLost(one: Case): Iterable<Hypothesis> {
  const loss = lossOf(one);
  const { lost, fits } = loss;
  const [first] = lost;
  if (first === undefined || fits === 0) return;
  const isFull = isMadeUpForBy(loss, one) && (one.refused.has('max-size') || atMaximum(one));
  const names = lost.map(({ resource }) => resource.name).join(', ');
  const resource = lost.length === 1 ? first.resource : { ...nodesRef(one), name: names };
  yield {
    ...shell(one, 'nodes-lost', resource),
    title: `${lost.length === 1 ? `Node ${names} is` : `Nodes ${names} are`} lost, and the others are too full to stand in`,
    statement: `${podsText(one)} ${one.pending.length === 1 ? 'does' : 'do'} not fit on the nodes that are left; ${fits} of ${one.pods.length} would fit if ${names} were ready.`,
    effects: [
      ...partsOf(lost, 'the node takes no pods'),
      ...partsOf(isFull ? maximumFindings(one) : [], 'the lost nodes count towards the maximum of their pool'),
      ...pendingEffects(one, 'the nodes that are left are full'),
    ],
    weighings: [
      {
        observation: `with the lost nodes back ${fits} of ${one.pods.length} of the pods fit`,
        ratio: isMadeUpForBy(loss, one) ? STRENGTH.measured : STRENGTH.hint,
      },
      ...(isFull
        ? [
            {
              observation: 'their pool may not replace them, since it counts them towards its maximum',
              ratio: STRENGTH.typical,
            },
          ]
        : []),
      ...(isRefused(one) && !isFull
        ? [{ observation: 'a further node was refused as well', ratio: STRENGTH.unlikely }]
        : []),
    ],
    evidence: [...lost.flatMap(({ evidence }) => evidence.slice(0, 2)).slice(0, 4), ...evidenceOf(one, [], false)],
    remediation: {
      class: 'repair-node',
      text: 'Bring the node back or replace it; node auto-repair does that where it is on.',
    },
    counterfactuals: () => [
      {
        change: `with ${names} ready again`,
        outcome: fitText(fits, one.pods.length),
        resolved: fits,
        affected: one.pods.length,
      },
      ...counterfactualsOf(one),
    ],
  };
}

function toleratingLoss(pod: Pod): Pod {
  const keys = ['not-ready', 'unreachable'].map((state) => `node.kubernetes.io/${state}`);
  const added = keys.map((key) => ({ key, operator: 'Exists' as const }));
  const spec = pod.spec ?? { containers: [] };
  return { ...pod, spec: { ...spec, tolerations: [...(spec.tolerations ?? []), ...added] } };
}
