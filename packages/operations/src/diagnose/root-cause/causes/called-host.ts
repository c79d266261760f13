/**
 * What a failing program says it could not call, where nothing is known to be wrong with that: a Service that does not exist, a
 * Service whose pods are ready, a host outside the cluster. What several workloads miss is one cause.
 */
import { refKey, refOf, refText, type ClusterSnapshot, type Pod, type ResourceRef, type Service } from '@aia/cluster';
import { isReadIn } from '../../absence.ts';
import type { Evidence } from '../../evidence.ts';
import { absenceEvidence } from '../../examination.ts';
import type { Finding } from '../../finding.ts';
import type { RemediationClass } from '../../rule.ts';
import { isReady } from '../../conditions.ts';
import { blockingPolicy, portNamed } from '../../services/network-policies.ts';
import { hostsIn, UNANSWERED } from '../dependencies.ts';
import { effectsOn, STRENGTH, type CauseContext, type Explain, type Hypothesis } from '../hypothesis.ts';
import { ownWords } from '../last-words.ts';
import { workloadRef } from './workload-ref.ts';

/** Findings about programs that end by themselves. */
const ENDED = ['container-crash-loop', 'container-terminated-with-error'];
/** Of those that run and do not get ready. */
const UNREADY = 'container-not-ready';
/** Of a program that goes on running only what it said just now counts. */
const RECENT = 5;
/** The pod itself. */
const LOOPBACK = /^(?:localhost|127\.|0\.0\.0\.0$)/;
const ADDRESS = /^\d{1,3}(?:\.\d{1,3}){3}$/;
/** Places in programs are written as hosts with ports are, and so are times of day. */
const NO_HOST = /^[\d-]+$|\.(?:c|cc|cpp|cs|ex|exs|go|java|js|kt|lua|mjs|php|pl|py|rb|rs|scala|sh|ts)$/;
/** The name is not known: to call it again is of no use. */
const UNKNOWN =
  /no such host|ENOTFOUND|UnknownHost|could not translate|name or service not known|name does not resolve|NXDOMAIN/i;
/** Words of a call that failed. */
const FAILED =
  /refused|timed out|i\/o timeout|could(?:n't| not) connect|unreachable|no route to host|ECONNREFUSED|ETIMEDOUT|deadline exceeded/i;
/** Packets that nobody takes are answered by nobody. */
const SILENCE = /timed out|timeout|could(?:n't| not) connect|unreachable|ETIMEDOUT|deadline exceeded/i;
/** The name server in the words of Go's resolver. */
const RESOLVER = / on (\d[\d.]{6,14}):53\b/;
/** Another end than a failed call. */
const FATAL = /\b(?:panic|FATAL|fatal error|Traceback|OutOfMemoryError|Segmentation fault)\b/;

type Kind = 'service-name-unknown' | 'service-unreachable' | 'host-unreachable' | 'network-policy-blocks';

/** A program that says that a call failed. */
interface Call {
  readonly finding: Finding;
  readonly kind: Kind;
  readonly target: ResourceRef;
  /** What it called, where that is not what is at fault. */
  readonly called?: ResourceRef;
  readonly evidence: Evidence;
}

/** Of findings that no other one brings about. */
export function explainByCalledHost(roots: ReadonlySet<string>): Explain {
  return ({ findings, examination: { snapshot } }: CauseContext) => {
    const services = servicesOf(snapshot);
    const calls = findings
      .ofCode(...ENDED, UNREADY)
      .filter(({ id, facts }) => roots.has(id) && facts['cause'] !== 'liveness')
      .flatMap((finding) => lastCall(finding, snapshot, services) ?? []);
    const groups = Map.groupBy(calls, ({ kind, target }) => `${kind} ${refKey(target)}`);
    return [...groups.values()].map(hypothesisOf);
  };
}

/** By its last words about a call that failed, unless it ended of something else afterwards. */
function lastCall(finding: Finding, snapshot: ClusterSnapshot, services: Services): Call | undefined {
  const words = ownWords(finding, snapshot);
  for (const { line, evidence } of finding.code === UNREADY ? words.slice(0, RECENT) : words) {
    const isUnknown = UNKNOWN.test(line);
    if (!isUnknown && !FAILED.test(line) && !UNANSWERED.test(line)) {
      if (FATAL.test(line)) return undefined;
      continue;
    }
    if (UNANSWERED.test(line)) return unresolved(finding, line, evidence, services, snapshot);
    for (const host of hostsIn(line).filter((name) => !LOOPBACK.test(name) && !NO_HOST.test(name))) {
      const said = targetOf(host, line, finding, snapshot, services);
      if (said !== undefined) return { ...said, finding, evidence };
    }
  }
  return undefined;
}

/** The resolver that it asked, where something behind that is ready: by the line that names it, or since policies keep it off. */
function unresolved(
  finding: Finding,
  line: string,
  evidence: Evidence,
  services: Services,
  snapshot: ClusterSnapshot,
): Call | undefined {
  const named = services.byAddress.get(RESOLVER.exec(line)?.[1] ?? '');
  const service = named ?? services.resolver;
  if (service === undefined || !services.answers(service)) return undefined;
  const policy = policyBefore(service, DNS, finding, snapshot);
  if (policy !== undefined) return { ...policy, finding, evidence };
  return named === undefined ? undefined : { finding, evidence, kind: 'service-unreachable', target: refOf(named) };
}

const DNS = 53;

/** The policy that keeps the pod of a finding from all pods behind a Service; `port` is the Service's. */
function policyBefore(
  service: Service,
  port: number | undefined,
  { resource }: Finding,
  snapshot: ClusterSnapshot,
): Pick<Call, 'kind' | 'target' | 'called'> | undefined {
  const from = snapshot.resolve(resource) as Pod | undefined;
  const { selector = {}, ports = [] } = service.spec ?? {};
  if (from?.kind !== 'Pod' || Object.keys(selector).length === 0) return undefined;
  const { targetPort = port } = ports.find((one) => one.port === port) ?? {};
  const policies = snapshot
    .withLabels('Pod', service.metadata.namespace ?? '', selector)
    .filter(isReady)
    .map((to) => {
      const number = typeof targetPort === 'string' ? portNamed(targetPort, to) : targetPort;
      return blockingPolicy({ from, to, port: number }, snapshot);
    });
  const [policy] = policies;
  return policy === undefined || policies.includes(undefined)
    ? undefined
    : { kind: 'network-policy-blocks', target: refOf(policy), called: refOf(service) };
}

function targetOf(
  host: string,
  line: string,
  finding: Finding,
  snapshot: ClusterSnapshot,
  services: Services,
): Pick<Call, 'kind' | 'target' | 'called'> | undefined {
  const { resource } = finding;
  const isUnknown = UNKNOWN.test(line);
  const [name = '', namespace = resource.namespace, third] = host.split('.');
  const service = ADDRESS.test(host) ? services.byAddress.get(host) : snapshot.get('Service', namespace, name);
  if (service !== undefined) {
    if (isUnknown || !services.answers(service)) return undefined;
    const policy = SILENCE.test(line) ? policyBefore(service, portOf(host, line), finding, snapshot) : undefined;
    return policy ?? { kind: 'service-unreachable', target: refOf(service) };
  }
  const isInside =
    !host.includes('.') ||
    host.includes('.svc') ||
    snapshot.get('Namespace', '', namespace) !== undefined ||
    // The name of one pod: `db-0.db`.
    snapshot.get('Service', third ?? resource.namespace, namespace) !== undefined;
  if (!isInside) return isPod(host, snapshot) ? undefined : { kind: 'host-unreachable', target: ref('Host', '', host) };
  return isUnknown && isReadIn(snapshot, 'Service', namespace)
    ? { kind: 'service-name-unknown', target: ref('Service', namespace, name) }
    : undefined;
}

/** The port that a line names after a host. */
function portOf(host: string, line: string): number | undefined {
  const port = /^:(\d{1,5})\b/.exec(line.slice(line.indexOf(host) + host.length))?.[1];
  return port === undefined ? undefined : Number(port);
}

/** Services as calls meet them. */
interface Services {
  readonly byAddress: ReadonlyMap<string, Service>;
  /** The cluster's own name service, where its Service was read. */
  readonly resolver: Service | undefined;
  /** Whether something behind it is ready, as far as that is to be seen: without a selector it may lead anywhere. */
  answers(service: Service): boolean;
}

function servicesOf(snapshot: ClusterSnapshot): Services {
  return {
    byAddress: new Map(snapshot.list('Service').map((service) => [service.spec?.clusterIP ?? '', service])),
    resolver: snapshot.list('Service').find(({ spec }) => spec?.selector?.['k8s-app'] === 'kube-dns'),
    answers: ({ metadata: { namespace = '' }, spec }) => {
      const { selector = {} } = spec ?? {};
      return Object.keys(selector).length === 0 || snapshot.withLabels('Pod', namespace, selector).some(isReady);
    },
  };
}

function isPod(host: string, snapshot: ClusterSnapshot): boolean {
  return ADDRESS.test(host) && snapshot.list('Pod').some(({ status }) => status?.podIP === host);
}

function ref(kind: string, namespace: string, name: string): ResourceRef {
  return { group: '', kind, namespace, name };
}

interface Wording {
  title(target: string, callers: string): string;
  readonly why: string;
  readonly remediation: readonly [RemediationClass, string];
}

const WORDING: Readonly<Record<Kind, Wording>> = {
  'service-name-unknown': {
    title: (target, callers) => `${target}, which ${callers} would call, does not exist`,
    why: 'no Service has that name',
    remediation: [
      'restore-configuration',
      'Correct the name in the configuration of the caller, or create the Service.',
    ],
  },
  'service-unreachable': {
    title: (target, callers) => `${target} does not answer ${callers}, although nothing is seen to be wrong behind it`,
    why: 'nothing that was read is wrong behind it',
    remediation: [
      'investigate',
      'See whether a NetworkPolicy or a mesh keeps the caller away, whether the port is right, and whether the program behind it listens.',
    ],
  },
  'network-policy-blocks': {
    title: (target, callers) => `${target} keeps the calls of ${callers} from where they go`,
    why: 'the policies that were read let none of them through',
    remediation: [
      'repair-network',
      'Add a rule that lets the callers through: ingress for those behind the Service, egress for the callers, and for names UDP and TCP 53 of the cluster DNS.',
    ],
  },
  'host-unreachable': {
    title: (target, callers) => `${target} does not answer ${callers}`,
    why: 'the host is not part of the cluster',
    remediation: [
      'investigate',
      'See whether the host runs, and whether firewalls, routes and name resolution let the cluster reach it.',
    ],
  },
};

function hypothesisOf(calls: readonly Call[]): Hypothesis {
  const [{ kind, target, called = target, finding }] = calls as [Call];
  const { title, why, remediation } = WORDING[kind];
  const callers = [...new Set(calls.map(({ finding }) => refText(workloadRef(finding))))].sort();
  const name = kind === 'host-unreachable' ? `Host ${target.name}` : refText(target);
  const place = kind === 'network-policy-blocks' ? refText(called) : name;
  const who = callers.length > 2 ? `${callers.length} workloads` : callers.join(' and ');
  return {
    class: kind,
    resource: target,
    title: title(name, who),
    statement: `${callers.join(', ')} ${callers.length === 1 ? 'says' : 'say'} that calls to ${place} fail; ${why}.`,
    effects: effectsOn(
      calls.map(({ finding }) => finding),
      `its last words are that a call to ${place} failed`,
    ),
    evidence: [
      ...calls.map(({ evidence }) => evidence).slice(0, 5),
      ...(kind === 'service-name-unknown'
        ? [absenceEvidence('Service', target.namespace, target.name, 'not in the cluster')]
        : []),
    ],
    weighings: [
      {
        observation: 'the program itself says which call failed',
        ratio: finding.code === UNREADY ? STRENGTH.measured : STRENGTH.stated,
      },
      ...(kind === 'network-policy-blocks'
        ? [{ observation: 'by its rules the policy lets the call not through', ratio: STRENGTH.measured }]
        : []),
      ...(callers.length > 1 ? [{ observation: 'several workloads say so', ratio: STRENGTH.hint }] : []),
    ],
    remediation: { class: remediation[0], text: remediation[1] },
  };
}
