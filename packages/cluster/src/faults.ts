/**
 * The door to what diagnosis, planning and rehearsal must not see: faults with their truth, contexts that draw clusters and faults, and the oracle
 * that judges what came of them. Kept apart from the package's own door, so that a gate can tell who comes through it.
 */
export type {
  BroughtFault,
  ChoiceParameter,
  FaultFamily,
  FaultKind,
  NumberParameter,
  Parameter,
  ParameterValues,
  Truth,
} from './simulated/faults/fault.ts';
export { checkParameters, drawParameters } from './simulated/faults/fault.ts';
export { NoTargetError } from './simulated/faults/no-target-error.ts';
export { FAULT_KINDS } from './simulated/faults/catalogue.ts';
export type { FaultPlace, InjectedFault } from './simulated/faults/inject.ts';
export { OUTSIDE } from './simulated/faults/outside.ts';
export { injectFault } from './simulated/faults/inject.ts';
export type { Context, ContextDimension, Split } from './simulated/contexts/context.ts';
export {
  CONTEXT_DIMENSIONS,
  CONTEXT_NAMES,
  contextOf,
  drawContext,
  parseContext,
} from './simulated/contexts/context.ts';
export type { Scenario, ScenarioOptions } from './simulated/contexts/scenario.ts';
export { drawScenario } from './simulated/contexts/scenario.ts';
export type { Actor, Episode, EpisodeOptions, EpisodeView } from './simulated/contexts/episode.ts';
export { runEpisode } from './simulated/contexts/episode.ts';
export { createRandom } from './simulated/clock/random.ts';
export type { OutcomeNoise } from './simulated/contexts/outcome-noise.ts';
export type { Noise } from './simulated/faults/noise.ts';
export { NOISE_KINDS } from './simulated/faults/noise.ts';
export type { NoiseKind } from './simulated/faults/noise-kind.ts';
export { FaultSite } from './simulated/faults/fault-site.ts';
export type { Case, Judgement } from './simulated/oracle/judgement.ts';
export { isResolved, judge } from './simulated/oracle/judgement.ts';
export type { Shortfall, Wanted, WorkloadHealth } from './simulated/oracle/health.ts';
export { healthOf, wantedOf } from './simulated/oracle/oracle.ts';
export type { FaultKindDescription } from './simulated/faults/fault-description.ts';
export { describeEntry, describeKind } from './simulated/faults/fault-description.ts';
export type { FaultRequest, LedgerEntry } from './simulated/faults/fault-ledger.ts';
export { FaultLedger } from './simulated/faults/fault-ledger.ts';
export { faultsAnswer } from './simulated/faults/faults-answer.ts';
