/** Root causes without the findings that suppressions take out. */
import type { ChainLink } from '@aia/contract';
import type { Owned } from './causal-graph.ts';

/** A cause with what stands of its findings; none when nothing does. What led through a suppressed finding leads past it. */
export function withoutSuppressed(cause: Owned, suppressed: ReadonlySet<string>): readonly Owned[] {
  if (suppressed.size === 0 || !cause.chain.some(({ to }) => suppressed.has(to))) return [cause];
  const findings = cause.findings.filter((id) => !suppressed.has(id));
  if (findings.length === 0) return [];
  const leadingTo = new Map(cause.chain.map((link) => [link.to, link]));
  const chain = cause.chain
    .filter(({ to }) => !suppressed.has(to))
    .map((link) => past(link, leadingTo, suppressed, cause.chain.length));
  return [{ ...cause, findings, chain }];
}

/** Each finding is led to by one link, so the way up is a line. */
function past(
  link: ChainLink,
  leadingTo: ReadonlyMap<string, ChainLink>,
  suppressed: ReadonlySet<string>,
  longest: number,
): ChainLink {
  let { from, evidence } = link;
  for (let step = 0; step < longest && suppressed.has(from); step++) {
    const above = leadingTo.get(from);
    if (above === undefined) break;
    from = above.from;
    evidence = [...above.evidence, ...evidence];
  }
  return { ...link, from, evidence };
}
