/**
 * What recorded programs say of calls that fail: whoever ends because a Service does not answer goes on so until it answers. One behind which
 * something was ready all the while answers once policies about it have changed, since nothing else of what was read can have kept it from that.
 */
import type { Service } from '../../model/kinds.ts';
import type { ClusterSnapshot } from '../../snapshot/snapshot.ts';
import { ENDPOINT_SLICES, NETWORK_POLICIES, SERVICES } from '../api/built-in-types.ts';
import type { ObjectStore } from '../store/object-store.ts';

/** A program, and whether what it called answers by now. */
export interface RecordedCall {
  readonly namespace: string;
  /** `Deployment/web`. */
  readonly workload: string;
  readonly container: string;
  isAnswered(): boolean;
}

/** The last lines are about the end. */
const LAST = 20;
const FAILED =
  /refused|time(?:d )?-?out|unreachable|no route to host|no such host|EAI_AGAIN|ENOTFOUND|name resolution|could not translate|deadline exceeded|ECONNREFUSED|could(?:n't| not) connect/i;
const UNKNOWN = /no such host|ENOTFOUND|could not translate|name or service not known/i;
const UNRESOLVED = /EAI_AGAIN|temporary failure in name resolution|server misbehaving/i;
const HOST =
  /(?<![\w.-])([a-z](?:[a-z0-9-]{0,62}))(?:\.([a-z](?:[a-z0-9-]{0,62})))?(?:\.svc(?:\.[a-z0-9.-]{1,100})?)?(?=[:/\s"])/g;
const ADDRESS = /(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}/g;

/** Programs of a snapshot whose last words are that a Service of the cluster does not answer. */
export function recordedCalls(snapshot: ClusterSnapshot, store: ObjectStore): readonly RecordedCall[] {
  const byAddress = new Map(snapshot.list('Service').map((one) => [one.spec?.clusterIP ?? '', one]));
  const calls = new Map<string, RecordedCall>();
  for (const { namespace, pod: name, container, lines } of snapshot.logs) {
    const said = lines.slice(-LAST).filter((line) => FAILED.test(line));
    const called = said.flatMap((line) => servicesIn(line, namespace, snapshot, byAddress));
    const absent = said.filter((line) => UNKNOWN.test(line)).flatMap((line) => absentIn(line, snapshot));
    const pod = called.length + absent.length === 0 ? undefined : snapshot.get('Pod', namespace, name);
    if (pod === undefined) continue;
    const owner = snapshot.rootOwnerOf(pod);
    const workload = `${owner.kind}/${owner.metadata.name}`;
    const tests = [
      ...[...new Set(called)].map((service) => answerTest(service, namespace, store)),
      ...absent.map((one) => () => store.get(SERVICES, one.namespace, one.name) !== undefined),
    ];
    calls.set(`${namespace}/${workload}/${container}`, {
      ...{ namespace, workload, container },
      isAnswered: () => tests.every((isAnswered) => isAnswered()),
    });
  }
  return [...calls.values()];
}

function servicesIn(
  line: string,
  home: string,
  snapshot: ClusterSnapshot,
  byAddress: ReadonlyMap<string, Service>,
): readonly Service[] {
  const named = [...line.matchAll(HOST)].flatMap(([, name = '', namespace = home]) => {
    return snapshot.get('Service', namespace, name) ?? [];
  });
  const addressed = [...line.matchAll(ADDRESS)].flatMap(([, address = '']) => byAddress.get(address) ?? []);
  const all = [...named, ...addressed];
  if (all.length > 0 || !UNRESOLVED.test(line)) return all;
  const resolver = snapshot.list('Service').find(({ spec }) => spec?.selector?.['k8s-app'] === 'kube-dns');
  return resolver === undefined ? [] : [resolver];
}

/** Names of a namespace of the cluster that no Service has. */
function absentIn(line: string, snapshot: ClusterSnapshot) {
  return [...line.matchAll(HOST)].flatMap(([, name = '', namespace]) =>
    namespace !== undefined &&
    snapshot.get('Namespace', '', namespace) !== undefined &&
    snapshot.get('Service', namespace, name) === undefined
      ? [{ namespace, name }]
      : [],
  );
}

function answerTest({ metadata }: Service, home: string, store: ObjectStore): () => boolean {
  const { namespace = '', name } = metadata;
  const wasReady = isReady(store, namespace, name);
  const policies = policiesOf(store, [namespace, home]);
  return () => isReady(store, namespace, name) && (!wasReady || policiesOf(store, [namespace, home]) !== policies);
}

function isReady(store: ObjectStore, namespace: string, name: string): boolean {
  if (store.get(SERVICES, namespace, name) === undefined) return false;
  for (const { metadata, endpoints } of store.list(ENDPOINT_SLICES, namespace))
    if (
      metadata.labels?.['kubernetes.io/service-name'] === name &&
      // A slice without endpoints has null there.
      (endpoints as typeof endpoints | null)?.some(({ conditions }) => conditions?.ready !== false) === true
    )
      return true;
  return false;
}

function policiesOf(store: ObjectStore, namespaces: readonly string[]): string {
  return JSON.stringify(
    [...new Set(namespaces)]
      .sort()
      .flatMap((namespace) =>
        [...store.list(NETWORK_POLICIES, namespace)].map(({ metadata, spec }) => [namespace, metadata.name, spec]),
      ),
  );
}
