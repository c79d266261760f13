/** Conditions in words, and as a command with what it must answer. */
import { refText } from '@aia/cluster';
import type { Condition } from '@aia/contract';
import { named } from '../../plan/effects/named.ts';
import { shellWord } from '../../plan/effects/shell.ts';
import { percentText } from '../evidence-text.ts';
import { firstOf } from './wording.ts';

/** A command and what shows that the condition holds; `some COMMAND` succeeds where the command prints anything. */
export interface Check {
  /** Words of a command: no pipes, no substitutions; `undefined` where only a person can tell. */
  readonly command: string | undefined;
  /** What it prints; `undefined` where it is enough that it succeeds. */
  readonly expected: string | undefined;
}

type Of<K extends Condition['kind']> = Extract<Condition, { kind: K }>;
type Described = { readonly [K in Condition['kind']]: (condition: Of<K>) => { readonly text: string } & Check };

const succeeds = (text: string, command: string) => ({ text, command, expected: undefined });
const prints = (text: string, command: string, expected: string) => ({ text, command, expected });

const CONDITIONS: Described = {
  exists: ({ target }) => succeeds(`${refText(target)} is there`, `kubectl get ${named(target)}`),
  absent: ({ target }) =>
    prints(`${refText(target)} is not there`, `kubectl get ${named(target)} --ignore-not-found -o name`, ''),
  field: ({ target, path, value }) =>
    prints(
      `${refText(target)} has ${path} ${value === undefined ? 'not set' : `= ${valueText(value)}`}`,
      `kubectl get ${named(target)} -o jsonpath=${shellWord(`{${jsonPath(path)}}`)}`,
      value === undefined ? '' : valueText(value),
    ),
  available: ({ target }) =>
    succeeds(`${refText(target)} has all its pods, of the newest revision and available`, available(target)),
  scheduled: ({ target }) =>
    prints(
      `no pod of ${refText(target)} waits for a node`,
      `kubectl get pods${target.namespace === '' ? ' -A' : ` -n ${shellWord(target.namespace)}`} --field-selector=spec.nodeName=,status.phase=Pending -o name`,
      '',
    ),
  'not-refused': ({ target, by }) =>
    succeeds(
      `${refText(target)} is not refused pods by ${by}`,
      `lacks ${shellWord(by)} kubectl get ${named(target)} -o jsonpath=${shellWord('{.status.conditions[?(@.type=="ReplicaFailure")].message}')}`,
    ),
  endpoints: ({ target }) =>
    succeeds(
      `${refText(target)} has ready endpoints`,
      `some kubectl get endpointslices -n ${shellWord(target.namespace)} -l ${shellWord(`kubernetes.io/service-name=${target.name}`)} -o jsonpath=${shellWord('{.items[*].endpoints[?(@.conditions.ready==true)].addresses[0]}')}`,
    ),
  address: ({ target }) =>
    succeeds(
      `${refText(target)} has an address`,
      `some kubectl get ${named(target)} -o jsonpath=${shellWord(addressPath(target.kind))}`,
    ),
  'no-address': ({ target }) =>
    prints(
      `${refText(target)} holds no address`,
      `kubectl get ${named(target)} --ignore-not-found -o jsonpath=${shellWord(addressPath(target.kind))}`,
      '',
    ),
  bound: ({ target }) =>
    prints(
      `${refText(target)} is bound`,
      `kubectl get ${named(target)} -o jsonpath=${shellWord('{.status.phase}')}`,
      'Bound',
    ),
  condition: ({ target, type, status }) =>
    succeeds(
      `${refText(target)} says ${type}=${status}`,
      `kubectl wait ${named(target)} --for=condition=${shellWord(`${type}=${status}`)} --timeout=300s`,
    ),
  'quota-room': ({ metric, region, amount }) =>
    succeeds(
      `quota ${metric} in ${region} has room for ${amount}`,
      `quota_room ${shellWord(region)} ${shellWord(metric)} ${amount}`,
    ),
  'quota-below': ({ metric, region, share }) =>
    succeeds(
      `quota ${metric} in ${region} is used to ${percentText(share)} at most`,
      `quota_below ${shellWord(region)} ${shellWord(metric)} ${share}`,
    ),
  'pool-size': ({ pool, atLeast, atMost }) => {
    const range =
      atMost === undefined ? `at least ${atLeast}` : atMost === atLeast ? String(atLeast) : `${atLeast} to ${atMost}`;
    return succeeds(
      `node pool ${pool} has ${range} ready ${range === '1' || range === 'at least 1' ? 'node' : 'nodes'}`,
      `nodes_between ${atLeast} ${atMost ?? 15_000} -l ${shellWord(`cloud.google.com/gke-nodepool=${pool}`)}`,
    );
  },
  'disruption-allowed': ({ target, atLeast }) =>
    succeeds(
      `${refText(target)} allows ${atLeast} ${atLeast === 1 ? 'eviction' : 'evictions'} now`,
      `at_least ${atLeast} kubectl get ${named(target)} -o jsonpath=${shellWord('{.status.disruptionsAllowed}')}`,
    ),
  told: ({ statement }) => ({ text: statement, command: undefined, expected: undefined }),
};

function described(condition: Condition): { readonly text: string } & Check {
  return CONDITIONS[condition.kind](condition as never);
}

/** A condition in words. */
export function conditionText(condition: Condition): string {
  return described(condition).text;
}

/** A condition as a check. */
export function checkOf(condition: Condition): Check {
  const { command, expected } = described(condition);
  return { command, expected };
}

function available(target: Of<'available'>['target']): string {
  const { kind } = target;
  if (kind === 'Job') return `kubectl wait ${named(target)} --for=condition=complete --timeout=600s`;
  if (kind === 'Pod') return `kubectl wait ${named(target)} --for=condition=Ready --timeout=600s`;
  if (kind === 'CronJob') return `kubectl get ${named(target)}`;
  if (kind === 'ReplicaSet')
    return `some kubectl get ${named(target)} -o jsonpath=${shellWord('{.status.readyReplicas}')}`;
  return `kubectl rollout status ${named(target)} --timeout=600s`;
}

function addressPath(kind: string): string {
  return kind === 'Gateway' ? '{.status.addresses}' : '{.status.loadBalancer.ingress}';
}

/** kubectl's JSONPath takes dots in names escaped; ours come as paths with dots between and keys in brackets or quotes. */
function jsonPath(path: string): string {
  const dotted = path.replace(/\[["']([^"'\]]*)["']\]/g, (_, key: string) => `.${key.replace(/\./g, '\\.')}`);
  return dotted.startsWith('.') || dotted.startsWith('[') ? dotted : `.${dotted}`;
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** So many that differ only in what they are of stand in one line. */
const LEAST_ALIKE = 3;
const MOST_NAMED = 6;

/** All of them in words, each once; those that say the same of several objects together, where the first of them stands. */
export function conditionTexts(conditions: readonly Condition[]): readonly string[] {
  const told = [...new Map(conditions.map((one) => [conditionText(one), one]))].map(([text, one]) => {
    const subject = 'target' in one ? refText(one.target) : '';
    const isAbout = subject !== '' && text.startsWith(`${subject} `);
    return { text, subject, rest: isAbout ? text.slice(subject.length) : undefined };
  });
  return [...Map.groupBy(told, ({ text, rest }) => rest ?? text).values()].flatMap((same) => {
    const [first] = same;
    if (first?.rest === undefined || same.length < LEAST_ALIKE) return same.map(({ text }) => text);
    const subjects = firstOf(
      same.map(({ subject }) => subject),
      MOST_NAMED,
    );
    return [`each of ${subjects.join(', ')}${first.rest}`];
  });
}
