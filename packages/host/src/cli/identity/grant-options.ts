/** Grants of a command line: in a file, or one scope for some capabilities. */
import {
  CAPABILITIES,
  grantFrom,
  parseJsonBytes,
  type BlastRadius,
  type Capability,
  type Grant,
  type JsonValue,
} from '@aia/identity';
import type { Held } from '../../identity/delegating.ts';
import { isObject } from '../../identity/holding.ts';
import { readBytes } from '../../read-bytes.ts';
import { UsageError } from '../exit.ts';

/** Options as the command line gives them. */
export interface ScopeArguments {
  readonly capability?: readonly string[];
  readonly clusters?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly kinds?: readonly string[];
  readonly podsPerPhase?: number;
  readonly namespacesPerPhase?: number;
  readonly actions?: number;
  readonly delegations?: number;
}

const MOST_BYTES = 2 ** 20;
const LISTS = ['clusters', 'namespaces', 'kinds'] as const;
const BOUNDS = ['podsPerPhase', 'namespacesPerPhase', 'actions'] as const;

/** Whether anything of a scope was given. */
export function hasScope(options: ScopeArguments): boolean {
  return [...LISTS, ...BOUNDS, 'capability' as const, 'delegations' as const].some(
    (name) => options[name] !== undefined,
  );
}

/**
 * A grant for each capability, all of the same scope. What is not said is as in the grant that is held; where none is, lists have to be said and bounds are none.
 * @throws UsageError
 */
export function grantsOf(
  options: ScopeArguments,
  didOf: (text: string) => string,
  held: Held | undefined,
): readonly Grant[] {
  const { capability: names, delegations = 0 } = options;
  if (names === undefined) throw new UsageError('say what may be done with --capability');
  return names.map((name) => {
    const capability = capabilityOf(name);
    const before = held?.grants.find((grant) => grant.capability === capability);
    if (held !== undefined && before === undefined)
      throw new UsageError(
        `${capability} is not among what is held: ${held.grants.map((grant) => grant.capability).join(', ')}`,
      );
    const [clusters, namespaces, kinds] = LISTS.map((list) => {
      const said = options[list];
      if (said === undefined && before !== undefined) return before[list];
      if (said === undefined) throw new UsageError(`say for which --${list}; "*" stands for all`);
      if (said.includes('*')) return '*';
      return list === 'clusters' ? said.map(didOf) : said;
    });
    return grantOf({
      capability,
      clusters,
      namespaces,
      kinds,
      blastRadius: radiusOf(options, before),
      delegations,
    } as Grant);
  });
}

function radiusOf(options: ScopeArguments, before: Grant | undefined): BlastRadius {
  const all = BOUNDS.map((name) => [name, options[name] ?? before?.blastRadius[name]] as const);
  return Object.fromEntries(all.filter(([, most]) => most !== undefined));
}

function capabilityOf(name: string): Capability {
  const capability = CAPABILITIES.find((one) => one === name);
  if (capability === undefined)
    throw new UsageError(`"${name}" is no capability; there are ${CAPABILITIES.join(', ')}`);
  return capability;
}

/** Options are held to what files are held to. */
function grantOf(grant: Grant): Grant {
  const amiss = amissIn({ ...grant } as unknown as JsonValue);
  if (amiss !== undefined) throw new UsageError(`no verifier would take that: ${amiss}`);
  return grant;
}

/** The grants in a file. @throws UsageError, HostError `input-unreadable` */
export function grantsIn(file: string): readonly Grant[] {
  const list = jsonIn(file);
  if (!Array.isArray(list) || list.length === 0)
    throw new UsageError(`${file} is no JSON list of grants; --help shows one`);
  return (list as readonly JsonValue[]).map((value, i) => {
    const grant = grantFrom(value);
    if (grant === undefined) throw new UsageError(`${file}: number ${i + 1} is no grant: ${amissIn(value)}`);
    return grant;
  });
}

/** Strictly parsed. @throws UsageError, HostError `input-unreadable` */
export function jsonIn(file: string): JsonValue {
  const parsed = parseJsonBytes(readBytes(file, MOST_BYTES));
  if (parsed.kind === 'value') return parsed.value;
  throw new UsageError(`${file} is no JSON that can be signed: ${parsed.reason} at character ${parsed.at}`);
}

const WANTED: Readonly<Record<keyof Grant, string>> = {
  capability: `one of ${CAPABILITIES.join(', ')}`,
  clusters: '"*" or a list of DIDs',
  namespaces: '"*" or a list of names, none twice, at most 256',
  kinds: '"*" or a list such as "Deployment.apps" and "Service"',
  blastRadius: 'an object of whole numbers podsPerPhase, namespacesPerPhase, actions, each only where it is bounded',
  delegations: 'a whole number from 0 to 8',
};
const SOUND: Grant = {
  ...{ capability: 'execute', clusters: '*', namespaces: '*', kinds: '*' },
  ...{ blastRadius: {}, delegations: 0 },
};

/** Which member of what is no grant is at fault; `undefined` for a grant. */
function amissIn(value: JsonValue): string | undefined {
  if (!isObject(value)) return 'it is no object';
  const strange = Object.keys(value).find((name) => !Object.hasOwn(WANTED, name));
  if (strange !== undefined) return `"${strange}" means nothing here`;
  const names = Object.keys(WANTED) as (keyof Grant)[];
  const bad = names.find((name) => grantFrom({ ...SOUND, blastRadius: {}, [name]: value[name] ?? null }) === undefined);
  return bad === undefined ? undefined : `${bad} has to be ${WANTED[bad]}`;
}
