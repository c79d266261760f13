/** What a version renders from a random structure is read back as that structure. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMount } from './configuration.ts';
import { parseEviction } from './eviction.ts';
import { parseProbe } from './probe.ts';
import { parseScaleUp } from './scale-up.ts';
import { parseScheduling } from './scheduling.ts';

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
const qualified = fc.tuple(label, label).map(([domain, name]) => `${domain}.io/${name}`);
const key = fc.oneof(label, qualified);
const value = fc.oneof(fc.constant(''), label);

/** A reason as a version words it, with what must be read from it. */
interface Rendered {
  readonly text: string;
  readonly read: object;
}
const plain = (text: string, of: string): fc.Arbitrary<Rendered> => fc.constant({ text, read: { class: of } });
const insufficient = fc
  .oneof(fc.constantFrom('cpu', 'memory', 'ephemeral-storage', 'hugepages-2Mi'), qualified)
  .map((resource): Rendered => ({ text: `Insufficient ${resource}`, read: { class: 'capacity', resource } }));
const tainted = (word: (k: string, v: string) => string): fc.Arbitrary<Rendered> =>
  fc.tuple(key, value).map(([k, v]) => ({ text: word(k, v), read: { class: 'taint', taint: { key: k, value: v } } }));
const always = [
  insufficient,
  plain('Too many pods', 'capacity'),
  plain('node(s) were unschedulable', 'unschedulable'),
  plain("node(s) didn't have free ports for the requested pod ports", 'host-port'),
  plain("node(s) didn't match pod anti-affinity rules", 'inter-pod'),
];

/** Wordings and tails by era; the tail stands where the pod could preempt. */
const ERAS: readonly {
  readonly versions: string;
  readonly reasons: readonly fc.Arbitrary<Rendered>[];
  readonly tail?: (total: number, helps: number) => string;
}[] = [
  {
    versions: '1.14–1.17',
    reasons: [
      ...always,
      plain("node(s) had taints that the pod didn't tolerate", 'taint'),
      plain("node(s) didn't match node selector", 'affinity'),
    ],
  },
  {
    versions: '1.18–1.23',
    reasons: [
      ...always,
      tainted((k, v) => `node(s) had taint {${k}: ${v}}, that the pod didn't tolerate`),
      plain('node(s) had volume node affinity conflict', 'volume-zone'),
    ],
  },
  {
    versions: '1.24–1.31',
    reasons: [
      ...always,
      tainted((k, v) => `node(s) had untolerated taint {${k}: ${v}}`),
      plain("node(s) didn't match Pod's node affinity/selector", 'affinity'),
    ],
    tail: (total, helps) => ` preemption: ${preempted(total, helps)}.`,
  },
  {
    versions: '1.24–1.29, two stops',
    reasons: [...always, tainted((k, v) => `node(s) had untolerated taint {${k}: ${v}}`)],
    tail: (total, helps) => ` preemption: ${preempted(total, helps)}..`,
  },
  {
    versions: '1.32–1.35',
    reasons: [
      ...always,
      tainted((k, v) => `node(s) had untolerated taint {${k}: ${v}}`),
      plain('cannot allocate all claims', 'capacity'),
      plain("node(s) didn't match PersistentVolume's node affinity", 'volume-zone'),
    ],
    tail: (total, helps) => ` no new claims to deallocate, preemption: ${preempted(total, helps)}.`,
  },
  {
    versions: '1.36',
    reasons: [...always, plain('node(s) had untolerated taint(s)', 'taint')],
    tail: (total, helps) => ` still not schedulable, preemption: ${preempted(total, helps)}.`,
  },
];

function preempted(total: number, helps: number): string {
  const parts = [
    ...(helps > 0 ? [`${helps} No preemption victims found for incoming pod`] : []),
    ...(total > helps ? [`${total - helps} Preemption is not helpful for scheduling`] : []),
  ];
  return `0/${total} nodes are available: ${parts.sort().join(', ')}`;
}

describe.each(ERAS)('FailedScheduling of $versions', ({ reasons, tail }) => {
  const listed = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.oneof(...reasons)), {
    selector: ([, { text }]) => text,
    minLength: 1,
    maxLength: 8,
  });

  it('gives back its reasons, sorted as texts, and its preemption', () => {
    fc.assert(
      fc.property(listed, fc.integer({ min: 1, max: 5000 }), fc.nat(5000), (items, total, most) => {
        const helps = Math.min(most, total);
        const sorted = items
          .map(([count, { text, read }]) => ({ line: `${count} ${text}`, read: { count, text, ...read } }))
          .sort((a, b) => (a.line < b.line ? -1 : 1));
        const list = sorted.map(({ line }) => line).join(', ');
        const found = parseScheduling(`0/${total} nodes are available: ${list}.${tail?.(total, helps) ?? ''}`);
        expect(found).toMatchObject({ total, available: 0, reasons: sorted.map(({ read }) => read) });
        expect(found?.preemption.reduce((sum, { count }) => sum + count, 0)).toBe(tail === undefined ? 0 : total);
      }),
    );
  });

  it('gives back a beginning of its reasons when cut to 1024 bytes', () => {
    const many = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.oneof(...reasons)), {
      minLength: 40,
      maxLength: 60,
    });
    fc.assert(
      fc.property(many, (items) => {
        const list = items.map(([count, { text }]) => `${count} ${text}`);
        const whole = `0/9 nodes are available: ${list.join(', ')}.`;
        fc.pre(whole.length > 1024);
        const read = parseScheduling(`${whole.slice(0, 1020)} ...`)?.reasons ?? [];
        expect(read.length).toBeGreaterThan(5);
        const last = read.length - 1;
        expect(read.slice(0, last).map(({ count, text }) => `${count} ${text}`)).toEqual(list.slice(0, last));
        // The last may be the beginning of a wording that is itself one, of the same class.
        expect(list[last]?.startsWith(`${read[last]?.count} ${read[last]?.text}`)).toBe(true);
        expect({ class: read[last]?.class }).toMatchObject({
          class: (items[last]?.[1].read as { class: string }).class,
        });
      }),
      { numRuns: 40 },
    );
  });
});

describe('NotTriggerScaleUp', () => {
  const words = [
    ['max node group size reached', 'max-size'],
    ['in backoff after failed scale-up', 'backoff'],
    ['not ready for scale-up', 'not-ready'],
    ['max cluster cpu limit reached', 'cluster-limit'],
    ['max cluster cpu, memory, nvidia.com/gpu limit reached', 'cluster-limit'],
    ['exceeded quota: "team-a", resources: cpu, memory', 'cluster-limit'],
  ] as const;
  const head = fc.constantFrom(
    "pod didn't trigger scale-up (it wouldn't fit if a new node is added): ",
    "pod didn't trigger scale-up: ",
  );

  it('gives back refusals and reasons in the order of the text', () => {
    const item = fc.tuple(fc.integer({ min: 1, max: 99 }), fc.oneof(...always, fc.constantFrom(...words)));
    fc.assert(
      fc.property(head, fc.array(item, { minLength: 1, maxLength: 9 }), (start, items) => {
        const lines = items.map(([count, one]) => `${count} ${'text' in one ? one.text : one[0]}`);
        const found = parseScaleUp('NotTriggerScaleUp', start + lines.join(', '));
        expect(found?.refusals.map(({ cause }) => cause)).toEqual(
          items.flatMap(([, one]) => ('text' in one ? [] : [one[1]])),
        );
        expect(found?.reasons.map(({ count, text }) => `${count} ${text}`)).toEqual(
          lines.filter((_line, i) => 'text' in (items[i]?.[1] ?? {})),
        );
        expect(found?.truncated).toBe(false);
      }),
    );
  });
});

describe('FailedScaleUp of GKE', () => {
  const reasons = [
    ['GCE quota exceeded', 'quota'],
    ['GCE out of resources', 'stock-out'],
    ['IP space exhausted', 'ip-space'],
    ['Service Account was deleted', 'service-account'],
    ['Invalid Reservation', 'reservation'],
    ['Node group "nap-1a, 2b" already exists', 'placement'],
    ['Some nodes in node group ["nap-1", "nap-2"] failed to appear in time', 'timeout'],
  ] as const;
  const zone = fc
    .tuple(fc.constantFrom('us-central1', 'europe-west12', 'asia-northeast3'), fc.constantFrom('a', 'b', 'c'))
    .map(([region, letter]) => `${region}-${letter}`);
  const some = fc.uniqueArray(fc.constantFrom(...reasons), { minLength: 1, maxLength: 4 });

  it('gives back zones and causes', () => {
    fc.assert(
      fc.property(fc.uniqueArray(zone, { minLength: 1, maxLength: 4 }), some, (zones, said) => {
        const text = `Node scale up in zones ${zones.join(', ')} associated with this pod failed: ${said
          .map(([words]) => words)
          .join(', ')}. Pod is at risk of not being scheduled.`;
        const whole = parseScaleUp('FailedScaleUp', text);
        expect(whole).toMatchObject({ zones, truncated: false });
        expect(whole?.refusals.map(({ cause }) => cause)).toEqual(said.map(([, cause]) => cause));
        const cut = parseScaleUp('FailedScaleUp', text.slice(0, 250));
        expect(cut?.truncated).toBe(text.length > 250);
        const causes = cut?.refusals.map(({ cause }) => cause) ?? [];
        expect(causes).toEqual(said.slice(0, causes.length).map(([, cause]) => cause));
      }),
    );
  });
});

describe('Evicted', () => {
  const amount = fc.tuple(fc.nat(9_999_999), fc.constantFrom('', 'Ki', 'Mi', 'Gi', 'M')).map((part) => part.join(''));
  const used = fc.record({ name: label, used: amount, request: amount });

  it.each<[string, (resource: string, one: { name: string; used: string; request: string }) => string]>([
    [
      '1.14–1.25',
      (_resource, one) => `Container ${one.name} was using ${one.used}, which exceeds its request of ${one.request}. `,
    ],
    [
      '1.26–',
      (resource, one) =>
        `Container ${one.name} was using ${one.used}, request is ${one.request}, has larger consumption of ${resource}. `,
    ],
  ])('gives back the resource and the containers of %s', (_versions, word) => {
    const resource = fc.constantFrom('memory', 'ephemeral-storage', 'pids');
    fc.assert(
      fc.property(resource, fc.array(used, { maxLength: 5 }), amount, (short, containers, threshold) => {
        const text = `The node was low on resource: ${short}. Threshold quantity: ${threshold}, available: 1Ki. ${containers
          .map((one) => word(short, one))
          .join('')}`;
        expect(parseEviction('Evicted', text)).toMatchObject({ cause: 'node-pressure', resource: short, containers });
      }),
    );
  });
});

describe('FailedMount', () => {
  it('gives back the volumes that the kubelet waits for, of all versions', () => {
    const names = fc.uniqueArray(label, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(names, names, (volumes, others) => {
        const [waiting, rest] = [volumes.join(' '), others.join(' ')];
        for (const text of [
          `Unable to mount volumes for pod "a_b(1-2)": timeout expired waiting for volumes to attach or mount for pod "b"/"a". list of unmounted volumes=[${waiting}]. list of unattached volumes=[${rest}]`,
          `Unable to attach or mount volumes: unmounted volumes=[${waiting}], unattached volumes=[${rest}]: timed out waiting for the condition`,
          `Unable to attach or mount volumes: unmounted volumes=[${waiting}], unattached volumes=[], failed to process volumes=[]: context deadline exceeded`,
        ])
          expect(parseMount(text)).toMatchObject({ cause: 'timeout', volumes });
      }),
    );
  });
});

describe('Unhealthy', () => {
  it('gives back port and path of a request, quoted or not', () => {
    const path = fc.array(label, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 65_535 }), path, fc.boolean(), (port, at, quoted) => {
        const url = `http://10.0.0.1:${port}${at}`;
        const text = `Liveness probe failed: Get ${quoted ? `"${url}"` : url}: dial tcp 10.0.0.1:${port}: connect: connection refused`;
        expect(parseProbe(text)).toMatchObject({ probe: 'liveness', cause: 'connection-refused', port, path: at });
      }),
    );
  });
});

describe('what no version writes', () => {
  it.each([
    '０/6 nodes are available: 6 Insufficient cpu.',
    '0/٦ nodes are available: ٦ Insufficient cpu.',
    '0/6 Knoten sind verfügbar: 6 Insufficient cpu.',
    '{"message":"0/6 nodes are available: 6 Insufficient cpu."}',
  ])('is not read: %s', (text) => {
    expect(parseScheduling(text)).toBeUndefined();
  });

  it('an extremely long list is read whole', () => {
    const list = Array.from({ length: 20_000 }, (_, i) => `${i} node(s) had untolerated taint {k${i}: v}`);
    expect(parseScheduling(`0/9 nodes are available: ${list.join(', ')}.`)?.reasons).toHaveLength(20_000);
  });
});
