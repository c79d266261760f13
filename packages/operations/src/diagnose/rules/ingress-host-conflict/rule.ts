/** Two Ingresses of one class that claim the same host and path for different Services. */
import { namespacedName, objectKey, refOf, timeOf, type KindMap } from '@aia/cluster';
import { fieldEvidence, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { ingressBackends, type IngressBackend } from '../../services/ingress-backends.ts';
import { classOf, controllerOf } from '../../services/ingress-classes.ts';
import type { Rule } from '../../rule.ts';
import { listText } from '../../wording.ts';

type Ingress = KindMap['Ingress'];

/** Annotations by which several Ingresses share a host on purpose. */
const SHARED = [
  'nginx.ingress.kubernetes.io/canary',
  'nginx.org/mergeable-ingress-type',
  'haproxy.org/route-acl',
  'acme.cert-manager.io/http01-edit-in-place',
  'traefik.ingress.kubernetes.io/router.priority',
];
const GROUP = 'alb.ingress.kubernetes.io/group.name';

/** Facts: other (`namespace/name` of the one that came first), routes (host and path). */
export const rule: Rule = {
  code: 'ingress-host-conflict',
  title: 'Two Ingresses claim the same host and path',
  severity: 'medium',
  explanation:
    'Two Ingresses of one class send the same host and path to different Services. Controllers keep one of them, usually the older, or alternate; the other Service gets no traffic there. The finding stands at the younger one. The rule stays silent for controllers that give each Ingress a load balancer of its own (GKE, AWS without a group), for canaries and merged Ingresses, which share a host on purpose, and for a host that is left open.',
  remediation: { class: 'repair-network', text: 'Give each path to one Ingress, or remove the one that is left over.' },
  aliases: {},
  needs: [],
  *check(examination) {
    const claims = new Map<string, Claim>();
    const lost = new Map<Ingress, { readonly winner: Ingress; readonly backends: IngressBackend[] }>();
    for (const ingress of byAge(examination.snapshot.list('Ingress'))) {
      const scope = scopeOf(examination, ingress);
      if (scope === undefined) continue;
      for (const backend of ingressBackends(ingress)) {
        const { route } = backend;
        if (route === 'default backend' || route.startsWith('*/')) continue;
        const key = `${scope} ${route}`;
        const first = claims.get(key);
        if (first === undefined) claims.set(key, { ingress, target: targetOf(ingress, backend) });
        else if (first.ingress !== ingress && first.target !== targetOf(ingress, backend)) {
          const known = lost.get(ingress);
          if (known === undefined) lost.set(ingress, { winner: first.ingress, backends: [backend] });
          else known.backends.push(backend);
        }
      }
    }
    for (const [ingress, { winner, backends }] of lost)
      if (examination.judges(ingress.metadata.namespace ?? '')) yield conflict(ingress, winner, backends);
  },
};

interface Claim {
  readonly ingress: Ingress;
  readonly target: string;
}

/** What shares one proxy; `undefined` for what is left in peace. */
function scopeOf(examination: Examination, ingress: Ingress): string | undefined {
  const { annotations = {}, deletionTimestamp } = ingress.metadata;
  if (deletionTimestamp !== undefined || SHARED.some((key) => annotations[key] !== undefined)) return undefined;
  const { name } = classOf(examination, ingress);
  const controller = controllerOf(examination, ingress);
  if (name === '' || controller === 'gce') return undefined;
  if (controller !== 'alb') return name;
  const group = annotations[GROUP];
  return group === undefined ? undefined : `${name} ${group}`;
}

function targetOf({ metadata }: Ingress, { service, port }: IngressBackend): string {
  return `${metadata.namespace ?? ''}/${service}:${port.name ?? port.number ?? ''}`;
}

function byAge(ingresses: readonly Ingress[]): readonly Ingress[] {
  const keyed = ingresses.map((ingress) => ({
    ingress,
    at: timeOf(ingress.metadata.creationTimestamp) ?? 0,
    key: objectKey(ingress),
  }));
  return keyed.sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1)).map(({ ingress }) => ingress);
}

function conflict(ingress: Ingress, winner: Ingress, backends: readonly IngressBackend[]): FindingDraft {
  const { namespace = '', name, creationTimestamp } = ingress.metadata;
  const other = namespacedName(winner);
  const routes = [...new Set(backends.map(({ route }) => route))].sort();
  return {
    resource: refOf(ingress),
    message: `Ingress ${namespace}/${name} claims ${listText(routes)}, which the older Ingress ${other} sends to another Service.`,
    evidence: [
      ...backends.slice(0, 3).map(({ path, service }) => fieldEvidence(ingress, `${path}.name`, service)),
      fieldEvidence(winner, 'metadata.creationTimestamp', winner.metadata.creationTimestamp ?? '(none)'),
    ],
    facts: { other, routes: routes.slice(0, 20) },
    since: timeOf(creationTimestamp),
  };
}
