import { refKey, refText } from '@aia/cluster';
import type { Condition, ExposedEndpoint } from '@aia/contract';
import { named } from '../../../plan/effects/named.ts';
import { shellWord } from '../../../plan/effects/shell.ts';
import { percentText } from '../../evidence-text.ts';
import { watchedQuotas } from '../alerting/alert-rules.ts';
import { checkOf, conditionText } from '../condition-text.ts';
import { detail, paragraph, type Block, type Section } from '../section.ts';
import type { StrategyView } from '../strategy-view.ts';

/** One line of a suite. */
interface Test {
  readonly name: string;
  /** As `checkOf` gives it. */
  readonly command: string;
  /** What it prints; `undefined` where it is enough that it succeeds. */
  readonly expected: string | undefined;
}

/** Three suites that run against this cluster: infrastructure, hand-overs between phases, ways in. */
export function tests(view: StrategyView): Section {
  const suites = [
    suite(1, 'Infrastructure health', infrastructure(view), view),
    suite(2, 'Coordination: barriers and what workloads rest on', coordination(view), view),
    suite(3, 'End to end: ways in from outside', endToEnd(view), view),
  ];
  return {
    id: 'tests',
    title: 'Integration test protocol',
    blocks: [
      paragraph(
        'Each suite is a script for a POSIX shell that only reads; it prints a line a test and fails when any does. Values are those that the plan is to bring about. They hold no password and no token: tests of what is behind a log-in belong to whoever has one.',
      ),
    ],
    parts: suites,
  };
}

function suite(number: number, title: string, all: readonly Test[], view: StrategyView): Section {
  const id = `test-suite-${number}`;
  const named: Block = {
    kind: 'bullets',
    items: all.length > 12 ? [...all.slice(0, 12).map(line), `… and ${all.length - 12} more`] : all.map(line),
  };
  return {
    id,
    title: `Suite ${number}: ${title}`,
    blocks:
      all.length === 0
        ? [paragraph(NOTHING[number - 1] ?? '')]
        : [
            named,
            detail({
              kind: 'code',
              language: 'sh',
              code: script(all, view),
              file: `tests/suite-${number}.sh`,
            } as const),
          ],
  };
}

const NOTHING = [
  'Nothing was read that could be tested.',
  'No phase has a barrier and no Service was read.',
  'No way in from outside is known.',
];

function line({ name, expected }: Test): string {
  return `${name}${expected === undefined || expected === '' ? '' : `: ${expected}`}`;
}

const HEAD = `#!/bin/sh
# Reads only. check NAME EXPECTED COMMAND…: what it prints; passes NAME COMMAND…: whether it succeeds.
failed=0
check() { name=$1 expected=$2; shift 2; got=$("$@" 2>&1)
  if [ "$got" = "$expected" ]; then echo "ok    $name"; else echo "FAIL  $name: expected '$expected', got '$got'"; failed=1; fi; }
passes() { name=$1; shift
  if "$@" >/dev/null 2>&1; then echo "ok    $name"; else echo "FAIL  $name"; failed=1; fi; }
some() { [ -n "$("$@" 2>/dev/null)" ]; }
count() { "$@" 2>/dev/null | grep -c .; }
nodes_between() { low=$1 high=$2; shift 2
  ready=$(kubectl get nodes "$@" --no-headers | awk '$2 ~ /^Ready/ { n++ } END { print n + 0 }')
  [ "$ready" -ge "$low" ] && [ "$ready" -le "$high" ]; }
lacks() { word=$1; shift; case "$("$@")" in *"$word"*) return 1 ;; esac; }
at_least() { least=$1; shift; got=$("$@"); [ "\${got:-0}" -ge "$least" ]; }
fewer_than() { most=$1; shift; [ "$(count "$@")" -lt "$most" ]; }`;

const QUOTA = (project: string) => `project=${project}
quota() { if [ "$1" = global ]; then gcloud compute project-info describe --project="$project" --flatten=quotas --format='csv[no-heading](quotas.metric,quotas.usage,quotas.limit)'
  else gcloud compute regions describe "$1" --project="$project" --flatten=quotas --format='csv[no-heading](quotas.metric,quotas.usage,quotas.limit)'; fi; }
quota_room() { quota "$1" | awk -F, -v m="$2" -v n="$3" '$1 == m { exit !($3 - $2 >= n) }'; }
quota_below() { quota "$1" | awk -F, -v m="$2" -v s="$3" '$1 == m { exit !($3 <= 0 || $2 / $3 <= s) }'; }`;

const HTTP = `answers() { code=$(curl -sS -o /dev/null -m 10 -w '%{http_code}' "$1"); [ "$code" -ge 200 ] && [ "$code" -lt 500 ]; }
answers_through() { scheme=$1 port=$2; shift 2; at=$("$@"); [ -n "$at" ] && answers "$scheme://$at:$port/"; }`;

/** A test looks at what is; it does not wait for a roll-out. */
function impatient(command: string): string {
  return command.replace(/--timeout=\d+s/, '--timeout=10s');
}

function script(all: readonly Test[], view: StrategyView): string {
  const uses = (word: string) => all.some(({ command }) => command.startsWith(word));
  const project = /--project=(\S+)/.exec(
    view.actions.flatMap(({ action }) => action.steps.map(({ command }) => command)).join(' '),
  )?.[1];
  return [
    HEAD,
    ...(uses('quota_') ? [QUOTA(project ?? '"$(gcloud config get-value project)"')] : []),
    ...(uses('answers') ? [HTTP] : []),
    ...all.map(({ name, command, expected }) =>
      expected === undefined
        ? `passes ${shellWord(name)} ${impatient(command)}`
        : `check ${shellWord(name)} ${expectedWord(expected)} ${impatient(command)}`,
    ),
    'exit $failed',
  ].join('\n');
}

/** As {@link shellWord}, an empty word included. */
function expectedWord(text: string): string {
  return text === '' ? "''" : shellWord(text);
}

function infrastructure(view: StrategyView): readonly Test[] {
  const { assessment, strategy, inventory, targets } = view;
  const { rehearsal } = strategy;
  const { namespaces } = inventory;
  const failing = rehearsal === undefined ? 0 : rehearsal.after.pods.total - rehearsal.after.pods.succeeding;
  const nodes = rehearsal?.after.nodes ?? assessment.cluster.nodes;
  const isRead = assessment.cluster.pods.total > 0;
  const watched = watchedQuotas(view);
  return [
    ...(nodes > 0
      ? [{ name: `at least ${nodes} nodes are ready`, command: `nodes_between ${nodes} 15000`, expected: undefined }]
      : []),
    ...(isRead && failing === 0
      ? namespaces.map((namespace) => ({
          name: `pods of ${namespace} that neither run nor have completed`,
          command: `count kubectl get pods -n ${shellWord(namespace)} --field-selector=status.phase!=Running,status.phase!=Succeeded -o name`,
          expected: '0',
        }))
      : []),
    ...workloadTests(view),
    ...(assessment.kpis.some(({ id, value }) => id === 'active-load-balancers' && value !== undefined)
      ? [
          {
            name: `fewer than ${targets.loadBalancers} load balancers`,
            command: `fewer_than ${targets.loadBalancers} kubectl get services -A -o ${shellWord('jsonpath={range .items[?(@.spec.type=="LoadBalancer")]}{.metadata.namespace}/{.metadata.name}{"\\n"}{end}')}`,
            expected: undefined,
          },
        ]
      : []),
    ...(rehearsal?.quotas ?? assessment.quotas ?? [])
      .filter(
        ({ limit, usage, metric, share }) =>
          limit > 0 && usage > 0 && watched.includes(metric) && share <= targets.quotaShare,
      )
      .slice(0, 12)
      .map(({ metric, region }) => ({
        name: `quota ${metric} in ${region} is used to ${percentText(targets.quotaShare)} at most`,
        command: `quota_below ${shellWord(region)} ${metric} ${targets.quotaShare}`,
        expected: undefined,
      })),
  ];
}

/** Workloads that fail now and are to be available afterwards. */
function workloadTests({ actions }: StrategyView): readonly Test[] {
  return distinct(actions.flatMap(({ action }) => action.probe.conditions).filter(({ kind }) => kind === 'available'));
}

function coordination(view: StrategyView): readonly Test[] {
  const { plan } = view.strategy;
  const barriers = plan.phases.flatMap(({ number, barrier }) =>
    distinct(barrier).map((test) => ({ ...test, name: `phase ${number}: ${test.name}` })),
  );
  const served = (view.strategy.rehearsal?.inventory ?? view.inventory).loadBalancers
    .filter(({ readyEndpoints = 0 }) => readyEndpoints > 0)
    .map(({ service }): Condition => ({ kind: 'endpoints', target: service }));
  const known = new Set(barriers.map(({ command }) => command));
  return [...barriers, ...distinct(served).filter(({ command }) => !known.has(command))];
}

function distinct(conditions: readonly Condition[]): readonly Test[] {
  const tests = conditions.flatMap((condition): readonly Test[] => {
    const { command, expected } = checkOf(condition);
    return command === undefined ? [] : [{ name: conditionText(condition), command, expected }];
  });
  return [...new Map(tests.map((test) => [test.command, test])).values()];
}

/** Ways in of today that stand, by their addresses; those that the plan makes by the address that the cluster then says. */
function endToEnd({ inventory, strategy: { rehearsal } }: StrategyView): readonly Test[] {
  const then = rehearsal?.inventory;
  const kept = new Set((then?.loadBalancers ?? []).map(({ service }) => refKey(service)));
  const standing = inventory.endpoints.filter(
    ({ exposedBy }) => then === undefined || exposedBy?.kind !== 'Service' || kept.has(refKey(exposedBy)),
  );
  const today = new Set(inventory.endpoints.map(({ url }) => url));
  const made = (then?.endpoints ?? []).filter(({ url }) => !today.has(url));
  const tests = [
    ...standing.map(({ url, exposedBy }) => ({
      name: `${url} answers${exposedBy === undefined ? '' : ` (${refText(exposedBy)})`}`,
      command: `answers ${shellWord(url)}`,
      expected: undefined,
    })),
    ...made.flatMap(throughAddress),
  ];
  return [...new Map(tests.map((test) => [test.command, test])).values()];
}

/** Addresses that the twin gives out are made up, so that the cluster is asked for the real one. */
function throughAddress({ url, exposedBy, address }: ExposedEndpoint): readonly Test[] {
  const [, scheme = '', port = ''] = /^(https?):\/\/.*?:(\d+)\//.exec(url) ?? [];
  if (exposedBy === undefined || address === undefined || port === '') return [];
  const path =
    exposedBy.kind === 'Gateway'
      ? '{.status.addresses[0].value}'
      : '{.status.loadBalancer.ingress[0].ip}{.status.loadBalancer.ingress[0].hostname}';
  return [
    {
      name: `${refText(exposedBy)} answers on ${scheme}, port ${port}`,
      command: `answers_through ${scheme} ${port} kubectl get ${named(exposedBy)} -o jsonpath=${shellWord(path)}`,
      expected: undefined,
    },
  ];
}
