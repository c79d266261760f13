import { refText } from '@aia/cluster';
import type { Action, Condition, Phase, Rehearsal } from '@aia/contract';
import { counted } from '../../counted.ts';
import { evidenceText, percentText } from '../../evidence-text.ts';
import { actionKind } from '../../../plan/catalogue.ts';
import { NO_MONEY } from '../../../plan/effects/money.ts';
import { isAsking } from '../../../plan/order/asked-early.ts';
import { conditionTexts } from '../condition-text.ts';
import { leftText } from '../outcome-text.ts';
import { bullets, detail, fields, paragraph, type Block, type Cell, type Section } from '../section.ts';
import type { PlacedAction, StrategyView } from '../strategy-view.ts';
import { commands, files, looksFor, MOST_CONDITIONS, probe, script, source, undo } from './action-blocks.ts';
import { firstOf, moneyText, momentText, quotaEffectText, rangesOf, roleText, sentence, spanText } from '../wording.ts';

/** The plan: phases in their order, each action with what whoever approves, carries out or undoes it has to know. */
export function phases(view: StrategyView): Section {
  const { plan } = view.strategy;
  return {
    id: 'phases',
    title: 'Strategy in phases',
    blocks:
      plan.phases.length === 0
        ? [paragraph('There are no phases, since nothing is planned; why stands at the beginning.')]
        : [
            paragraph(
              'Commands that name a file are run in the folder phase-N of their phase, which --out writes, those that undo in phase-N/undo. Actions of a phase may run side by side unless they wait for each other; the next phase begins when the barrier holds.',
            ),
          ],
    parts: plan.phases.map((phase) => phasePart(view, phase.number)),
  };
}

function phasePart(view: StrategyView, number: number): Section {
  const placed = view.actions.filter(({ phase }) => phase.number === number);
  const phase = placed[0]?.phase ?? view.strategy.plan.phases.find((one) => one.number === number);
  const dates = view.strategy.schedule?.phases.find((one) => one.number === number);
  const went = view.strategy.rehearsal?.phases.find((one) => one.number === number);
  return {
    id: `phase-${number}`,
    title: `Phase ${number}: ${phase?.name ?? ''} (priority: ${phase?.priority ?? ''})`,
    blocks: [
      ...(phase?.purpose ? [paragraph(sentence(phase.purpose))] : []),
      fields(
        ['Actions', `${placed.length}`],
        [
          'When',
          dates === undefined
            ? ''
            : `${momentText(dates.startsAt)} to ${momentText(dates.endsAt)}, at the latest ${momentText(dates.latestAt)}`,
        ],
        ['Window', phase?.window ?? ''],
        ['On the twin', went === undefined ? '' : wentText(went)],
        ['Answers', answersText(view, phase?.awaits ?? [])],
        ['Barrier', barrierText(phase?.barrier ?? [])],
      ),
      ...barrierBlocks(phase?.barrier ?? []),
    ],
    parts: groupsOf(placed).map((group) =>
      group.length === 1 && group[0] !== undefined ? actionPart(view, group[0]) : groupPart(view, group),
    ),
  };
}

/** What many conditions come to; `''` for a few, which are listed. */
function barrierText(barrier: Phase['barrier']): string {
  if (barrier.length <= MOST_CONDITIONS) return '';
  const kinds = [...Map.groupBy(barrier, ({ kind }) => kind)].map(([kind, all]) => `${all.length} × ${KINDS[kind]}`);
  return `${counted(barrier.length, 'condition')} before the next phase (${kinds.join(', ')}); tests/suite-2.sh looks at them`;
}

function barrierBlocks(barrier: Phase['barrier']): readonly Block[] {
  const listed = bullets('Barrier: must hold before the next phase', conditionTexts(barrier));
  return barrier.length <= MOST_CONDITIONS ? listed : listed.map(detail);
}

const KINDS: Readonly<Record<Condition['kind'], string>> = {
  exists: 'there',
  absent: 'gone',
  field: 'set as changed',
  available: 'all pods available',
  scheduled: 'no pod waits for a node',
  'not-refused': 'pods are taken',
  endpoints: 'ready endpoints',
  address: 'has an address',
  'no-address': 'holds no address',
  bound: 'claim bound',
  condition: 'condition as wanted',
  'quota-room': 'room in a quota',
  'quota-below': 'quota below its share',
  'pool-size': 'size of a node pool',
  'disruption-allowed': 'eviction allowed',
  told: 'seen by a person',
};

function wentText({ held, after }: Rehearsal['phases'][number]): string {
  const parts = [
    held ? 'the barrier held' : 'the barrier did not hold',
    `${after.pods.succeeding} of ${after.pods.total} pods succeed afterwards`,
    leftText(after),
  ];
  return parts.filter((part) => part !== '').join('; ');
}

function actionPart(view: StrategyView, { action, number, phase, outcome }: PlacedAction): Section {
  return {
    id: action.id,
    title: `${number} ${action.title}`,
    blocks: [
      paragraph(sentence(action.reason)),
      ...commands(action, `phase-${phase.number}`),
      fields(
        ['Serves', action.resolves.map((id) => view.goal(id)?.title ?? id).join('; ')],
        ['Owner', ownerText(action)],
        ['Risk', riskText(action)],
        ['Disruption', action.disruption.text],
        [isAsking(action) ? 'Answered in' : 'Takes', durationOf(action)],
        ['Awaited', awaitedText(view, action)],
        ['On the twin', twinText(outcome)],
        ['Waits for', waitsFor(view, action)],
        ['Approval', approvalText(action)],
        ['Quota', action.quota.map(quotaEffectText).join(', ')],
        [
          'Money',
          action.money.text === NO_MONEY
            ? ''
            : [moneyText(action.money.monthly, action.money.currency), action.money.text]
                .filter((text) => text !== '')
                .join(': '),
        ],
      ),
      ...source(action),
      detail(
        fields(
          ['Confidence', percentText(action.confidence)],
          ['Risk score', percentText(action.risk.score)],
          ['Weighed', action.weighing ?? ''],
        ),
      ),
      ...bullets(
        'Evidence',
        firstOf(
          action.evidence.map((one) => evidenceText(one, 220)),
          5,
        ),
      ).map(detail),
      ...bullets('Before: must hold', firstOf(conditionTexts(action.preconditions), 8)).map(detail),
      ...probe(action),
      ...undo(action, `phase-${phase.number}/undo`),
    ],
  };
}

function riskText({ risk: { level, reasons } }: Action): string {
  const told = reasons.filter((reason) => !reason.startsWith('inherent'));
  return `${level}${told.length === 0 ? '' : `: ${told.join('; ')}`}`;
}

function twinText(outcome: PlacedAction['outcome']): string {
  if (outcome === undefined) return 'not rehearsed';
  const took = outcome.tookMs > 0 ? ` (${spanText(outcome.tookMs)})` : '';
  return outcome.outcome === 'held' ? `its probe held${took}` : `${outcome.outcome}: ${outcome.message}${took}`;
}

function ownerText({ owner, delivery, ownership }: Action): string {
  const how = { cluster: '', source: '; made in the source that is applied', person: '; a person does it' }[delivery];
  const who = ownership === undefined ? '' : `; ${ownership.reconciler} ${ownership.name} reconciles it`;
  return `${roleText(owner)}${how}${who}`;
}

function durationOf({ durationMs: { optimistic, likely, pessimistic } }: Action): string {
  return `${spanText(likely)} (${spanText(optimistic)} to ${spanText(pessimistic)})`;
}

/** What the barrier waits for beside the actions of its phase. */
function answersText({ action: find }: StrategyView, awaits: readonly string[]): string {
  const numbers = rangesOf(placedIn(awaits.flatMap((id) => find(id) ?? [])));
  return numbers === '' ? '' : `its barrier awaits the answers to ${numbers}, which were asked for at the beginning`;
}

function awaitedText({ awaitedIn, strategy: { plan } }: StrategyView, { id }: Action): string {
  const phase = awaitedIn(id);
  if (phase === undefined) return '';
  const builders = plan.dependencies.some(({ from }) => from === id);
  if (builders) return `by the end of phase ${phase.number}, for what builds on it`;
  const isLast = phase.number === plan.phases.length;
  return `${isLast ? 'at the very end' : `at the end of phase ${phase.number}`}: no other action waits for the answer`;
}

function waitsFor({ action: find, strategy: { plan } }: StrategyView, action: Action): string {
  const reasonFor = (id: string) =>
    plan.dependencies.find(({ from, to }) => from === id && to === action.id)?.reason ?? '';
  return [...Map.groupBy(action.after, reasonFor)]
    .map(([reason, ids]) => {
      const numbers = rangesOf(placedIn(ids.flatMap((id) => find(id) ?? [])));
      return `${numbers}${reason === '' ? '' : ` (${reason.replace(/\.$/, '')})`}`;
    })
    .join(', ');
}

function placedIn(actions: readonly PlacedAction[]): readonly PlacedAction[] {
  return actions.toSorted((a, b) => a.number.localeCompare(b.number, 'en', { numeric: true }));
}

function approvalText({ approval: { isNeeded, approvers, reasons } }: Action): string {
  if (!isNeeded) return '';
  return `by ${approvers.length === 0 ? 'a person' : approvers.join(', ')}${reasons.length === 0 ? '' : `: ${reasons.join('; ')}`}`;
}

/** So many of one kind stand together. */
const LEAST_ALIKE = 3;

/** Neighbours that differ in nothing but what they are done to; the others alone. */
function groupsOf(placed: readonly PlacedAction[]): readonly (readonly PlacedAction[])[] {
  const runs: PlacedAction[][] = [];
  for (const one of placed) {
    const last = runs.at(-1);
    if (last?.[0] !== undefined && likeness(last[0]) === likeness(one)) last.push(one);
    else runs.push([one]);
  }
  return runs.flatMap((run) => (run.length < LEAST_ALIKE ? run.map((one) => [one]) : [run]));
}

function likeness({ action: { kind, owner, delivery, ownership, inverse } }: PlacedAction): string {
  return JSON.stringify([kind, owner, delivery, ownership ?? null, inverse.kind]);
}

/** Actions of one kind in one table. */
function groupPart(view: StrategyView, group: readonly PlacedAction[]): Section {
  const [first] = group as readonly [PlacedAction, ...PlacedAction[]];
  const actions = group.map(({ action }) => action);
  const folder = `phase-${first.phase.number}`;
  const steps = actions.flatMap((action) => action.steps);
  const inverses = actions.flatMap(({ inverse }) => (inverse.kind === 'reversible' ? inverse.steps : []));
  const looks = looksFor(actions);
  const resolves = [...new Set(actions.flatMap((action) => action.resolves))];
  const kind = actionKind(first.action.kind)?.title ?? first.action.kind;
  return {
    id: first.action.id,
    title: `${rangesOf(group)} ${kind}: ${counted(group.length, 'action')} alike`,
    blocks: [
      {
        kind: 'table',
        head: ['Action', 'What and why', 'Meanwhile', 'Risk', 'Approval', 'On the twin'],
        rows: group.map((one) => groupRow(one)),
      },
      ...script('', steps),
      fields(
        ['Serve', resolves.map((id) => view.goal(id)?.title ?? id).join('; ')],
        ['Owner', ownerText(first.action)],
        ['Each takes', [...new Set(actions.map(durationOf))].join(', ')],
        [
          'Wait for',
          [...new Set(actions.map((action) => waitsFor(view, action)))].filter((text) => text !== '').join(', '),
        ],
        [
          'Money',
          moneyText(
            actions.reduce((sum, { money }) => sum + money.monthly, 0),
            first.action.money.currency,
          ),
        ],
      ),
      ...files(steps, folder),
      ...bullets(
        'Evidence',
        group.flatMap(({ number, action: { evidence } }) =>
          firstOf(
            evidence.map((one) => `${number}: ${evidenceText(one, 220)}`),
            2,
          ),
        ),
      ).map(detail),
      ...(looks === ''
        ? []
        : [detail({ kind: 'code', title: 'Look whether they worked', language: 'sh', code: looks } as const)]),
      ...script('Undo', inverses).map(detail),
      ...files(inverses, `${folder}/undo`),
    ],
  };
}

function groupRow({ action, number, outcome }: PlacedAction): readonly (string | Cell)[] {
  const { risk, disruption, approval } = action;
  const tones = { low: 'dim', medium: 'warn', high: 'bad' } as const;
  return [
    `${number} ${refText(action.target)}`,
    sentence(action.reason),
    { text: disruption.text, ...(disruption.isOutage && { tone: 'warn' as const }) },
    { text: risk.level, tone: tones[risk.level] },
    approval.isNeeded ? approvalText(action) : 'none needed',
    { text: twinText(outcome), ...(outcome?.outcome === 'held' && { tone: 'good' as const }) },
  ];
}
