/** Every dump is one that a GKE cluster could have produced: ids, names, references, times, addresses and quotas agree. */
import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { at, exampleFolders, listsOf, textOf, valueOf, type Listed } from './dump-files.suite.ts';

const NOW = Date.parse('2025-09-27T12:00:00Z');
const HOUR = 3_600_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const GENERATED = /-[bcdfghjklmnpqrstvwxz2456789]{5}$/;
/** Ten decimal digits at most, each put into the safe alphabet. */
const TEMPLATE_HASH = /^[456789bcdf]{8,10}$/;

const named = ({ kind, metadata }: Listed) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
const distinct = (values: readonly unknown[]) => new Set(values).size;

interface Series {
  readonly metric: { readonly namespace: string; readonly pod: string; readonly container: string };
  readonly values: readonly (readonly [number, string])[];
}

describe.each(exampleFolders)('dump of %s', (example) => {
  const lists = listsOf(example);
  const all = lists.flat();
  const of = (kind: string) => all.filter((object) => object.kind === kind);
  const stored = all.filter(({ kind }) => !kind.endsWith('Metrics'));
  const known = new Set(stored.map(named));
  const uids = new Map(stored.map((object) => [object.metadata.uid, object]));

  it('has random uids, growing versions and lists in the order of their keys', () => {
    expect(stored.filter(({ metadata }) => !UUID.test(metadata.uid ?? '')).map(named)).toEqual([]);
    expect(distinct(stored.map(({ metadata }) => metadata.uid))).toBe(stored.length);
    expect(distinct(stored.map(({ metadata }) => metadata.resourceVersion))).toBe(stored.length);
    for (const list of lists) {
      const keys = list.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`);
      expect(keys).toEqual(keys.toSorted());
    }
    expect(stored.filter(({ metadata }) => Date.parse(metadata.creationTimestamp ?? '') > NOW)).toEqual([]);
  });

  it('names what controllers made as controllers do, and every owner is there', () => {
    for (const object of stored) {
      for (const { kind, name, uid } of object.metadata.ownerReferences ?? []) {
        const owner = uids.get(uid);
        expect([owner?.kind, owner?.metadata.name], named(object)).toEqual([kind, name]);
        expect(Date.parse(object.metadata.creationTimestamp ?? '')).toBeGreaterThanOrEqual(
          Date.parse(owner?.metadata.creationTimestamp ?? ''),
        );
      }
    }
    for (const set of of('ReplicaSet')) {
      const hash = set.metadata.labels?.['pod-template-hash'] ?? '';
      expect(hash).toMatch(TEMPLATE_HASH);
      expect(set.metadata.name).toBe(`${set.metadata.ownerReferences?.[0]?.name}-${hash}`);
    }
    for (const pod of of('Pod').filter(({ metadata }) => metadata.generateName !== undefined)) {
      expect(pod.metadata.name).toMatch(GENERATED);
      expect(pod.metadata.name.slice(0, -5)).toBe(pod.metadata.generateName);
      const hash = pod.metadata.labels?.['pod-template-hash'];
      if (hash !== undefined) expect(pod.metadata.ownerReferences?.[0]?.name.endsWith(`-${hash}`)).toBe(true);
    }
  });

  it('places pods where their nodes are', () => {
    const nodes = new Map(of('Node').map((node) => [node.metadata.name, node]));
    const placed = of('Pod').filter((pod) => at(pod, 'spec.nodeName') !== undefined);
    const alone: unknown[] = [];
    for (const pod of placed) {
      const node = nodes.get(String(at(pod, 'spec.nodeName')));
      const [internal] = at(node, 'status.addresses') as readonly { readonly address: string }[];
      expect(at(pod, 'status.hostIP'), named(pod)).toBe(internal?.address);
      const ip = at(pod, 'status.podIP');
      if (at(pod, 'spec.hostNetwork') === true) expect(ip).toBe(internal?.address);
      else if (ip !== undefined) {
        expect(String(ip).startsWith(String(at(node, 'spec.podCIDR')).replace('0/24', '')), named(pod)).toBe(true);
        alone.push(ip);
      }
      const names = (path: string) =>
        (at(pod, path) as readonly { readonly name: string }[]).map(({ name }) => name).sort();
      expect(names('status.containerStatuses')).toEqual(names('spec.containers'));
    }
    expect(distinct(alone)).toBe(alone.length);
    for (const pod of of('Pod')) {
      expect(known).toContain(`ServiceAccount ${pod.metadata.namespace}/${String(at(pod, 'spec.serviceAccountName'))}`);
      const priority = at(pod, 'spec.priorityClassName');
      if (priority !== undefined) expect(known).toContain(`PriorityClass /${String(priority)}`);
    }
  });

  it('has nodes as GKE names and labels them', () => {
    const cluster = valueOf<{ name: string; currentNodeCount: number; nodePools: { name: string }[] }>(
      example,
      'cloud/cluster.json',
    );
    const nodes = of('Node');
    expect(nodes).toHaveLength(cluster.currentNodeCount);
    expect(distinct(nodes.map((node) => at(node, 'spec.podCIDR')))).toBe(nodes.length);
    for (const node of nodes) {
      const { name, labels = {} } = node.metadata;
      expect(name).toMatch(
        new RegExp(`^gke-${cluster.name}-${cluster.nodePools[0]?.name}-[0-9a-f]{8}-[bcdfghjklmnpqrstvwxz0-9]{4}$`),
      );
      const zone = labels['topology.kubernetes.io/zone'];
      expect(String(at(node, 'spec.providerID'))).toMatch(new RegExp(`^gce://[a-z0-9-]+/${zone}/${name}$`));
      expect(labels['cloud.google.com/gke-nodepool']).toBe(cluster.nodePools[0]?.name);
      expect(at(node, 'status.images')).not.toEqual([]);
    }
  });

  it('has events that are about something, still repeated, and named after their first moment', () => {
    for (const event of of('Event')) {
      const object = uids.get(String(at(event, 'involvedObject.uid')));
      expect(object?.metadata.name, named(event)).toBe(at(event, 'involvedObject.name'));
      const first = Date.parse(String(event['firstTimestamp'] ?? event['eventTime']));
      const last = Date.parse(String(event['lastTimestamp'] ?? at(event, 'series.lastObservedTime')));
      expect(last).toBeGreaterThanOrEqual(first);
      expect(NOW - last, 'events live for one hour').toBeLessThan(HOUR);
      expect(first).toBeGreaterThanOrEqual(Date.parse(object?.metadata.creationTimestamp ?? ''));
      const nanos = BigInt(`0x${event.metadata.name.split('.').at(-1)}`);
      expect(Math.abs(Number(nanos / 1_000_000n) - first)).toBeLessThan(10_000);
      expect(String(event['message']).length).toBeLessThanOrEqual(1024);
      if (at(event, 'source.component') === 'kubelet')
        expect(at(event, 'source.host')).toBe(at(object, 'spec.nodeName'));
    }
  });

  it('has Services with addresses, ports and endpoints of their own', () => {
    const services = of('Service');
    expect(distinct(services.map((service) => at(service, 'spec.clusterIP')))).toBe(services.length);
    const ports = services.flatMap((service) => at(service, 'spec.ports') as readonly { readonly nodePort?: number }[]);
    const nodePorts = ports.map(({ nodePort }) => nodePort).filter((port) => port !== undefined);
    expect(distinct(nodePorts)).toBe(nodePorts.length);
    const addresses = new Set(of('Pod').map((pod) => at(pod, 'status.podIP')));
    for (const slice of of('EndpointSlice').filter(({ metadata }) => metadata.ownerReferences !== undefined))
      for (const endpoint of (at(slice, 'endpoints') ?? []) as readonly { readonly addresses: readonly string[] }[])
        expect(addresses).toContain(endpoint.addresses[0]);
  });

  it('has the whole quota table, in doubles, and a forwarding rule for each address', () => {
    const region = valueOf<{ quotas: { metric: string; limit: number; usage: number }[] }>(
      example,
      'cloud/region.json',
    );
    expect(region.quotas.length).toBeGreaterThanOrEqual(76);
    expect(distinct(region.quotas.map(({ metric }) => metric))).toBe(region.quotas.length);
    expect(region.quotas.filter(({ limit, usage }) => usage > limit)).toEqual([]);
    for (const path of ['cloud/region.json', 'cloud/project.json'])
      expect(textOf(example, path)).not.toMatch(/"(?:limit|usage)": \d+,?$/m);
    const addressed = of('Service').flatMap((service) => {
      const [ingress] = (at(service, 'status.loadBalancer.ingress') ?? []) as readonly { readonly ip: string }[];
      return ingress === undefined ? [] : [[ingress.ip, `a${service.metadata.uid?.replaceAll('-', '')}`.slice(0, 32)]];
    });
    const rules = valueOf<{ IPAddress: string; name: string }[]>(example, 'cloud/forwarding-rules.json');
    expect(rules.map(({ IPAddress, name }) => [IPAddress, name]).sort()).toEqual(addressed.sort());
    const usageOf = (wanted: string) => region.quotas.find(({ metric }) => metric === wanted)?.usage ?? 0;
    const ofNodes = of('Node').flatMap((node) => at(node, 'status.addresses') as readonly { readonly type: string }[]);
    const outer = ofNodes.filter(({ type }) => type === 'ExternalIP').length;
    // Machines of the project that are no nodes have one each.
    expect(usageOf('IN_USE_ADDRESSES')).toBe(outer + addressed.length + usageOf('INSTANCES') - of('Node').length);
  });

  it('has usage of every running container, each half hour of eight days or of its life', () => {
    for (const path of ['usage/cpu.json', 'usage/memory.json']) {
      const { data } = valueOf<{ data: { result: Series[] } }>(example, path);
      const series = new Map(data.result.map((one) => [Object.values(one.metric).slice(1).join(' '), one.values]));
      for (const pod of of('Pod')) {
        const statuses = (at(pod, 'status.containerStatuses') ?? []) as readonly { name: string; ready: boolean }[];
        for (const { name } of statuses.filter(({ ready }) => ready)) {
          const values = series.get([name, pod.metadata.namespace, pod.metadata.name].join(' ')) ?? [];
          const livedMs = NOW - Date.parse(pod.metadata.creationTimestamp ?? '');
          expect(values.length, `${pod.metadata.name} ${name}`).toBe(Math.min(384, Math.ceil(livedMs / (HOUR / 2))));
          expect(values.every(([time], i) => i === 0 || time - (values[i - 1]?.[0] ?? 0) === 1800)).toBe(true);
        }
      }
    }
  });

  it('has certificates that were valid then, and whose issuer signed them', () => {
    const host = example === 'aia-system' ? '013a.tech' : 'shop';
    const { chain } = valueOf<{ chain: string[] }>(example, `certificates/${host}.json`);
    const [leaf, issuer] = chain.map((pem) => new X509Certificate(pem));
    expect(leaf?.verify((issuer as X509Certificate).publicKey)).toBe(true);
    for (const certificate of [leaf, issuer]) {
      expect(Date.parse(certificate?.validFrom ?? '')).toBeLessThan(NOW);
      expect(Date.parse(certificate?.validTo ?? '')).toBeGreaterThan(NOW + 30 * 24 * HOUR);
    }
  });
});
