/** What a person reads before taking a phase in: why, what, how to verify, how to revert. */
import type { Action, Phase, Plan } from '@aia/contract';
import { conditionText } from '../../plan/ownership/condition-text.ts';
import { fenced, plain } from '../../plan/ownership/markdown.ts';
import { isAsking } from '../../plan/order/asked-early.ts';
import { isApplied } from './phase-parts.ts';

/** In the README of a folder that a plan wrote, which another plan may replace. */
export const OVERLAYS_MARK =
  '<!-- Written by "aia plan --gitops", which replaces this file and the folders of phases. -->';

/** How the folders belong together. `components`: folders with a kustomization, in their order. */
export function rootReadme({ phases, reason }: Plan, components: readonly string[]): string {
  const overlay = [
    'apiVersion: kustomize.config.k8s.io/v1beta1',
    'kind: Kustomization',
    'resources:',
    '  - ../base',
    'components:',
    ...components.map((one) => `  - ${one}`),
  ];
  return document([
    '# Phases of the plan',
    OVERLAYS_MARK,
    plain(reason),
    'Each folder is one phase and meant for one commit. Those with a `kustomization.yaml` are Kustomize components: name them one after the other in the overlay that your manifests are applied from, and wait until a phase is verified before you take the next one in.',
    ...(components.length === 0 ? [] : [fenced(overlay.join('\n'), 'yaml')]),
    'Patches name items of lists by their position where the plan did: look at what `kubectl kustomize` makes of them before you commit.',
    phases
      .map(({ number, name, priority, purpose }) => `${number}. **${plain(name)}** (${priority}): ${plain(purpose)}`)
      .join('\n'),
  ]);
}

/** One phase. */
export function phaseReadme({ number, name, priority, purpose, window, actions, barrier }: Phase): string {
  return document([
    `# Phase ${number}: ${plain(name)}`,
    `Priority ${priority}. ${plain(purpose)}`,
    ...(window === undefined ? [] : [`It waits for the maintenance window ${plain(window)}.`]),
    ...actions.map(actionText),
    '## Before the next phase',
    barrier.length === 0
      ? 'Nothing has to be waited for.'
      : barrier.map((one) => `- [ ] ${plain(conditionText(one))}`).join('\n'),
  ]);
}

function actionText(action: Action): string {
  const { title, reason, owner, risk, disruption, steps, probe, ownership, delivery } = action;
  const byHand = steps
    .filter(({ change }) => !isApplied(change) && change.kind !== 'cloud')
    .map(({ command }) => command);
  return document([
    `## ${plain(title)}`,
    plain(reason),
    `Owner: ${plain(owner)}. Risk: ${risk.level}. While it is carried out: ${plain(disruption.text)}.`,
    ...(ownership === undefined
      ? []
      : [
          `${plain(ownership.name)} reconciles it${delivery === 'source' ? '; the change belongs there' : ''}: ${plain(ownership.source ?? 'its source')}.`,
        ]),
    ...(byHand.length === 0 ? [] : ['By hand:', fenced(byHand.join('\n'), 'sh')]),
    `Verify ${isAsking(action) ? 'once the answer is there' : `within ${Math.ceil(probe.withinMs / 60_000)} min`}:\n\n${probe.conditions.map((one) => `- [ ] ${plain(conditionText(one))}`).join('\n')}`,
    isAsking(action) ? 'Revert: there is nothing to take back.' : revertText(action),
  ]).trimEnd();
}

function revertText({ inverse }: Action): string {
  if (inverse.kind === 'irreversible') return `Revert: it cannot be undone: ${plain(inverse.reason)}.`;
  const lines = inverse.steps.map(({ command }) => command);
  const byCommit = 'Revert: take the commit of this phase back.';
  return lines.length === 0 ? byCommit : `${byCommit} By hand:\n\n${fenced(lines.join('\n'), 'sh')}`;
}

function document(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
