/** Causes beside the namespaces that were asked for: true, but not what the question was about. */
import type { AssessedRootCause } from '@aia/contract';

/**
 * Whether a cause lies in the cluster at large and nothing in the namespaces asked for suffers from it. Never so when all are
 * judged.
 */
export function isOutside(
  { impact, resource }: Pick<AssessedRootCause, 'impact' | 'resource'>,
  namespaces: ReadonlySet<string> | undefined,
): boolean {
  if (namespaces === undefined || resource.namespace !== '') return false;
  if (resource.kind === 'Namespace' && namespaces.has(resource.name)) return false;
  const { pods, services, unanswered = 0, routes = 0, workloads } = impact;
  return pods + services + unanswered + routes + workloads.length === 0;
}
