/** From a snapshot to a strategy: assess, plan, rehearse on the twin, plan what is left, forecast. Pure; same input, same bytes. */
import { merkleRoot, type ClusterSnapshot } from '@aia/cluster';
import type { Assessment, Phase, Plan, Rehearsal, Strategy } from '@aia/contract';
import { assess } from './assess.ts';
import { forecastOf } from './plan/forecast/forecast.ts';
import { makePlan } from './plan/make-plan.ts';
import { DEFAULT_POLICY, type Policy } from './policy/policy.ts';
import { UNIFORM_PRIORS, type Priors } from './priors/priors.ts';
import { RehearsalStage, type PhaseOutcome } from './rehearse/rehearse.ts';
import type { ActionOutcome } from './rehearse/trial.ts';

/** How to make one. */
export interface StrategyOptions {
  /** Version of AIA, for the report's `generator`. */
  readonly version: string;
  /** Default {@link DEFAULT_POLICY}. */
  readonly policy?: Policy;
  readonly priors?: Priors;
  /** Of the twin and of the forecast; default `0`. */
  readonly seed?: string;
  /** Told what is being done, for a person. */
  readonly onProgress?: (text: string) => void;
  /** Of this snapshot, where it was made already. */
  readonly assessment?: Assessment;
}

/** More rounds of planning on what earlier phases left are not worth their time. */
const MOST_ROUNDS = 4;

/** Makes a strategy. */
export function strategise(snapshot: ClusterSnapshot, options: StrategyOptions): Strategy {
  const {
    policy = DEFAULT_POLICY,
    priors = UNIFORM_PRIORS,
    seed = '0',
    version,
    onProgress = () => undefined,
  } = options;
  const judge = (one: ClusterSnapshot) => assess(one, { version, priors });
  onProgress('diagnosing');
  const assessment = options.assessment ?? judge(snapshot);
  const stage = new RehearsalStage(snapshot, assessment, judge, seed);
  const tried = tryRounds({ snapshot, assessment, policy, stage, onProgress });
  const rehearsal = rehearsalOf(stage, tried, seed);
  stage.stop();
  return {
    kind: 'Strategy',
    schemaVersion: 1,
    generator: { name: 'aia', version },
    snapshotRoot: merkleRoot(snapshot),
    policy: { name: policy.name, summary: [] },
    assessment,
    lights: [],
    plan: tried.plan,
    ...(tried.plan.outcome === 'plan' && {
      rehearsal,
      forecast: forecastOf({
        plan: tried.plan,
        rehearsal,
        seed,
        ...(priors.outcomes && { outcomes: priors.outcomes }),
      }),
    }),
  };
}

interface Rounds {
  readonly snapshot: ClusterSnapshot;
  readonly assessment: Assessment;
  readonly policy: Policy;
  readonly stage: RehearsalStage;
  readonly onProgress: (text: string) => void;
}

interface Tried {
  readonly plan: Plan;
  readonly actions: readonly ActionOutcome[];
  readonly phases: readonly PhaseOutcome[];
  readonly removed: Rehearsal['removed'];
}

/** Plans, tries, and plans again for what is left, on the twin as the phases so far have left it. */
function tryRounds({ snapshot, assessment, policy, stage, onProgress }: Rounds): Tried {
  const phases: Phase[] = [];
  const outcomes: ActionOutcome[] = [];
  const phaseOutcomes: PhaseOutcome[] = [];
  const removed: Rehearsal['removed'][number][] = [];
  const refuted = new Map<string, string>();
  const first = makePlan({ snapshot, assessment, policy });
  let now = { snapshot, assessment };
  let plan = first;
  for (let round = 0; round < MOST_ROUNDS && plan.phases.length > 0; round++) {
    for (const phase of plan.phases) {
      onProgress(`rehearsing phase ${phases.length + 1}`);
      const startedAt = stage.now;
      const trial = stage.tryPhase(phase);
      const held = phase.actions.filter(({ id }) => !trial.undone.includes(id));
      for (const { id, message } of trial.outcomes.filter((one) => trial.undone.includes(one.id))) {
        refuted.set(id, message);
        const title = phase.actions.find((action) => action.id === id)?.title ?? id;
        removed.push({ id, title, reason: message });
      }
      const seen = stage.observe();
      now = seen;
      if (held.length === 0) continue;
      outcomes.push(...trial.outcomes.filter(({ id }) => !trial.undone.includes(id)));
      phases.push({ ...phase, number: phases.length + 1, actions: held });
      phaseOutcomes.push({
        number: phases.length,
        held: true,
        after: seen.figures,
        startedAt,
        endedAt: stage.now,
      });
    }
    plan = makePlan({ ...now, policy, refuted, origin: snapshot });
  }
  return { plan: { ...first, phases }, actions: outcomes, phases: phaseOutcomes, removed };
}

function rehearsalOf(stage: RehearsalStage, { actions, phases, removed }: Tried, seed: string): Rehearsal {
  const { figures, assessment } = stage.observe();
  return {
    ...{ seed, confidence: stage.twin.confidence },
    assumptions: stage.twin.assumptions,
    virtualMs: stage.elapsedMs,
    before: stage.before,
    after: figures,
    ...{ phases, actions, removed },
    newCritical: [],
    remaining: assessment.rootCauses.map(({ id, title, severity }) => ({ id, title, severity })),
  };
}
