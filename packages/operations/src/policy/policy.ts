/** What plans may do: the policy file with its defaults filled in. */
import type { PolicyFile, Role } from '@aia/contract';

/** A kind of change, as actions state it. */
export type PolicyVerb = 'create' | 'patch' | 'delete' | 'scale' | 'evict' | 'cloud';

/** What an approver may approve. */
export type ApprovalScope = NonNullable<PolicyFile['approvers']>[number]['for'][number];

/** A policy, complete. Shares are 0..1; `undefined` means without bound. */
export interface Policy {
  /** File it came from, or `default`. */
  readonly name: string;
  readonly protected: {
    /** Patterns; `*` stands for any text. */
    readonly namespaces: readonly string[];
    /** `Kind` or `Kind.group`. */
    readonly kinds: readonly string[];
    /** `Kind namespace/name`. */
    readonly objects: readonly string[];
    readonly labels: Readonly<Record<string, string>>;
  };
  /** A role that is not listed may do everything. */
  readonly roles: Readonly<Partial<Record<Role, readonly PolicyVerb[]>>>;
  readonly actions: { readonly off: readonly string[]; readonly only: readonly string[] | undefined };
  readonly windows: readonly { readonly schedule: string; readonly minutes: number; readonly timeZone: string }[];
  readonly approvers: readonly { readonly name: string; readonly for: readonly ApprovalScope[] }[];
  readonly budgets: {
    readonly podsPerPhase: number | undefined;
    readonly podShare: number | undefined;
    readonly namespacesPerPhase: number | undefined;
    readonly actions: number | undefined;
    readonly monthly: number | undefined;
    readonly currency: string;
    readonly outages: number | undefined;
    readonly podsAtOnce: number | undefined;
    readonly risk: 'low' | 'medium' | 'high';
    readonly quotaShare: number;
  };
  readonly rightSizing: {
    readonly cpuPercentile: number;
    readonly cpuMargin: number;
    readonly memoryMargin: number;
    readonly oomMargin: number;
    readonly cpuFloorMillis: number;
    readonly memoryFloorBytes: number;
    readonly leastHistoryMs: number;
  };
  readonly targets: {
    readonly utilisation: { readonly min: number; readonly max: number };
    readonly loadBalancers: number;
    readonly quotaShare: number;
  };
  readonly ownership: { readonly helm: 'cluster' | 'source' };
}

const MIB = 2 ** 20;
const HOUR_MS = 3_600_000;

/** Namespaces of the control plane and of the cloud's own add-ons: whoever runs the cluster repairs them, not a plan. */
const DEFAULT_PROTECTED_NAMESPACES = ['kube-node-lease', 'kube-public', 'gke-*', 'gmp-*', 'config-management-*'];

/** Fills in what a file leaves open. `name`: where it came from. */
export function policyFrom(file: PolicyFile, name: string): Policy {
  const { protected: guarded = {}, budgets = {}, rightSizing = {}, targets = {} } = file;
  return {
    name,
    protected: {
      namespaces: guarded.namespaces ?? DEFAULT_PROTECTED_NAMESPACES,
      kinds: guarded.kinds ?? [],
      objects: guarded.objects ?? [],
      labels: guarded.labels ?? {},
    },
    roles: file.roles ?? {},
    actions: { off: file.actions?.off ?? [], only: file.actions?.only },
    windows: (file.windows ?? []).map(({ timeZone = 'UTC', ...window }) => ({ ...window, timeZone })),
    approvers: file.approvers ?? [],
    budgets: {
      podsPerPhase: budgets.blastRadius?.podsPerPhase,
      podShare: budgets.blastRadius?.podShare,
      namespacesPerPhase: budgets.blastRadius?.namespacesPerPhase,
      actions: budgets.blastRadius?.actions,
      monthly: budgets.money?.monthly,
      currency: budgets.money?.currency ?? 'USD',
      outages: budgets.disruption?.outages,
      podsAtOnce: budgets.disruption?.podsAtOnce,
      risk: budgets.risk ?? 'high',
      quotaShare: budgets.quotaShare ?? 0.95,
    },
    rightSizing: {
      cpuPercentile: rightSizing.cpuPercentile ?? 0.95,
      cpuMargin: rightSizing.cpuMargin ?? 0.15,
      memoryMargin: rightSizing.memoryMargin ?? 0.15,
      oomMargin: rightSizing.oomMargin ?? 0.25,
      cpuFloorMillis: rightSizing.cpuFloorMillis ?? 10,
      memoryFloorBytes: (rightSizing.memoryFloorMib ?? 64) * MIB,
      leastHistoryMs: (rightSizing.leastHistoryHours ?? 24) * HOUR_MS,
    },
    targets: {
      utilisation: targets.utilisation ?? { min: 0.6, max: 0.8 },
      loadBalancers: targets.loadBalancers ?? 5,
      quotaShare: targets.quotaShare ?? 0.8,
    },
    ownership: { helm: file.ownership?.helm ?? 'cluster' },
  };
}

/** Without a file. */
export const DEFAULT_POLICY: Policy = Object.freeze(policyFrom({ version: 1 }, 'default'));
