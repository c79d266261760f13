/** A Service that sends traffic to a port that nothing behind it has. */
import { namespacedName, refKey, refOf, timeOf } from '@aia/cluster';
import { fieldEvidence, inOrder, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { unique } from '../../order.ts';
import type { Rule } from '../../rule.ts';
import { backings, isHeadless, type Backing } from '../../services/service-endpoints.ts';
import { portlessPorts, targetOf, undeclaredPorts } from '../../services/target-ports.ts';
import { listText } from '../../wording.ts';

type ServicePort = ReturnType<typeof portlessPorts>[number];

/** Facts: port, target, named (whether the target is a name), declared (ports as `http=8080/TCP`), workloads (`refKey`s). */
export const rule: Rule = {
  code: 'service-target-port-missing',
  title: 'Service sends to a port that its pods do not have',
  severity: 'high',
  explanation:
    'The target port of the Service is a name that no container behind it gives to a port, with the same protocol: Kubernetes then lists no endpoint for this port, and connections to it fail. Usual causes are a port that was renamed and a slip of the pen. Low for a number that no container declares although all of them declare others: declaring ports is voluntary, so the port may be open all the same, but often the number is wrong; low for headless Services, whose clients choose the port by themselves, and while the workload is scaled to zero. The rule stays silent where one of several workloads behind the Service has the port.',
  remediation: {
    class: 'repair-network',
    text: 'Set targetPort to the name or number of the port on which the container listens, or name that port in the pod template.',
  },
  aliases: { popeye: ['1106'] },
  needs: [],
  *check(examination) {
    const all = backings(examination);
    for (const service of inOrder(examination.snapshot.list('Service'))) {
      const backing = all.get(namespacedName(service));
      const { type } = service.spec ?? {};
      if (backing === undefined || type === 'ExternalName' || service.metadata.deletionTimestamp !== undefined)
        continue;
      if (!examination.judges(service.metadata.namespace ?? '')) continue;
      for (const port of portlessPorts(backing)) yield missing(examination, backing, port, true);
      if (!isHeadless(service))
        for (const port of undeclaredPorts(backing)) yield missing(examination, backing, port, false);
    }
  },
};

function missing(examination: Examination, backing: Backing, port: ServicePort, isNamed: boolean): FindingDraft {
  const { service, pods, makers } = backing;
  const declared = declaredPorts(backing);
  const at = (service.spec?.ports ?? []).indexOf(port);
  const target = String(targetOf(port));
  const protocol = port.protocol ?? 'TCP';
  const has = declared.length === 0 ? 'declare no port at all' : `declare ${listText(declared)}`;
  return {
    resource: refOf(service),
    part: String(port.name ?? port.port),
    severity: isNamed && !isHeadless(service) && backing.state !== 'idle' ? 'high' : 'low',
    message: `Service ${namespacedName(service)} sends port ${port.port} to port ${target} (${protocol}) of its pods, whose containers ${has}${isNamed ? '; it has no endpoint for that port' : ''}.`,
    evidence: [
      fieldEvidence(service, `spec.ports[${at}].targetPort`, port.targetPort ?? `(${port.port})`),
      ...inOrder(pods)
        .slice(0, 1)
        .map((pod) => fieldEvidence(pod, 'spec.containers[*].ports', declared.join(', ') || '(none)')),
    ],
    facts: {
      port: port.port,
      target,
      named: isNamed,
      declared: declared.slice(0, 20),
      workloads: unique([
        ...makers.map(({ workload }) => refKey(refOf(workload))),
        ...pods.map((pod) => refKey(refOf(examination.workloadOf(pod)))),
      ]).slice(0, 20),
    },
    since: timeOf(service.metadata.creationTimestamp),
  };
}

function declaredPorts({ pods, makers }: Backing): readonly string[] {
  const containers =
    pods.length > 0 ? pods.flatMap(({ spec }) => spec?.containers ?? []) : makers.flatMap((maker) => maker.containers);
  const ports = containers.flatMap((container) => container.ports ?? []);
  return unique(
    ports.map(({ name, ...port }) => (name === undefined ? numberText(port) : `${name}=${numberText(port)}`)),
  );
}

function numberText({ containerPort, protocol = 'TCP' }: { containerPort?: number; protocol?: string }): string {
  return `${containerPort ?? '?'}/${protocol}`;
}
