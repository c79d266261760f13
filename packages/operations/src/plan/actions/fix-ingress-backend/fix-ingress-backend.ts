/** Ingresses and routes lead again to Services and ports that exist. */
import { refOf, refText, type GatewayRoute, type KindMap, type KubeObject, type Service } from '@aia/cluster';
import type { AssessedFinding, AssessedRootCause, Patch } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { serviceBackendsOf } from '../../../diagnose/services/gateway-routes.ts';
import { ingressBackends } from '../../../diagnose/services/ingress-backends.ts';
import { targetOf } from '../../../diagnose/services/target-ports.ts';
import { pointerOf } from '../../network/json-pointer.ts';
import { likest } from '../../network/likeness.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;

type Operations = Extract<Patch, { type: 'json' }>['operations'];
type ServicePort = NonNullable<NonNullable<Service['spec']>['ports']>[number];

/** Where an Ingress or a route names a Service. */
interface Place {
  /** `spec.rules[0].http.paths[1].backend.service`. */
  readonly path: string;
  readonly service: string;
  readonly port: string;
}

/** What it is to name. */
interface Meant {
  readonly service: Service;
  readonly port: ServicePort;
  readonly confidence: number;
  readonly why: string;
}

/** Proposes the Service or the port that was most likely meant. */
export const fixIngressBackend: ActionKind = {
  kind: 'fix-ingress-backend',
  title: 'Correct the backend of an Ingress or a route',
  explanation:
    'Names, in an Ingress or an HTTPRoute, the Service or the port that exists and was most likely meant: a Service of a similar name in the namespace, the only port of the Service, the one of that target port or of a similar name. Refuses where nothing is alike, or two are alike in the same way.',
  capability: 'networking',
  prior: { alpha: 17, beta: 3, basis: 'controllers take a corrected backend within minutes' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.06,
  propose: (planning) =>
    planning
      .causesOf('ingress-backend-missing', 'route-backend-missing')
      .flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const findings = planning.findingsOf(cause).filter(({ code }) => code === cause.class);
  const drafts = findings.map((finding) => draftFor(finding, planning)).filter((draft) => draft !== undefined);
  const [first] = drafts;
  if (first === undefined || drafts.length < findings.length) return undefined;
  return { title: first.title, resolves: [cause.id], fit: 1, drafts };
}

function draftFor({ id, resource, facts, evidence }: AssessedFinding, planning: Planning): ActionDraft | undefined {
  const object = planning.object(resource);
  if (object === undefined) return undefined;
  const [namespace = '', name = ''] = String(facts['service']).split('/');
  const wanted = String(facts['port']);
  const meant =
    facts['missing'] === 'service'
      ? meantService(namespace, name, wanted, planning)
      : facts['missing'] === 'port'
        ? meantPort(planning.snapshot.get('Service', namespace, name), wanted)
        : undefined;
  const places = placesOf(object).filter((place) => place.service === name && place.port === wanted);
  if (meant === undefined || places.length === 0) return undefined;
  const ref = refOf(object);
  const to = `${meant.service.metadata.name}:${meant.port.port}`;
  return {
    kind: fixIngressBackend.kind,
    title: `Lead ${refText(ref)} to Service ${to} instead of ${name}:${wanted}`,
    target: ref,
    part: id.slice(id.lastIndexOf('/') + 1),
    reason: `${refText(ref)} leads to ${name}:${wanted}, which does not exist. ${meant.why}.`,
    evidence: [...evidence.slice(0, 2), fieldEvidence(meant.service, 'spec.ports[*].port', meant.port.port)],
    confidence: meant.confidence,
    changes: [
      {
        kind: 'patch',
        target: ref,
        patch: { type: 'json', operations: places.flatMap(({ path }) => operationsAt(object, path, meant)) },
      },
    ],
    probe: {
      conditions: [
        { kind: 'endpoints', target: refOf(meant.service) },
        ...(object.kind === 'Ingress' ? [{ kind: 'address', target: ref } as const] : []),
      ],
      withinMs: 20 * MINUTE,
    },
  };
}

function placesOf(object: KubeObject): readonly Place[] {
  if (object.kind === 'Ingress')
    return ingressBackends(object as KindMap['Ingress']).map(({ service, port, path }) => ({
      ...{ service, path },
      port: port.name !== undefined && port.name !== '' ? port.name : String(port.number ?? '(none)'),
    }));
  return serviceBackendsOf(object as GatewayRoute).map(({ name, path, reference }) => ({
    ...{ service: name, path, port: String(reference.port ?? 0) },
  }));
}

function operationsAt(object: KubeObject, path: string, { service, port }: Meant): Operations {
  const at = pointerOf(path);
  const value = object.kind === 'Ingress' ? { number: port.port } : port.port;
  return [
    { op: 'replace', path: `${at}/name`, value: service.metadata.name },
    { op: 'add', path: `${at}/port`, value },
  ];
}

/** The Service of the namespace with the likest name that has the port, or a port that stands for it. */
function meantService(namespace: string, name: string, port: string, { snapshot }: Planning): Meant | undefined {
  const open = snapshot
    .listIn('Service', namespace)
    .filter(({ metadata, spec }) => metadata.deletionTimestamp === undefined && spec?.type !== 'ExternalName');
  const found = likest(name, open, ({ metadata }) => metadata.name);
  if (found === undefined) return undefined;
  const same = (found.one.spec?.ports ?? []).find((one) => one.name === port || String(one.port) === port);
  const meant = same === undefined ? meantPort(found.one, port) : undefined;
  const on = same ?? meant?.port;
  if (on === undefined) return undefined;
  return {
    service: found.one,
    port: on,
    confidence: found.likeness * (same === undefined ? 0.8 : 1),
    why: `The Service of the likest name in the namespace is ${found.one.metadata.name}, which has ${same === undefined ? `port ${on.port}` : 'that port'}`,
  };
}

function meantPort(service: Service | undefined, wanted: string): Meant | undefined {
  const ports = service?.spec?.ports ?? [];
  if (service === undefined) return undefined;
  const [first] = ports;
  const ways: readonly (readonly [ServicePort | undefined, number, string])[] = [
    [ports.length === 1 ? first : undefined, 0.93, 'it is the only port of the Service'],
    [ports.find((one) => String(targetOf(one)) === wanted), 0.9, 'it leads to the port of that number'],
    [likest(wanted, ports, ({ name = '' }) => name)?.one, 0.85, 'its name is nearest'],
    [ports.find(({ name, port }) => name === 'http' || port === 80), 0.7, 'it is the one that speaks HTTP'],
  ];
  const found = ways.find(([one]) => one !== undefined);
  if (found?.[0] === undefined) return undefined;
  const [port, confidence, why] = found;
  return { service, port, confidence, why: `Port ${port.port} was meant: ${why}` };
}
