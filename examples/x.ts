import { runTrial, trialAlone, kindsNamed } from '../benchmarks/plan/outcomes.ts';
import { createSimulatedReader } from '@aia/cluster';
import { strategise } from '@aia/operations';
for (const name of process.argv.slice(2)) {
  const [k] = kindsNamed([name]);
  const t = trialAlone(k!);
  t.cluster.clock.advance(Math.max(t.settlesMs, 40*60000));
  const s = await createSimulatedReader(t.cluster).observe();
  console.log('USAGE', s.usage.containers.length, s.usage.containers[0]?.cpu?.times.length);
  const g = strategise(s, {version:'b'});
  console.log('FAULT', t.faults.map(f=>[f.kind, JSON.stringify(f.truth), JSON.stringify((f as any).parameters)]));
  for (const c of g.assessment.rootCauses) console.log('CAUSE', c.severity, c.id, '|', c.title);
  for (const goal of g.plan.goals) console.log('GOAL', goal.severity, goal.id, goal.state, (goal.because ?? '').slice(0,200));
  for (const p of g.plan.phases) for (const a of p.actions) { console.log('ACTION', p.number, a.id, a.title, '\n     ', a.reason.slice(0,400)); for (const st of a.steps) console.log('       $', st.command.slice(0,300)); }
  for (const r of g.plan.rejected) console.log('REJ', r.because, r.title, '|', r.reason.slice(0,300));
  for (const a of g.rehearsal?.actions ?? []) console.log('  A', a.id, a.outcome, a.message, a.tookMs);
  for (const r of g.rehearsal?.removed ?? []) console.log('  REMOVED', r.id, r.reason);
  for (const r of g.rehearsal?.remaining ?? []) console.log('  REMAINING', r.severity, r.id);
}
