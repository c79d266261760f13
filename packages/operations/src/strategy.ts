/** From a snapshot to a strategy: assess, plan, rehearse on the twin, plan what is left, forecast. Pure; same input, same bytes. */
import { merkleRoot, type ClusterSnapshot } from '@aia/cluster';
import type { Assessment, Plan, Rehearsal, Strategy } from '@aia/contract';
import { assess } from './assess.ts';
import { forecastOf } from './plan/forecast/forecast.ts';
import { DEFAULT_POLICY, type Policy } from './policy/policy.ts';
import { UNIFORM_PRIORS, type Priors } from './priors/priors.ts';
import { rehearsedPlan } from './rehearse/rehearsed-plan.ts';

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

/** Makes a strategy. */
export function strategise(snapshot: ClusterSnapshot, options: StrategyOptions): Strategy {
  const { policy = DEFAULT_POLICY, priors = UNIFORM_PRIORS, seed = '0', version, onProgress } = options;
  const judge = (one: ClusterSnapshot) => assess(one, { version, priors });
  onProgress?.('diagnosing');
  const assessment = options.assessment ?? judge(snapshot);
  const { plan, rehearsal } = rehearsedPlan({
    ...{ snapshot, assessment, policy, seed },
    assess: judge,
    ...(onProgress && { onProgress }),
  });
  return {
    kind: 'Strategy',
    schemaVersion: 1,
    generator: { name: 'aia', version },
    snapshotRoot: merkleRoot(snapshot),
    policy: { name: policy.name, summary: [] },
    assessment,
    lights: [],
    plan,
    ...(rehearsal && { rehearsal, ...forecast(plan, rehearsal, seed, priors) }),
  };
}

function forecast(plan: Plan, rehearsal: Rehearsal, seed: string, { outcomes }: Priors): Pick<Strategy, 'forecast'> {
  if (plan.outcome !== 'plan') return {};
  return { forecast: forecastOf({ plan, rehearsal, seed, ...(outcomes && { outcomes }) }) };
}
