/**
 * Pods that the API server refuses to create: events FailedCreate of ReplicaSets, StatefulSets, DaemonSets and Jobs, and the
 * condition ReplicaFailure, Kubernetes 1.14–1.36. There is no pod to see in these cases.
 */
import { plainText } from './event-text.ts';
import type { CreationMessage } from './message.ts';
import { firstMatch, groupsOf, type Row } from './row.ts';

type CreationCause = CreationMessage['cause'];

const row = (versions: string, cause: CreationCause, pattern: RegExp): Row<CreationCause> => ({
  versions,
  cause,
  pattern,
});

/** Webhooks stand first: the text they answer with may quote any other. */
const ROWS: readonly Row<CreationCause>[] = [
  row('all', 'webhook-denied', /admission webhook "(?<name>[^"]{1,320})" denied the request/),
  row('all', 'webhook-denied', /admission webhook "(?<name>[^"]{1,320})"|denied the request: /),
  row('all', 'webhook-denied', /image policy webhook backend denied one or more images/),
  row('all', 'webhook-unreachable', /failed calling webhook "(?<name>[^"]{1,320})":/),
  row('1.14–1.15', 'webhook-unreachable', /failed calling (?:admission )?webhook (?<name>[\w.-]{1,320}):/),
  row('all', 'quota', /exceeded quota: (?<name>[\w.-]{1,320}), requested: /),
  row('all', 'quota-needs-values', /failed quota: (?<name>[\w.-]{1,320}): must specify /),
  row('all', 'quota', /status unknown for quota: (?<name>[\w.-]{1,320}), resources: /),
  row('all', 'limit-range', /(?:maximum|minimum) [\w./-]{1,320} usage per \w{1,40} is /),
  row('all', 'limit-range', /[\w./-]{1,320} max limit to request ratio per \w{1,40} is /),
  row('1.22–', 'pod-security', /violates PodSecurity "(?<name>[^"]{1,120})":/),
  row('1.14–1.24', 'pod-security', /PodSecurityPolicy: |unable to validate against any pod security policy/),
  row('OpenShift', 'pod-security', /unable to validate against any security context constraint/),
  row(
    'all',
    'service-account-missing',
    /error looking up service account [\w.-]{1,320}\/(?<name>[\w.-]{1,320}): serviceaccount "[^"]{1,320}" not found/,
  ),
  row('all', 'quota', /insufficient quota to match these scopes: /),
  row('1.14–1.24', 'pod-security', /no providers available to validate pod request/),
  row('all', 'runtime-class-missing', /RuntimeClass "(?<name>[^"]{1,320})" not found/),
  row('all', 'priority-class-missing', /no PriorityClass with name (?<name>[\w.-]{1,320}) was found/),
  row(
    '1.26–',
    'forbidden',
    /ValidatingAdmissionPolicy '(?<name>[^']{1,320})' with binding '[^']{1,320}' denied request/,
  ),
  row('all', 'invalid', / (?:"[^"]{0,320}" )?is invalid: /),
  row('all', 'forbidden', / is forbidden: /),
];

/** How controllers begin; what no row knows is `other`. */
const SHAPE =
  /^(?:Error creating: |create (?:Pod|Claim) \S{1,320} |error while creating |Internal error occurred: failed calling webhook)/i;

/**
 * Reads why a pod was not created. For a quota, the three lists give quantities as written, by resource; a list whose end
 * is not seen is left out, except the last, which ends with the text.
 */
export function parseCreation(message: string): CreationMessage | undefined {
  const text = plainText(message);
  const found = firstMatch(ROWS, text);
  if (found === undefined) return SHAPE.test(text) ? { cause: 'other', text } : undefined;
  const { cause } = found.row;
  const amounts = cause === 'quota' ? readAmounts(text.slice(found.match.index)) : {};
  return { cause, ...groupsOf(found.match, 'name'), ...amounts, text };
}

type Amounts = Pick<CreationMessage, 'requested' | 'used' | 'limited'>;

function readAmounts(text: string): Amounts {
  const requested = text.indexOf(', requested: ');
  const used = text.indexOf(', used: ', requested);
  const limited = text.indexOf(', limited: ', used);
  if (requested === -1) return {};
  return {
    ...(used === -1 ? {} : { requested: readList(text.slice(requested + ', requested: '.length, used)) }),
    ...(used === -1 || limited === -1 ? {} : { used: readList(text.slice(used + ', used: '.length, limited)) }),
    ...(used === -1 || limited === -1
      ? {}
      : { limited: readList(lastList(text.slice(limited + ', limited: '.length))) }),
  };
}

/** The last list ends at the first space that does not follow a comma; a cut text ends with dots, and its last entry goes. */
function lastList(text: string): string {
  const end = /[^,] /.exec(text);
  const list = end === null ? text : text.slice(0, end.index + 1);
  return /(?:\.\.\.|…)$/.test(list) ? list.slice(0, Math.max(0, list.lastIndexOf(','))) : list;
}

/** `cpu=1,memory=2Gi`; a piece that is only a number belongs to the value before it, as in `1,000`. */
function readList(list: string): Readonly<Record<string, string>> {
  const entries: [string, string][] = [];
  for (const piece of list.split(',')) {
    const part = piece.trim();
    const at = part.indexOf('=');
    const last = entries.at(-1);
    if (at > 0) entries.push([part.slice(0, at), part.slice(at + 1)]);
    else if (last !== undefined && /^\d/.test(part)) last[1] += `,${part}`;
  }
  return Object.fromEntries(entries);
}
