/** Rules: what produces findings. Each lives in `rules/<code>/` with a test and fixtures. */
import type { Examination } from './examination.ts';
import type { FindingDraft, Severity } from './finding.ts';

/** What kind of change takes a finding away; the planner's entry point. */
export type RemediationClass =
  | 'restore-configuration'
  | 'roll-back'
  | 'fix-image'
  | 'fix-command'
  | 'fix-probe'
  | 'resize-requests'
  | 'resize-limits'
  | 'add-capacity'
  | 'raise-quota'
  | 'free-quota'
  | 'consolidate-load-balancers'
  | 'change-placement'
  | 'repair-storage'
  | 'repair-node'
  | 'repair-network'
  | 'renew-certificate'
  | 'change-access'
  | 'remove-object'
  | 'investigate'
  | 'none';

/** Ids that other tools use for the same condition, see the coverage table. */
export interface Aliases {
  readonly k8sgpt?: readonly string[];
  readonly popeye?: readonly string[];
  readonly polaris?: readonly string[];
  readonly 'kube-score'?: readonly string[];
  readonly 'kube-linter'?: readonly string[];
  readonly kubescape?: readonly string[];
  readonly gcpdiag?: readonly string[];
  readonly mixin?: readonly string[];
}

/** One entry of the catalogue and its check. */
export interface Rule {
  /** Kebab-case, the folder's name. */
  readonly code: string;
  /** A few words: `Container is crash-looping`. */
  readonly title: string;
  /** Used unless a finding says otherwise. */
  readonly severity: Severity;
  /** What the condition means, what usually causes it, when the rule stays silent. Plain prose, for `--explain`. */
  readonly explanation: string;
  readonly remediation: { readonly class: RemediationClass; readonly text: string };
  readonly aliases: Aliases;
  /** Names of inputs it cannot judge without, as in `MissingInput.input`; without them it stays silent and is counted as not run. */
  readonly needs: readonly string[];
  /** Pure; reads only the examination. */
  check(examination: Examination): Iterable<FindingDraft>;
}
