import { refText } from '@aia/cluster';
import type { Action, Rehearsal, Step } from '@aia/contract';
import { counted } from '../../counted.ts';
import { evidenceText, percentText } from '../../evidence-text.ts';
import { checkOf, conditionText } from '../condition-text.ts';
import { leftText } from '../outcome-text.ts';
import { bullets, detail, fields, paragraph, type Block, type Section } from '../section.ts';
import type { PlacedAction, StrategyView } from '../strategy-view.ts';
import { firstOf, moneyText, momentText, quotaEffectText, roleText, sentence, spanText } from '../wording.ts';

/** The plan: phases in their order, each action with what whoever approves, carries out or undoes it has to know. */
export function phases(view: StrategyView): Section {
  const { plan } = view.strategy;
  return {
    id: 'phases',
    title: 'Strategy in phases',
    blocks:
      plan.phases.length === 0
        ? [paragraph(`There are no phases: ${plan.reason}`)]
        : [
            paragraph(
              'Commands that name a file are run in the folder phase-N of their phase, which --out writes. Actions of a phase may run side by side unless they wait for each other; the next phase begins when the barrier holds.',
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
        ['Actions', counted(placed.length, 'action')],
        [
          'When',
          dates === undefined
            ? ''
            : `${momentText(dates.startsAt)} to ${momentText(dates.endsAt)}, at the latest ${momentText(dates.latestAt)}`,
        ],
        ['Window', phase?.window ?? ''],
        ['On the twin', went === undefined ? '' : wentText(went)],
      ),
      ...bullets(
        'Barrier: must hold before the next phase',
        firstOf([...new Set((phase?.barrier ?? []).map(conditionText))], 12),
      ),
    ],
    parts: placed.map((one) => actionPart(view, one)),
  };
}

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
        [
          'Risk',
          `${action.risk.level}${action.risk.reasons.length === 0 ? '' : `: ${action.risk.reasons.join('; ')}`}`,
        ],
        ['Disruption', action.disruption.text],
        ['Takes', durationOf(action)],
        [
          'On the twin',
          outcome === undefined
            ? 'not rehearsed'
            : `${outcome.outcome}: ${outcome.message}${outcome.tookMs > 0 ? ` (${spanText(outcome.tookMs)})` : ''}`,
        ],
        ['Waits for', waitsFor(view, action)],
        ['Approval', approvalText(action)],
        ['Quota', action.quota.map(quotaEffectText).join(', ')],
        [
          'Money',
          [moneyText(action.money.monthly, action.money.currency), action.money.text]
            .filter((text) => text !== '')
            .join(': '),
        ],
      ),
      ...source(action),
      detail(fields(['Confidence', percentText(action.confidence)], ['Risk score', percentText(action.risk.score)])),
      ...bullets(
        'Evidence',
        firstOf(
          action.evidence.map((one) => evidenceText(one, 220)),
          5,
        ),
      ).map(detail),
      ...bullets('Before: must hold', firstOf([...new Set(action.preconditions.map(conditionText))], 8)).map(detail),
      ...probe(action),
      ...undo(action, `phase-${phase.number}/undo`),
    ],
  };
}

function ownerText({ owner, delivery, ownership }: Action): string {
  const how = { cluster: '', source: '; made in the source that is applied', person: '; a person does it' }[delivery];
  const who = ownership === undefined ? '' : `; ${ownership.reconciler} ${ownership.name} reconciles it`;
  return `${roleText(owner)}${how}${who}`;
}

function durationOf({ durationMs: { optimistic, likely, pessimistic } }: Action): string {
  return `${spanText(likely)} (${spanText(optimistic)} to ${spanText(pessimistic)})`;
}

function waitsFor({ action: find, strategy: { plan } }: StrategyView, action: Action): string {
  const reasons = new Map(
    plan.dependencies.filter(({ to }) => to === action.id).map(({ from, reason }) => [from, reason]),
  );
  return action.after
    .map((id) => `${find(id)?.number ?? id}${reasons.has(id) ? ` (${reasons.get(id)})` : ''}`)
    .join(', ');
}

function approvalText({ approval: { isNeeded, approvers, reasons } }: Action): string {
  if (!isNeeded) return '';
  return `by ${approvers.length === 0 ? 'a person' : approvers.join(', ')}${reasons.length === 0 ? '' : `: ${reasons.join('; ')}`}`;
}

/** The commands of an action in one block, then the files that they name. */
function commands({ steps }: Action, folder: string): readonly Block[] {
  return [...script('', steps), ...files(steps, folder)];
}

function script(title: string, steps: readonly Step[]): readonly Block[] {
  return steps.length === 0
    ? []
    : [{ kind: 'code', title, language: 'sh', code: steps.map(({ command }) => command).join('\n') }];
}

function files(steps: readonly Step[], folder: string): readonly Block[] {
  return steps.flatMap(({ manifest, file }): readonly Block[] =>
    manifest === undefined || file === undefined
      ? []
      : [detail({ kind: 'code', language: 'yaml', code: manifest, file: `${folder}/${file}` })],
  );
}

/** What goes into the repository of whoever reconciles the target. */
function source({ ownership }: Action): readonly Block[] {
  if (ownership === undefined) return [];
  const { source: place = '', sourceChange, pullRequest } = ownership;
  return [
    fields(['Source', place]),
    ...(sourceChange === undefined
      ? []
      : [{ kind: 'code', title: 'In the source', language: 'yaml', code: sourceChange } as const]),
    ...(pullRequest === undefined
      ? []
      : [
          detail({
            kind: 'code',
            title: `Pull request: ${pullRequest.title}`,
            language: 'md',
            code: pullRequest.body,
          } as const),
        ]),
  ];
}

function probe({ probe: { conditions, withinMs, soakMs } }: Action): readonly Block[] {
  if (conditions.length === 0) return [];
  const checks = conditions.flatMap((condition) => {
    const { command, expected } = checkOf(condition);
    const look = command?.replace(/^(?:some|at_least \d+) (?=kubectl )/, '');
    if (look === undefined || !look.startsWith('kubectl')) return [];
    const prints = expected === '' ? 'nothing' : expected === undefined ? undefined : JSON.stringify(expected);
    const answer = look === command ? prints : 'something';
    return [`${look}${answer === undefined ? '' : `   # prints ${answer}`}`];
  });
  return [
    ...bullets(
      `It worked when, within ${spanText(withinMs)} and for ${spanText(soakMs)} more`,
      firstOf(conditions.map(conditionText), 8),
    ),
    ...(checks.length === 0
      ? []
      : [detail({ kind: 'code', title: 'Look', language: 'sh', code: checks.join('\n') } as const)]),
  ];
}

function undo({ inverse, target }: Action, folder: string): readonly Block[] {
  if (inverse.kind === 'irreversible') return [paragraph(`Cannot be undone: ${sentence(inverse.reason)}`, 'warn')];
  if (inverse.steps.length === 0) return [paragraph(`Nothing to undo in ${refText(target)}.`)];
  return [...script('Undo', inverse.steps).map(detail), ...files(inverse.steps, folder)];
}
