import type { Assessment } from '@aia/contract';
import { comparisonSchema } from '@aia/contract';
import { describe, expect, it } from 'vitest';
import { assess } from '../assess.ts';
import { examine } from '../diagnose/rule.suite.ts';
import { ago, condition, deployment, node, NOW, object, pod, replicaSet, state } from '../diagnose/scene.suite.ts';
import type { Suppression } from '../diagnose/suppressions/suppression.ts';
import { asMarkdown } from '../report/as-markdown.ts';
import { asText } from '../report/as-text.ts';
import { compare, regressions } from './compare.ts';

interface More {
  readonly namespaces?: readonly string[];
  readonly suppressions?: readonly Suppression[];
  readonly missing?: readonly string[];
  readonly observedAt?: string;
}
function assessed(objects: readonly unknown[], { namespaces, suppressions, ...scene }: More = {}): Assessment {
  const { snapshot } = examine({ observedAt: NOW, ...scene, objects });
  return assess(snapshot, {
    version: 'test',
    ...(namespaces && { namespaces }),
    ...(suppressions && { suppressions }),
  });
}
const crashing = (restarts = 12) =>
  state.waiting('CrashLoopBackOff', '', { restartCount: restarts, ...state.last(1, 'Error') });
const short = (available: number, wanted = 2) => [
  node(),
  deployment(wanted, available, { status: { conditions: [condition('Available', 'False')] } }),
  replicaSet('web-1', wanted, available),
];
const oneDown = [...short(1), pod('web-1-a'), pod('web-1-b', { statuses: [crashing()] })];
const whole = [node(), deployment(2, 2), replicaSet('web-1', 2, 2), pod('web-1-a'), pod('web-1-b')];
const codes = (ids: readonly string[]) => ids.map((id) => id.split(':')[0]).toSorted();
const nothing = { new: [], gone: [], worse: [], better: [], suppressed: [], notJudged: [] };

describe('compare', () => {
  it('of a cluster with itself finds nothing changed', () => {
    const comparison = compare(assessed(oneDown), assessed(oneDown));
    expect(comparison.findings).toEqual(nothing);
    expect(comparison.rootCauses).toEqual({ new: [], gone: [], suppressed: [], worse: [], better: [] });
    expect(comparison.kpis).toEqual([]);
    expect(comparison.score.before).toBe(comparison.score.after);
    expect(comparisonSchema.safeParse(comparison).error).toBeUndefined();
  });
  it('tells what is new and what is gone, each the reverse of the other', () => {
    const [before, after] = [assessed(whole), assessed(oneDown)];
    const there = compare(before, after);
    const back = compare(after, before);
    expect(codes(there.findings.new)).toEqual(['container-crash-loop', 'deployment-unavailable']);
    expect(there.rootCauses.new).toHaveLength(1);
    expect(back.findings.gone.map(({ id }) => id)).toEqual(there.findings.new);
    expect(back.rootCauses.gone.map(({ id }) => id)).toEqual(there.rootCauses.new);
    expect(there.score).toEqual({ before: back.score.after, after: back.score.before });
    expect(there.kpis).toContainEqual({ id: 'pod-success-rate', before: 1, after: 0.5 });
  });
  it('knows a pod of the same workload that was replaced', () => {
    const later = [...short(1), pod('web-1-a'), pod('web-1-zz9', { statuses: [crashing()] })];
    expect(compare(assessed(oneDown), assessed(later)).findings).toEqual(nothing);
  });
  it('counts a further failing pod of it as new', () => {
    const more = [...short(0), pod('web-1-c', { statuses: [crashing()] }), pod('web-1-d', { statuses: [crashing()] })];
    const { findings, rootCauses } = compare(assessed(oneDown), assessed(more));
    expect(codes(findings.new)).toEqual(['container-crash-loop']);
    expect(rootCauses.worse.map(({ how }) => how)).toEqual(['failing pods 1 → 2']);
    expect(compare(assessed(more), assessed(oneDown)).rootCauses.better.map(({ how }) => how)).toEqual([
      'failing pods 2 → 1',
    ]);
  });
  it('tells what is more severe than before, which is a regression, from what is less', () => {
    const now = assessed(oneDown);
    const mild = { ...now, findings: now.findings.map((finding) => ({ ...finding, severity: 'low' as const })) };
    const worse = compare(mild, now);
    expect(worse.findings.worse.map(({ before, after }) => `${before} ${after}`)).toEqual(['low high', 'low high']);
    expect([...regressions(worse)].toSorted()).toEqual(now.findings.map(({ id }) => id).toSorted());
    const better = compare(now, mild);
    expect(better.findings.better.map(({ id }) => id).toSorted()).toEqual([...regressions(worse)].toSorted());
    expect(regressions(better).size).toBe(0);
  });
  it('does not take for gone what was not judged this time', () => {
    const job = object('batch/v1', 'Job', 'other', { metadata: { namespace: 'jobs' } });
    const before = assessed([...oneDown, job]);
    const elsewhere = compare(before, assessed([...oneDown, job], { namespaces: ['jobs'] }));
    expect(elsewhere.findings.gone).toEqual([]);
    expect(codes(elsewhere.findings.notJudged.map(({ id }) => id))).toEqual([
      'container-crash-loop',
      'deployment-unavailable',
    ]);
    const [unready] = before.findings;
    const idle = { ...assessed(whole), notRun: [{ code: unready?.code ?? '', reason: 'needs something' }] };
    expect(codes(compare(before, idle).findings.notJudged.map(({ id }) => id))).toEqual([unready?.code]);
  });
  it('tells what is suppressed now from what is gone', () => {
    const suppression = { code: '*', object: 'Deployment shop/web', reason: 'known', owner: 'a', expiresAt: 4e12 };
    const { findings, rootCauses } = compare(assessed(oneDown), assessed(oneDown, { suppressions: [suppression] }));
    expect(findings.gone).toEqual([]);
    expect(codes(findings.suppressed.map(({ id }) => id))).toEqual(['container-crash-loop', 'deployment-unavailable']);
    expect([rootCauses.gone.length, rootCauses.suppressed.length]).toEqual([0, 1]);
  });
});

describe('the report of a comparison', () => {
  const earlier = assessed(whole, { observedAt: ago(60) });
  const now = assessed(oneDown);
  const report = { ...now, comparison: compare(earlier, now) };
  it('begins with what changed in one sentence', () => {
    const text = asText(report, { width: 400 });
    expect(text.split('\n')[2]).toBe(
      `Since 2025-09-27 11:00 UTC: readiness ${earlier.verdict.score} → ${now.verdict.score}; root causes: 1 new; findings: 2 new.`,
    );
  });
  it('names the new cause, and not again the findings that it explains', () => {
    const text = asText(report, { width: 400 });
    const changed = text.slice(text.indexOf('What changed'), text.indexOf('Findings:'));
    expect(changed).toContain(now.rootCauses[0]?.title ?? '?');
    expect(changed).not.toContain(now.findings[0]?.message ?? '?');
  });
  it('is in the Markdown too', () => {
    expect(asMarkdown(report)).toContain('## What changed\n\nSince 2025-09-27 11:00 UTC');
  });
});
