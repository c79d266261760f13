import type { Rehearsal } from '@aia/contract';
import { percentText } from '../../evidence-text.ts';
import { figureRows } from '../outcome-text.ts';
import { bullets, paragraph, tableOr, type Block, type Cell, type Section, type Tone } from '../section.ts';
import type { StrategyView } from '../strategy-view.ts';
import { firstOf, spanText } from '../wording.ts';

const TONES: Readonly<Record<string, Tone>> = {
  held: 'good',
  failed: 'bad',
  refused: 'bad',
  skipped: 'warn',
  'not-simulated': 'dim',
};

/** What came of the plan on the simulated twin, and what the twin takes for granted. */
export function rehearsal({ strategy: { rehearsal: went }, action }: StrategyView): Section {
  if (went === undefined)
    return {
      id: 'rehearsal',
      title: 'Rehearsal',
      blocks: [paragraph('There was no plan to rehearse.')],
    };
  const { virtualMs, confidence, seed } = went;
  return {
    id: 'rehearsal',
    title: 'Rehearsal',
    blocks: [
      paragraph(
        `The plan was carried out on a simulated twin of the cluster (seed ${seed}), which took ${spanText(virtualMs)} of its time. The twin is to be trusted to ${percentText(confidence)}, by what it assumes. Figures before, had nothing been done, after each phase, and at the end:`,
      ),
      figureTable(went),
      outcomes(went, action),
      ...bullets(
        'Taken out by the rehearsal',
        went.removed.map(({ title, reason }) => `${title}: ${reason}`),
      ),
      ...bullets('New critical findings', went.newCritical),
      ...bullets(
        'Root causes left',
        firstOf(
          went.remaining.map(({ severity, title }) => `${severity}: ${title}`),
          12,
        ),
      ),
      ...bullets(
        'What the twin assumes',
        firstOf(
          went.assumptions.map(
            ({ about, message, effect, confidenceLoss }) =>
              `${about}: ${message}; ${effect} (−${percentText(confidenceLoss)})`,
          ),
          20,
        ),
      ),
    ],
  };
}

function figureTable({ before, unchanged, after, phases }: Rehearsal): Block {
  const left = unchanged === undefined ? [] : [unchanged];
  return {
    kind: 'table',
    head: [
      'Figure',
      'Before',
      ...left.map(() => 'Left alone'),
      ...phases.map(({ number }) => `Phase ${number}`),
      'End',
    ],
    rows: figureRows([before, ...left, ...phases.map((phase) => phase.after), after]),
  };
}

function outcomes({ actions }: Rehearsal, find: StrategyView['action']): Block {
  return tableOr(
    'No action was tried.',
    ['Action', 'On the twin', 'What happened', 'Took'],
    actions.map(({ id, outcome, message, tookMs }): readonly (string | Cell)[] => {
      const placed = find(id);
      return [
        placed === undefined ? id : `${placed.number} ${placed.action.title}`,
        { text: outcome, tone: TONES[outcome] ?? 'dim' },
        message,
        spanText(tookMs),
      ];
    }),
  );
}
