/** Assessments to render: a small one, and the same with texts that a hostile cluster would write. */
import type { Assessment } from '@aia/contract';
import fc from 'fast-check';
import { assess } from '../assess.ts';
import { examine } from '../diagnose/rule.suite.ts';

const OBSERVED = '2025-09-27T12:00:00Z';
const RUNC =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "/start.sh": stat /start.sh: no such file or directory: unknown';

/** Two workloads that fail for reasons of their own. */
export function sample(): Assessment {
  const meta = (name: string, extra: object = {}) => ({
    name,
    namespace: 'shop',
    uid: name,
    creationTimestamp: '2025-09-26T12:00:00Z',
    ...extra,
  });
  const pod = (name: string, waiting: object) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: meta(name),
    spec: { nodeName: 'node-1', containers: [{ name: 'web', image: 'registry.example/web:1' }] },
    status: {
      phase: 'Running',
      startTime: '2025-09-26T12:00:00Z',
      conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2025-09-26T12:00:00Z' }],
      containerStatuses: [
        {
          name: 'web',
          ready: false,
          restartCount: 40,
          state: { waiting },
          lastState: {
            terminated: { exitCode: 128, reason: 'StartError', message: RUNC, finishedAt: '2025-09-27T11:58:00Z' },
          },
        },
      ],
    },
  });
  const objects = [
    {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'node-1' },
      status: { allocatable: { cpu: '2', memory: '4Gi' } },
    },
    pod('broken-1', { reason: 'RunContainerError', message: RUNC }),
    pod('looping-1', { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container=web' }),
  ];
  return assess(examine({ observedAt: OBSERVED, objects }).snapshot, { version: 'test' });
}

/** Every text of an assessment replaced, but for the words that programs choose from. */
export function rewritten<T>(value: T, rewrite: (text: string) => string, key = ''): T {
  if (typeof value === 'string') return (CHOSEN.has(key) ? value : rewrite(value)) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => rewritten(item, rewrite, key)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, rewritten(item as unknown, rewrite, name)]),
  ) as T;
}
const CHOSEN = new Set([
  'kind',
  'severity',
  'status',
  'unit',
  'id',
  'explains',
  'explainedBy',
  'code',
  'class',
  'group',
  'owner',
  'colour',
  'delivery',
  'outcome',
  'state',
  'because',
  'level',
  'priority',
  'operation',
  'type',
  'role',
  'by',
]);

/** Texts that try to be markup, formulas, commands or escape codes. */
export const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.constantFrom(
    '\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007',
    '\u001b[2J\u001b[H\u001b[31mowned',
    'line\nbreak\r\rcarriage\ttab',
    '\u202egnp.exe\u202c',
    '日本語のとても長い名前'.repeat(20),
    '🚀🔥👩‍👩‍👧'.repeat(30),
    'x'.repeat(2000),
    '| a | b |\n|---|---|',
    '[link](https://evil.example) ![i](x) <b>bold</b> **bold** `code` @team #123 ~~gone~~ $x$ &amp; www.evil.example',
    '# head',
    '</script><script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    ']]><x/>&#0;&bogus;',
    '=HYPERLINK("https://evil.example")',
    '@SUM(A1)\t-1+1',
    'a,"b"\r\nc',
    '\uffff\ud800\u0000\u000b',
    '1. one',
    '- [ ] task',
    '',
  ),
);

/** The cluster of the sample grown: so many failing pods more, of so many causes. */
export function grown({ pods, causes }: { readonly pods: number; readonly causes: number }): Assessment {
  const base = sample();
  const [cause] = base.rootCauses;
  const [finding] = base.findings;
  if (cause === undefined || finding === undefined) throw new Error('the sample has a cause and a finding');
  const rootCauses = Array.from({ length: causes }, (_, i) => ({
    ...cause,
    id: `${cause.id}-${i}`,
    chain: [],
    explains: [] as string[],
  }));
  const findings = Array.from({ length: pods }, (_, i) => ({
    ...finding,
    id: `${finding.id}-${i}`,
    resource: { ...finding.resource, name: `${finding.resource.name}-${i}` },
    explainedBy: rootCauses[i % causes]?.id,
  }));
  const explains = Map.groupBy(findings, ({ explainedBy }) => explainedBy);
  return {
    ...base,
    findings,
    rootCauses: rootCauses.map((one) => {
      const own = (explains.get(one.id) ?? []).map(({ id }) => id);
      return {
        ...one,
        explains: own,
        chain: own.map((to) => ({ from: one.id, to, relation: 'it fails', evidence: finding.evidence })),
      };
    }),
  };
}

/** The sample with one finding more, which a suppression took out. */
export function suppressedSample(): Assessment {
  const base = sample();
  const [finding] = base.findings;
  if (finding === undefined) throw new Error('the sample has a finding');
  const resource = { ...finding.resource, name: 'old-1' };
  const entry = { code: finding.code, object: 'Pod shop/old-*', reason: 'it is being replaced', owner: 'team-a' };
  return {
    ...base,
    suppressions: [{ ...entry, expiresAt: base.cluster.observedAt + 86_400_000, expired: false, findings: 1 }],
    suppressed: [
      { ...finding, explainedBy: undefined, id: `${finding.code}:/Pod/shop/old-1`, resource, suppressedBy: 0 },
    ],
  };
}
