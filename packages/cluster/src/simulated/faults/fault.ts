/**
 * What a fault is: something that goes wrong in real clusters, brought about in a simulated one, with the truth about it written down where it is
 * made. Diagnosis, planning and rehearsal never see any of this.
 */
import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { FaultSite } from './fault-site.ts';

/** A number within bounds. */
export interface NumberParameter {
  readonly type: 'number';
  readonly summary: string;
  readonly min: number;
  readonly max: number;
  readonly default: number;
  /** Whole numbers alone; default true. */
  readonly integer?: boolean;
  readonly unit?: string;
}

/** One of some words. */
export interface ChoiceParameter {
  readonly type: 'choice';
  readonly summary: string;
  readonly choices: readonly string[];
  readonly default: string;
}

export type Parameter = NumberParameter | ChoiceParameter;

/** Values by name, each within the parameter's range. */
export type ParameterValues = Readonly<Record<string, number | string>>;

/** What the parts of a cluster are that a fault is about; families of the catalogue and of figures. */
export type FaultFamily =
  | 'image'
  | 'program'
  | 'configuration'
  | 'resources'
  | 'rollout'
  | 'scheduling'
  | 'node'
  | 'cloud'
  | 'network'
  | 'storage'
  | 'policy'
  | 'autoscaling'
  | 'certificate';

/** One true root cause. */
export interface Truth {
  /** Resources as `Kind namespace/name` or `Kind name`, any of which is a right answer; `*` stands for any text. */
  readonly entities: readonly string[];
  /** Kinds of cause, any of which is a right answer, as `docs/root-causes.md` names them. */
  readonly classes: readonly string[];
  /**
   * Nothing fails by it: it is somebody's decision, or costs money. To say it at a low severity is then a right answer, and all that
   * an operator would want.
   */
  readonly isMinor?: boolean;
}

/** A fault that was brought about. */
export interface BroughtFault {
  readonly truth: Truth;
  /** What was changed or made, as `Kind namespace/name`; what lies outside of the API as words: `quota CPUS`. */
  readonly touched: readonly string[];
  /** When what it leads to can be seen in full, counted from when it was brought about. */
  readonly settlesMs: number;
  /** What an operator would do, in one sentence; `undefined` where nothing in the cluster or its cloud helps (a zone without machines). */
  readonly remedy: string | undefined;
  /** Does that. Proves that the fault can be resolved, and that its symptoms then go. */
  repair?(cluster: SimulatedCluster): void;
  /** Whether its cause is gone, beyond what the health of workloads tells: the quota is no longer exhausted, the certificate lasts. */
  isGone?(cluster: SimulatedCluster): boolean;
}

/** A kind of fault. */
export interface FaultKind {
  /** `image-missing`. */
  readonly name: string;
  readonly family: FaultFamily;
  /** One sentence: what is wrong. */
  readonly summary: string;
  /** Where what it leads to is documented. */
  readonly source: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  /**
   * Brings it about.
   * @throws NoTargetError where the cluster has nothing that it could befall
   */
  bring(site: FaultSite, values: ParameterValues): BroughtFault;
}

/** Values drawn within the ranges of a kind's parameters; `draw` in [0, 1). */
export function drawParameters({ parameters }: FaultKind, draw: () => number): ParameterValues {
  const values: Record<string, number | string> = {};
  for (const [name, parameter] of Object.entries(parameters)) values[name] = drawn(parameter, draw());
  return values;
}

function drawn(parameter: Parameter, share: number): number | string {
  if (parameter.type === 'choice')
    return parameter.choices[Math.floor(share * parameter.choices.length)] ?? parameter.default;
  const { min, max, integer = true } = parameter;
  return integer ? min + Math.floor(share * (max - min + 1)) : min + share * (max - min);
}

/**
 * Values given by a person laid over the defaults.
 * @throws RangeError naming the parameter, its value and what it may be
 */
export function checkParameters(kind: FaultKind, given: ParameterValues): ParameterValues {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(kind.parameters, name));
  if (unknown !== undefined)
    throw new RangeError(
      `${kind.name}: there is no parameter "${unknown}", only ${Object.keys(kind.parameters).join(', ') || 'none'}`,
    );
  return Object.fromEntries(
    Object.entries(kind.parameters).map(([name, parameter]) => [
      name,
      checked(`${kind.name}.${name}`, parameter, given[name]),
    ]),
  );
}

function checked(where: string, parameter: Parameter, value: number | string | undefined): number | string {
  if (value === undefined) return parameter.default;
  if (parameter.type === 'choice') {
    if (parameter.choices.includes(String(value))) return String(value);
    throw new RangeError(`${where}: "${value}" is none of ${parameter.choices.join(', ')}`);
  }
  const { min, max, integer = true } = parameter;
  const number = typeof value === 'number' || value.trim() !== '' ? Number(value) : Number.NaN;
  if (number >= min && number <= max && (!integer || Number.isInteger(number))) return number;
  throw new RangeError(`${where}: "${value}" is not a ${integer ? 'whole ' : ''}number from ${min} to ${max}`);
}
