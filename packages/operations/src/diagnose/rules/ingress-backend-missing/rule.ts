/** An Ingress whose backend names a Service, or a port of one, that does not exist. */
import { refOf, timeOf, type KindMap } from '@aia/cluster';
import { absenceOf } from '../../absence.ts';
import { absenceEvidence, fieldEvidence, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { ingressBackends, type IngressBackend } from '../../services/ingress-backends.ts';
import { unique } from '../../order.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { listText } from '../../wording.ts';

type Ingress = KindMap['Ingress'];

/** Facts: service (`namespace/name`), missing (`service`, `port`), port, ports (of the Service), routes (host and path). */
export const rule: Rule = {
  code: 'ingress-backend-missing',
  title: 'Backend of an Ingress does not exist',
  severity: 'high',
  explanation:
    'A path of the Ingress, or its default backend, names a Service that does not exist in its namespace, or a port that the Service does not have by that name or number. Requests to that path fail (404 or 503, by controller), and some controllers then refuse the whole Ingress. Low where it is not certain that Services were read. The rule stays silent for backends that are other resources, for the actions that AWS load balancers read from annotations, for ports of an ExternalName that lists none, and within the grace period.',
  remediation: {
    class: 'repair-network',
    text: 'Correct the name or port of the backend, or create the Service.',
  },
  aliases: {
    k8sgpt: ['Ingress/3'],
    popeye: ['1401', '1402', '1404'],
    'kube-score': ['ingress-targets-service'],
    'kube-linter': ['dangling-ingress'],
    kubescape: ['C-0298'],
    gcpdiag: ['gke/WARN/2024_003'],
  },
  needs: [],
  *check(examination) {
    const { graceMs } = examination.thresholds;
    for (const ingress of livingOf(examination, 'Ingress')) {
      if ((examination.ageMs(ingress.metadata.creationTimestamp) ?? Infinity) < graceMs) continue;
      const groups = Map.groupBy(ingressBackends(ingress), ({ service, port }) => `${service}:${portText(port)}`);
      for (const [part, backends] of groups) {
        const found = missing(examination, ingress, part, backends);
        if (found !== undefined) yield found;
      }
    }
  },
};

function missing(
  { snapshot }: Examination,
  ingress: Ingress,
  part: string,
  backends: readonly IngressBackend[],
): FindingDraft | undefined {
  const [{ service, port, path }] = backends as [IngressBackend];
  const { namespace = '', name } = ingress.metadata;
  const found = snapshot.get('Service', namespace, service);
  const absence = absenceOf(snapshot, '', 'Service', namespace);
  if (found === undefined && absence === 'unknown') return undefined;
  const ports = found?.spec?.ports ?? [];
  if (found !== undefined && (hasPort(ports, port) || (found.spec?.type === 'ExternalName' && ports.length === 0)))
    return undefined;
  const listed = ports.map((one) => portText({ name: one.name, number: one.port }));
  const routes = unique(backends.map(({ route }) => route));
  const what =
    found === undefined
      ? `Service ${service}, which ${absence === 'certain' ? 'does not exist' : 'is not among what was read'}`
      : isNameless(port)
        ? `Service ${service} without saying which port`
        : `port ${portText(port)} of Service ${service}, which has ${listed.length === 0 ? 'no ports' : listText(listed)}`;
  return {
    resource: refOf(ingress),
    part,
    severity: found === undefined && absence === 'likely' ? 'low' : 'high',
    message: `Ingress ${namespace}/${name} sends ${listText(routes)} to ${what}.`,
    evidence: [
      fieldEvidence(
        ingress,
        found === undefined ? `${path}.name` : `${path}.port`,
        found === undefined ? service : portText(port),
      ),
      found === undefined
        ? absenceEvidence('Service', namespace, service, 'not among the Services of the namespace')
        : fieldEvidence(found, 'spec.ports', listed.join(', ') || '(none)'),
    ],
    facts: {
      service: `${namespace}/${service}`,
      missing: found === undefined ? 'service' : 'port',
      port: portText(port),
      ports: listed,
      routes: routes.slice(0, 20),
    },
    since: timeOf(ingress.metadata.creationTimestamp),
  };
}

type Port = IngressBackend['port'];

function isNameless({ name, number }: Port): boolean {
  return (name ?? '') === '' && (number ?? 0) === 0;
}

function hasPort(ports: readonly { readonly name?: string; readonly port: number }[], wanted: Port): boolean {
  if (isNameless(wanted)) return false;
  return ports.some(({ name, port }) =>
    wanted.name === undefined || wanted.name === '' ? port === wanted.number : name === wanted.name,
  );
}

function portText({ name, number }: Port): string {
  return name !== undefined && name !== '' ? name : number === undefined ? '(none)' : String(number);
}
