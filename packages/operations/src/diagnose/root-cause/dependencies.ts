/**
 * Failures that cross a Service: what calls a Service behind which nothing answers, and says so in its own words (probe,
 * termination message, log, admission error). A mention in configuration alone proves nothing and makes no edge.
 */
import { refKey, type ClusterSnapshot, type KubeObject, type Service } from '@aia/cluster';
import { isReady } from '../conditions.ts';
import type { Evidence } from '../evidence.ts';
import type { Finding } from '../finding.ts';
import { servicesSelecting } from '../services/selecting-services.ts';
import { DEAD_SERVICES, isDead } from './consequences/network.ts';
import { text, texts, type FindingIndex } from './finding-index.ts';
import { lastWords, logsOf } from './last-words.ts';

/** One failing caller. */
export interface FailedCall {
  readonly from: Finding;
  readonly to: Finding;
  readonly service: string;
  /** `refKey`s of the workloads behind the Service. */
  readonly providers: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** Symptoms of a workload that may leave a Service without a ready pod. */
const PROVIDERS = [
  'deployment-unavailable',
  'stateful-set-unavailable',
  'daemon-set-unavailable',
  'replica-set-unavailable',
];
/** Codes of findings whose own words may name what they called. */
export const CALLERS = [
  'container-crash-loop',
  'container-not-ready',
  'container-terminated-with-error',
  'container-restarts-often',
  'replica-creation-failed',
];
const FAILURE =
  /refused|timed? ?out|timeout|no such host|could not connect|couldn't connect|could not translate|unreachable|no endpoints|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|UnknownHost|lookup |deadline exceeded/i;
/** A host with a port, a name inside the cluster, or a bare name where the words say that it is a host. */
const HOST =
  /(?<![\w.-])(?:(?<ported>[a-z0-9][a-z0-9.-]{0,252}):\d{2,5}|(?<full>[a-z0-9-]{1,63}\.[a-z0-9-]{1,63}\.svc)|(?:lookup|host(?: ?name)?|server at|ENOTFOUND|EAI_AGAIN|UnknownHostException:) "?(?<named>[a-z0-9][a-z0-9.-]{0,252}))(?![\w-])/g;
/** Names that nobody resolved: the resolver gave no answer. That a name does not exist (`no such host`) is one. */
export const UNANSWERED =
  /EAI_AGAIN|temporary failure in name resolution|lookup \S{1,253} on \S{1,60}:53: (?!no such host)|name resolution (?:timed out|failed)/i;
/** A resolver that says that a name does not exist has answered. */
const ANSWERED = / on \S{1,60}:53(?=: no such host)/g;
/** Stands for the cluster's own name service among hosts. */
const RESOLVER = '(resolver)';
/** Texts are looked at up to here, and logs by their last lines. */
const LONGEST = 4000;
const LINES = 50;

/** All calls that a caller itself says have failed. */
export function failedCalls(findings: FindingIndex, snapshot: ClusterSnapshot): readonly FailedCall[] {
  const providers = providersByHost(findings, snapshot);
  if (providers.size === 0) return [];
  return findings.ofCode(...CALLERS).flatMap((to) => callsOf(to, providers, snapshot));
}

/** Without the calls of two that call each other: they prove nothing about which came first. */
export function oneWay(calls: readonly FailedCall[]): readonly FailedCall[] {
  const pairs = new Set(calls.flatMap(({ providers: from, to }) => from.map((key) => `${key} ${workloadOf(to)}`)));
  return calls.filter(({ providers: from, to }) => !from.some((key) => pairs.has(`${workloadOf(to)} ${key}`)));
}

/** A Service behind which nothing answers, and the finding about it or, where it has none, about the workload behind it. */
export interface Provider {
  readonly finding: Finding;
  readonly service: Service;
  /** `refKey`s of what stands behind it. */
  readonly workloads: ReadonlySet<string>;
}

/** Host name (`db.shop`) or address → the Service. */
export function providersByHost(findings: FindingIndex, snapshot: ClusterSnapshot): ReadonlyMap<string, Provider> {
  const providers = new Map<string, Provider>();
  const add = (provider: Provider): void => {
    const { metadata, spec } = provider.service;
    providers.set(`${metadata.name}.${metadata.namespace ?? ''}`, provider);
    const { clusterIP = '' } = spec ?? {};
    if (clusterIP !== 'None' && clusterIP !== '') providers.set(clusterIP, provider);
    if (spec?.selector?.['k8s-app'] === 'kube-dns') providers.set(RESOLVER, provider);
  };
  // The last one stands: that nothing is ready says more than what the ports are, and a port that is merely not declared
  // counts only where nothing else is wrong.
  const addServices = (found: readonly Finding[]): void => {
    for (const finding of found.toReversed()) {
      const service = snapshot.get('Service', finding.resource.namespace, finding.resource.name);
      if (service !== undefined) add({ finding, service, workloads: new Set(texts(finding, 'workloads')) });
    }
  };
  addServices(findings.ofCode('service-target-port-missing').filter((finding) => !isDead(finding)));
  for (const finding of findings.ofCode(...PROVIDERS)) {
    const workload = snapshot.resolve(finding.resource) as Workload | undefined;
    const labels = workload?.spec?.template?.metadata?.labels;
    if (labels === undefined) continue;
    for (const service of servicesSelecting(snapshot, finding.resource.namespace, labels)) {
      // Another workload may stand behind the same Service and answer.
      if (snapshot.withLabels('Pod', finding.resource.namespace, service.spec?.selector ?? {}).some(isReady)) continue;
      add({ finding, service, workloads: new Set([refKey(finding.resource)]) });
    }
  }
  addServices(DEAD_SERVICES.flatMap((code) => findings.ofCode(code)).filter(isDead));
  return providers;
}

type Workload = KubeObject & {
  readonly spec?: {
    readonly template?: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } };
  };
};

/** The provider that a word names: `db`, `db:5432`, `postgres://db.shop:5432/app`. */
export function providerNamed(
  word: string,
  namespace: string,
  providers: ReadonlyMap<string, Provider>,
): Provider | undefined {
  const hosts = /^[a-z0-9.-]{1,253}$/.test(word) ? [word] : hostsIn(word.slice(0, LONGEST));
  return hosts.map((host) => providerOf(host, namespace, providers)).find((one) => one !== undefined);
}

function providerOf(host: string, namespace: string, providers: ReadonlyMap<string, Provider>): Provider | undefined {
  return providers.get(host) ?? providers.get(inNamespace(host, namespace)) ?? behindMember(host, namespace, providers);
}

/** The Service through which the pods of a StatefulSet have names of their own: `db-0.db`, `db-0.db.shop.svc`. */
function behindMember(host: string, namespace: string, providers: ReadonlyMap<string, Provider>): Provider | undefined {
  const [pod = '', name = '', space = namespace] = host.split('.');
  const provider = name === '' ? undefined : providers.get(`${name}.${space}`);
  const set = pod.replace(/-\d{1,5}$/, '');
  return set !== pod && provider?.workloads.has(`apps/StatefulSet/${space}/${set}`) === true ? provider : undefined;
}

function callsOf(
  to: Finding,
  providers: ReadonlyMap<string, Provider>,
  snapshot: ClusterSnapshot,
): readonly FailedCall[] {
  const calls = new Map<string, FailedCall>();
  for (const { words, evidence } of wordsOf(to, snapshot)) {
    const isUnanswered = UNANSWERED.test(words);
    if (!isUnanswered && !FAILURE.test(words)) continue;
    // Whom it wanted to call does not matter where the name was not resolved.
    for (const host of isUnanswered ? [RESOLVER] : hostsIn(words)) {
      const provider = providerOf(host, to.resource.namespace, providers);
      if (provider === undefined || provider.workloads.has(workloadOf(to))) continue;
      const { name, namespace = '' } = provider.service.metadata;
      calls.set(provider.finding.id, {
        from: provider.finding,
        to,
        service: `${namespace}/${name}`,
        providers: [...provider.workloads],
        evidence: [evidence],
      });
    }
  }
  return [...calls.values()];
}

function* wordsOf(finding: Finding, snapshot: ClusterSnapshot): Iterable<{ words: string; evidence: Evidence }> {
  for (const one of finding.evidence) {
    const words = one.kind === 'event' ? one.message : one.kind === 'field' ? one.value : '';
    if (words !== '') yield { words: words.slice(0, LONGEST), evidence: one };
  }
  const [shown] = lastWords(finding, snapshot);
  for (const { lines } of logsOf(finding, snapshot)) {
    for (const line of lines.slice(-LINES))
      if (shown !== undefined)
        yield { words: line.slice(0, LONGEST), evidence: { ...shown, ...(shown.kind === 'log' && { lines: [line] }) } };
  }
}

/** Hosts that a text names. */
export function hostsIn(words: string): readonly string[] {
  return [...words.replaceAll(ANSWERED, '').matchAll(HOST)].map(
    ({ groups }) => groups?.['ported'] ?? groups?.['full'] ?? groups?.['named'] ?? '',
  );
}

/** `db` → `db.shop`; `db.shop.svc.cluster.local` → `db.shop`. */
function inNamespace(host: string, namespace: string): string {
  const [name = '', space = namespace] = host.split('.');
  return `${name}.${space}`;
}

/** Key of the workload that a finding is about, itself or through its pod. */
export function workloadOf(finding: Finding): string {
  return text(finding, 'workload') || refKey(finding.resource);
}
