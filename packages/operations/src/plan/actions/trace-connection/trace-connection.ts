/** Connections that fail although nothing is seen to be wrong at either end: where a person has to look. */
import { refText } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { byPerson } from '../../network/by-person.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;

/** Tells what to look at between the two ends. */
export const traceConnection: ActionKind = {
  kind: 'trace-connection',
  title: 'Find what stands between two programs',
  explanation:
    'For Services, hosts and the name service that do not answer although nothing that was read is wrong: what to look at, in which order, with the commands. It changes nothing.',
  capability: 'networking',
  prior: { alpha: 5, beta: 5, basis: 'what is wrong lies outside of what was read' },
  durationMs: { optimistic: 10 * MINUTE, likely: 60 * MINUTE, pessimistic: 8 * 60 * MINUTE },
  baseRisk: 0.01,
  propose: (planning) => [
    ...planning.causesOf('service-unreachable', 'host-unreachable').map(forPath),
    ...planning.causesOf('program-fails').flatMap((cause) => forNameService(cause, planning)),
  ],
};

function forPath(cause: AssessedRootCause): Remedy {
  const { namespace, name, kind } = cause.resource;
  const place = kind === 'Service' ? `${name}.${namespace}.svc.cluster.local` : name;
  return byPerson(cause, {
    kind: traceConnection.kind,
    title: `Find what keeps callers from ${refText(cause.resource)}`,
    target: cause.resource,
    instruction: `Call ${place} from a pod of the caller with and without its proxy (kubectl debug -it POD -n NAMESPACE --image=busybox -- wget -T 5 -O- http://${place}). Where only the proxy fails, compare DestinationRules, VirtualServices, PeerAuthentications and AuthorizationPolicies of the mesh for this host with what they were before (istioctl analyze -n ${namespace || 'NAMESPACE'}; istioctl proxy-status). Where both fail, look at firewalls, at the port on which the program listens, and at the host itself.`,
    statement: `callers reach ${refText(cause.resource)}`,
    fit: 0.25,
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
