/** Asks for nodes that there are. */
import type { AssessedRootCause } from '@aia/contract';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { podSpecOf, restored, templateRemedies, type TemplateRepair } from '../../rollout/template-repair.ts';
import { correctedTo, labelValuesOf, unmetRequirements, withoutRequirements } from './node-requirements.ts';
import { inZoneOfVolumes } from './zone-of-volumes.ts';

const MINUTE = 60_000;

/** For pods whose node selector, node affinity or node name nothing matches. */
export const fixNodeSelector: ActionKind = {
  kind: 'fix-node-selector',
  title: 'Fix a node selector',
  explanation:
    'Corrects what pods ask of nodes: as an earlier revision asked, by the nearest value that nodes really have, in the zone of their volume, or without what nothing meets. Only where the scheduling filters find a node for every replica.',
  capability: 'scheduling',
  prior: { alpha: 9, beta: 1, basis: 'the filters that are asked are those of the scheduler' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.06,
  propose: (planning) =>
    planning
      .causesOf('node-affinity-unmatched', 'node-name-unmatched', 'volume-zone-conflict')
      .flatMap((cause) => remediesFor(cause, planning)),
};

function remediesFor(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const found = podSpecOf(cause, planning);
  if (found === undefined) return [];
  const { workload, spec } = found;
  const repairs: readonly TemplateRepair[] = [
    ...restored(workload, spec, ['nodeSelector', 'affinity', 'nodeName'], 'the choice of nodes', planning),
    ...(cause.class === 'volume-zone-conflict' ? inZoneOfVolumes(workload, spec, planning) : corrected(spec, planning)),
  ];
  return templateRemedies({ kind: fixNodeSelector.kind, cause, workload, repairs }, planning);
}

type Spec = TemplateRepair['spec'];

function corrected(spec: Spec, planning: Planning): readonly TemplateRepair[] {
  if (spec.nodeName !== undefined && planning.snapshot.get('Node', '', spec.nodeName) === undefined) {
    const { nodeName, ...others } = spec;
    return [
      {
        spec: others,
        title: 'Name no node',
        reason: `There is no node ${nodeName}; the scheduler is to choose one.`,
        confidence: 0.8,
        fit: 0.9,
      },
    ];
  }
  const values = labelValuesOf(planning);
  const unmet = unmetRequirements(spec, values);
  const near = correctedTo(spec, unmet, values);
  const words = unmet.map(({ key, value }) => `${key}=${value}`).join(', ');
  return [
    ...(near === undefined
      ? []
      : [
          {
            spec: near.spec,
            title: `Ask for nodes with ${near.words}`,
            reason: `No node has ${words}, nor has any pool; ${near.words} is the nearest that nodes have.`,
            confidence: 0.8,
            fit: 0.93,
          },
        ]),
    ...(unmet.length === 0
      ? []
      : [
          {
            spec: withoutRequirements(spec, unmet),
            title: `Do without nodes with ${words}`,
            reason: `No node has ${words}, nor has any pool.`,
            confidence: 0.6,
            fit: 0.75,
            risks: [{ reason: 'what the label stood for (a kind of disk, a team) is no longer given', adds: 0.1 }],
          },
        ]),
  ];
}
