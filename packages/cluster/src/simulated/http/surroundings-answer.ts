/** What a simulated cluster tells beside Kubernetes' API: the things around it that a live cluster's reader would have from elsewhere. */
import { encodeSnapshot } from '../../snapshot/codec.ts';
import { noRedactions } from '../../snapshot/redact.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { answer } from './answer.ts';
import { formOf } from './negotiation.ts';

/** Cloud, usage history and certificates, as a snapshot without objects. */
export const SURROUNDINGS_PATH = '/simulation/surroundings';

/** `platform` of `/version`, by which a reader knows whom it speaks to. */
export const SIMULATED_PLATFORM = 'simulated';

/** The answer, for the one path. */
export function surroundingsAnswer(cluster: SimulatedCluster, request: Request, url: URL): Response | undefined {
  if (url.pathname !== SURROUNDINGS_PATH) return undefined;
  const document = encodeSnapshot({
    source: { kind: 'simulated', name: '' },
    observedAt: cluster.clock.now,
    serverVersion: cluster.serverVersion,
    objects: [],
    ...cluster.surroundings,
    problems: [],
    redactions: noRedactions(),
  });
  return answer(document, formOf(request.headers, url.searchParams));
}
