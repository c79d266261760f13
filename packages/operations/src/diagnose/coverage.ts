/** Which checks of other tools our rules carry: each tool's checks joined with the rules that name them in their `aliases`. */
import type { Batch, CheckGroup, Tool } from './other-tools/check.ts';
import { GCPDIAG } from './other-tools/gcpdiag.ts';
import { K8SGPT } from './other-tools/k8sgpt.ts';
import { KUBE_LINTER } from './other-tools/kube-linter.ts';
import { KUBE_SCORE } from './other-tools/kube-score.ts';
import { KUBESCAPE } from './other-tools/kubescape.ts';
import { MIXIN } from './other-tools/mixin.ts';
import { POLARIS } from './other-tools/polaris.ts';
import { POPEYE } from './other-tools/popeye.ts';
import type { Rule } from './rule.ts';

const TOOLS: Readonly<Record<Tool, readonly CheckGroup[]>> = {
  k8sgpt: K8SGPT,
  popeye: POPEYE,
  polaris: POLARIS,
  'kube-score': KUBE_SCORE,
  'kube-linter': KUBE_LINTER,
  kubescape: KUBESCAPE,
  gcpdiag: GCPDIAG,
  mixin: MIXIN,
};

/** One check of another tool and what becomes of it here. */
export interface CoveredCheck {
  /** The tool's own id. */
  readonly id: string;
  /** What it looks at: `pods`, `services` … */
  readonly area: string;
  /** What it flags, in our words. */
  readonly condition: string;
  /** Codes of the rules that carry it, in the catalogue's order; none where `batch` says why. */
  readonly rules: readonly string[];
  /** Given only where no rule carries it. */
  readonly batch?: Batch;
  /** Why it is declined. */
  readonly reason?: string;
}

/** A tool and its checks, in the order of its page. */
export interface ToolCoverage {
  readonly tool: Tool;
  readonly checks: readonly CoveredCheck[];
}

/** Every check of every tool with the rules that carry it; linear in both. */
export function coverageOf(rules: readonly Rule[]): readonly ToolCoverage[] {
  return (Object.keys(TOOLS) as Tool[]).map((tool) => {
    const carried = carriedIds(rules, tool);
    return { tool, checks: TOOLS[tool].flatMap((group) => checksOf(group, carried)) };
  });
}

/** A tool's ids that rules name, each with the codes of those rules. */
function carriedIds(rules: readonly Rule[], tool: Tool): ReadonlyMap<string, readonly string[]> {
  const carried = new Map<string, string[]>();
  for (const rule of rules)
    for (const id of rule.aliases[tool] ?? []) carried.set(id, [...(carried.get(id) ?? []), rule.code]);
  return carried;
}

function checksOf(group: CheckGroup, carried: ReadonlyMap<string, readonly string[]>): readonly CoveredCheck[] {
  const { area, batch, reason } = group;
  return Object.entries(group.checks).map(([id, condition]) => {
    const rules = carried.get(id) ?? [];
    return {
      id,
      area,
      condition,
      rules,
      ...(rules.length === 0 && batch !== undefined ? { batch } : {}),
      ...(rules.length === 0 && reason !== undefined ? { reason } : {}),
    };
  });
}
