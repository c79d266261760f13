/** From a snapshot to a strategy: assess, plan, rehearse on the twin, plan what is left, forecast. Pure; same input, same bytes. */
import { withDistinctFiles } from './plan/effects/distinct-files.ts';
import { merkleRoot, type ClusterSnapshot } from '@aia/cluster';
import type { Assessment, Plan, Rehearsal, Strategy } from '@aia/contract';
import { assess } from './assess.ts';
import { scheduleOf } from './calendar/calendar.ts';
import type { Suppression } from './diagnose/suppressions/suppression.ts';
import { inventoryOf } from './inventory/inventory.ts';
import { forecastOf } from './plan/forecast/forecast.ts';
import { DEFAULT_POLICY, type Policy } from './policy/policy.ts';
import { summaryOf } from './policy/summary.ts';
import { UNIFORM_PRIORS, type Priors } from './priors/priors.ts';
import { rehearsedPlan } from './rehearse/rehearsed-plan.ts';
import type { Observed } from './rehearse/rehearse.ts';
import { lightsOf } from './report/strategy/lights/lights.ts';

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
  /** Judge only objects in these namespaces; default all. */
  readonly namespaces?: readonly string[];
  /** Findings to take out before and after. */
  readonly suppressions?: readonly Suppression[];
}

/** Makes a strategy. */
export function strategise(snapshot: ClusterSnapshot, options: StrategyOptions): Strategy {
  const { policy = DEFAULT_POLICY, priors = UNIFORM_PRIORS, seed = '0', version, onProgress } = options;
  const { namespaces, suppressions } = options;
  const bounds = { ...(namespaces && { namespaces }), ...(suppressions && { suppressions }) };
  const judge = (one: ClusterSnapshot) => assess(one, { version, priors, ...bounds });
  onProgress?.('diagnosing');
  const assessment = options.assessment ?? judge(snapshot);
  const {
    plan: planned,
    rehearsal,
    end,
  } = rehearsedPlan({
    ...{ snapshot, assessment, policy, seed },
    assess: judge,
    ...(onProgress && { onProgress }),
  });
  const plan = withDistinctFiles(planned);
  const inventory = inventoryOf(snapshot, assessment);
  const schedule = scheduleOf(plan, snapshot.observedAt, policy);
  return {
    kind: 'Strategy',
    schemaVersion: 1,
    generator: { name: 'aia', version },
    snapshotRoot: merkleRoot(snapshot),
    policy: { name: policy.name, summary: summaryOf(policy), targets: policy.targets },
    assessment,
    lights: lightsOf(assessment, inventory),
    inventory,
    plan,
    ...(schedule && { schedule }),
    ...(rehearsal && {
      rehearsal: { ...rehearsal, ...(end && shownAt(end)) },
      ...forecast(plan, rehearsal, seed, priors),
    }),
  };
}

function forecast(plan: Plan, rehearsal: Rehearsal, seed: string, { outcomes }: Priors): Pick<Strategy, 'forecast'> {
  if (plan.outcome !== 'plan') return {};
  return { forecast: forecastOf({ plan, rehearsal, seed, ...(outcomes && { outcomes }) }) };
}

/** What the document says of the twin at the end beside its figures. */
function shownAt({ snapshot, assessment }: Observed): Pick<Rehearsal, 'kpis' | 'quotas' | 'lights' | 'inventory'> {
  const { kpis, quotas } = assessment;
  const inventory = inventoryOf(snapshot, assessment);
  return { kpis, ...(quotas && { quotas }), lights: lightsOf(assessment, inventory), inventory };
}
