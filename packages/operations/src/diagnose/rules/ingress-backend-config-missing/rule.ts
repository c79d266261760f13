/** A GKE annotation that names a BackendConfig or FrontendConfig that does not exist. */
import { refOf, timeOf, type KubeObject } from '@aia/cluster';
import { absenceOf } from '../../absence.ts';
import { absenceEvidence, fieldEvidence, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { ingressBackends } from '../../services/ingress-backends.ts';
import { controllerOf } from '../../services/ingress-classes.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';

const FRONTEND = 'networking.gke.io/v1beta1.FrontendConfig';
const BACKEND = ['cloud.google.com/backend-config', 'beta.cloud.google.com/backend-config'];

/** Facts: objectKind, objectName, ingresses (`namespace/name`), malformed (whether the annotation cannot be read). */
export const rule: Rule = {
  code: 'ingress-backend-config-missing',
  title: 'GKE configuration of an Ingress does not exist',
  severity: 'high',
  explanation:
    'An annotation of a Service behind a GKE Ingress names a BackendConfig, or one of the Ingress a FrontendConfig, that does not exist in its namespace, or the annotation cannot be read as JSON. The controller then refuses to update the load balancer. Low where it is not certain that these kinds were read. The rule stays silent for Ingresses of other controllers.',
  remediation: {
    class: 'restore-configuration',
    text: 'Create the BackendConfig or FrontendConfig, or correct the annotation.',
  },
  aliases: { gcpdiag: ['gke/WARN/2024_004'] },
  needs: [],
  *check(examination) {
    const { snapshot } = examination;
    const used = new Map<KubeObject, string[]>();
    for (const ingress of livingOf(examination, 'Ingress')) {
      if (controllerOf(examination, ingress) !== 'gce') continue;
      const { namespace = '', name, annotations = {} } = ingress.metadata;
      const frontend = annotations[FRONTEND] ?? '';
      if (frontend !== '')
        yield* missing(examination, ingress, {
          annotation: FRONTEND,
          group: 'networking.gke.io',
          kind: 'FrontendConfig',
          name: frontend,
          ingresses: [`${namespace}/${name}`],
        });
      for (const backend of new Set(ingressBackends(ingress).map(({ service }) => service))) {
        const service = snapshot.get('Service', namespace, backend);
        if (service !== undefined) used.set(service, [...(used.get(service) ?? []), `${namespace}/${name}`]);
      }
    }
    for (const [service, ingresses] of used) yield* ofService(examination, service, ingresses);
  },
};

function* ofService(
  examination: Examination,
  service: KubeObject,
  ingresses: readonly string[],
): Iterable<FindingDraft> {
  const { annotations = {}, namespace = '', name, creationTimestamp } = service.metadata;
  const annotation = BACKEND.find((key) => annotations[key] !== undefined);
  if (annotation === undefined) return;
  const value = annotations[annotation] ?? '';
  const names = configNames(value);
  if (names === undefined)
    yield {
      resource: refOf(service),
      part: annotation,
      message: `Service ${namespace}/${name}: annotation ${annotation} cannot be read as JSON; GKE refuses the Ingress that uses it.`,
      evidence: [fieldEvidence(service, `metadata.annotations['${annotation}']`, value === '' ? '(empty)' : value)],
      facts: { objectKind: 'BackendConfig', objectName: '', ingresses, malformed: true },
      since: timeOf(creationTimestamp),
    };
  for (const one of names ?? [])
    yield* missing(examination, service, {
      annotation,
      group: 'cloud.google.com',
      kind: 'BackendConfig',
      name: one,
      ingresses,
    });
}

interface Wanted {
  readonly annotation: string;
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly ingresses: readonly string[];
}

function* missing({ snapshot }: Examination, holder: KubeObject, wanted: Wanted): Iterable<FindingDraft> {
  const { annotation, group, kind, name, ingresses } = wanted;
  const { namespace = '', creationTimestamp } = holder.metadata;
  if (snapshot.resolve({ group, kind, namespace, name }) !== undefined) return;
  const absence = absenceOf(snapshot, group, kind, namespace);
  if (absence === 'unknown') return;
  const is = absence === 'certain' ? 'does not exist' : 'is not among what was read';
  yield {
    resource: refOf(holder),
    part: name,
    severity: absence === 'certain' ? 'high' : 'low',
    message: `${holder.kind} ${namespace}/${holder.metadata.name} is to be configured by ${kind} ${name}, which ${is}.`,
    evidence: [
      fieldEvidence(holder, `metadata.annotations['${annotation}']`, holder.metadata.annotations?.[annotation] ?? ''),
      absenceEvidence(kind, namespace, name, `not among the ${kind}s of the namespace`, group),
    ],
    facts: { objectKind: kind, objectName: name, ingresses, malformed: false },
    since: timeOf(creationTimestamp),
  };
}

/** `{"default": "a", "ports": {"80": "b"}}` → its names; `undefined` where it cannot be read. */
function configNames(text: string): readonly string[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { default: all, ports } = value as { default?: unknown; ports?: unknown };
  const byPort: readonly unknown[] = typeof ports === 'object' && ports !== null ? Object.values(ports) : [];
  return [...new Set([all, ...byPort].filter((name) => typeof name === 'string' && name !== ''))].map(String).sort();
}
