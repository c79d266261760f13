/** What is not known beside the objects: cloud, usage, certificates. Named alike for live clusters, dumps and simulated clusters. */
import type { MissingInput, SnapshotParts } from './snapshot.ts';

/** Entries for everything that was not read. */
export function missingSurroundings(
  { cloud, usage, certificates }: Pick<SnapshotParts, 'cloud' | 'usage' | 'certificates'>,
  reason: string,
): readonly MissingInput[] {
  const missing: MissingInput[] = [];
  const add = (input: string, consequence: string) => missing.push({ input, reason, consequence });
  if (cloud.quotas === undefined)
    add('quotas', 'whether the cloud would give another node, address or disk cannot be told');
  if (cloud.autoscaler === undefined)
    add('autoscaler-status', 'why node groups do not grow is known from events alone');
  if (cloud.addresses === undefined && cloud.forwardingRules === undefined)
    add('load-balancer-cloud', 'addresses and forwarding rules that nobody uses cannot be found');
  if (!usage.containers.some(({ cpu, memory }) => (cpu?.times.length ?? 0) > 1 || (memory?.times.length ?? 0) > 1)) {
    add('usage-history', 'requests cannot be compared with what is used over time');
  }
  // CA bundles say nothing of what is served.
  if (certificates.every(({ source }) => source.kind === 'ca-bundle'))
    add('certificates', 'expiry and names of certificates cannot be judged');
  return missing;
}
