/** What the hypotheses about waiting pods have in common. */
import { nodePoolOf, type ResourceRef } from '@aia/cluster';
import { quotaEvidence } from '../../../cloud/cloud-quota.ts';
import type { Finding } from '../../../finding.ts';
import { effectsOn, type DirectEffect } from '../../hypothesis.ts';
import type { Case } from './case.ts';
import { counterfactualsOf } from './outcome.ts';

const SILENT: ReadonlySet<string> = new Set(['backoff', 'placement', 'not-ready']);

/** What every hypothesis about a case has: class, resource, and the what-ifs. */
export function shell(one: Case, causeClass: string, resource: ResourceRef) {
  return { class: causeClass, resource, counterfactuals: () => counterfactualsOf(one) };
}

/** The nodes of the pools that could take the pods. */
export function nodesRef({ kinds, context }: Case): ResourceRef {
  const pools = [...new Set(kinds.map(({ pool }) => pool))];
  const all = new Set(context.examination.world.nodes.map(({ node }) => nodePoolOf(node)));
  const name = pools.length === 0 || pools.length >= all.size ? '(all)' : `(of ${pools.join(', ')})`;
  return { group: '', kind: 'Node', namespace: '', name };
}

/** A resource of Compute Engine. */
export function cloudRef(kind: string, name: string): ResourceRef {
  return { group: 'compute.googleapis.com', kind, namespace: '', name };
}

/** Whether something of its own kept the nodes away. */
export function isRefused({ refused }: Case): boolean {
  return [...refused.keys()].some((cause) => !SILENT.has(cause));
}

/** The waiting pods as symptoms. */
export function pendingEffects(one: Case, relation: string): readonly DirectEffect[] {
  return effectsOn(one.pending, relation);
}

/** The quota or refusal first, then what fills the nodes, then one pod's own words. */
export function evidenceOf(one: Case, own: readonly Finding[], quota: boolean) {
  const said = quota ? (one.refused.get('quota') ?? []) : [];
  const telling = said.toSorted(
    (a, b) => Number(b.refusal.metric !== undefined) - Number(a.refusal.metric !== undefined),
  );
  const rows = quota ? one.full.slice(0, 2).map((row) => quotaEvidence(row.quota)) : [];
  return [
    ...rows,
    ...own.flatMap(({ evidence }) => evidence.slice(0, 3)),
    ...telling.slice(0, 2).map(({ evidence }) => evidence),
    ...one.pending.slice(0, 1).flatMap(({ evidence }) => evidence.slice(0, 2)),
  ].slice(0, 7);
}

/** `One pod needs a further node`, or `4 pods need` one. */
export function needText(one: Case): string {
  return `${podsText(one)} ${one.pending.length === 1 ? 'needs' : 'need'} a further node`;
}

/** `One pod` or `4 pods`. */
export function podsText(one: Case): string {
  return one.pending.length === 1 ? 'One pod' : `${one.pending.length} pods`;
}
