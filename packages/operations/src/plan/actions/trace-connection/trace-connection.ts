/** Connections that fail although nothing is seen to be wrong at either end: where a person has to look. */
import { refOf, refText, type ResourceRef } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { shellWord } from '../../effects/shell.ts';
import { byPerson } from '../../network/by-person.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;

/** Tells what to look at between the two ends. */
export const traceConnection: ActionKind = {
  kind: 'trace-connection',
  title: 'Find what stands between two programs',
  explanation:
    'For Services, hosts and the name service that do not answer although nothing that was read is wrong, and for programs that the proxy of a mesh answers in place of whom they call: what to look at, in which order, with the commands. It changes nothing.',
  capability: 'networking',
  prior: { alpha: 5, beta: 5, basis: 'what is wrong lies outside of what was read' },
  durationMs: { optimistic: 10 * MINUTE, likely: 60 * MINUTE, pessimistic: 8 * 60 * MINUTE },
  baseRisk: 0.01,
  propose: (planning) => [
    ...planning.causesOf('service-unreachable', 'host-unreachable').map((cause) => forPath(cause)),
    ...planning
      .causesOf('program-fails')
      .flatMap((cause) => [...forNameService(cause, planning), ...forMesh(cause, planning)]),
  ],
};

/** What the proxies of a mesh say that reach nobody. Source: https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/response_code_details */
const OF_PROXY = /upstream connect error|disconnect\/reset before headers|no healthy upstream|RBAC: access denied/;
const CALLED = /\bhttps?:\/\/([a-z0-9-]{1,63})\.([a-z0-9-]{1,63})(?:\.svc\b|[:/])/;

/** A program that fails at a call which a proxy answers in place of the one who is called. */
function forMesh(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const evidence = [...cause.evidence, ...planning.findingsOf(cause).flatMap((finding) => finding.evidence)];
  const words = JSON.stringify([cause.statement, evidence]);
  if (!OF_PROXY.test(words)) return [];
  const [, name, namespace] = CALLED.exec(words) ?? [];
  const service = name === undefined ? undefined : planning.snapshot.get('Service', namespace ?? '', name);
  return [forPath(cause, service === undefined ? cause.resource : refOf(service), 0.35)];
}

function forPath(cause: AssessedRootCause, callee: ResourceRef = cause.resource, fit = 0.25): Remedy {
  const { namespace, name, kind } = callee;
  const place = kind === 'Service' ? `${name}.${namespace}.svc.cluster.local` : name;
  return byPerson(cause, {
    kind: traceConnection.kind,
    title: `Find what keeps callers from ${refText(callee)}`,
    target: cause.resource,
    instruction: `Call ${place} from a pod of the caller with and without its proxy (kubectl debug -it POD -n NAMESPACE --image=busybox -- wget -T 5 -O- ${shellWord(`http://${place}`)}). Where only the proxy fails, compare DestinationRules, VirtualServices, PeerAuthentications and AuthorizationPolicies of the mesh for this host with what they were before (istioctl analyze -n ${shellWord(namespace || 'NAMESPACE')}; istioctl proxy-status). Where both fail, look at firewalls, at the port on which the program listens, and at the host itself.`,
    statement: `callers reach ${refText(callee)}`,
    fit,
  });
}

const SERVERS = /^(?:coredns|kube-dns)$/;

function forNameService(cause: AssessedRootCause, { snapshot }: Planning): readonly Remedy[] {
  const { namespace, name, kind } = cause.resource;
  if (kind !== 'Deployment' || namespace !== 'kube-system' || !SERVERS.test(name)) return [];
  const maps = snapshot
    .listIn('ConfigMap', namespace)
    .map(({ metadata }) => metadata.name)
    .filter((map) => /^(?:coredns|kube-dns)(?:-|$)/.test(map))
    .sort();
  return [
    byPerson(cause, {
      kind: traceConnection.kind,
      title: `Correct the configuration of ${refText(cause.resource)}`,
      target: cause.resource,
      instruction: `Correct the configuration that the name service cannot read, as its last words say (kubectl logs deployment/${name} -n ${namespace} --previous): ${maps.length === 0 ? 'its ConfigMap' : `ConfigMap ${maps.join(', ')}`} in ${namespace}; stub domains and upstream servers have to be addresses. Put back what was there before the last change, then kubectl rollout restart deployment/${name} -n ${namespace}.`,
      statement: `${refText(cause.resource)} answers names`,
      fit: 0.35,
    }),
  ];
}
