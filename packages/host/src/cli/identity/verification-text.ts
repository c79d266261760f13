/** What `aia identity verify` says of one file, for a person: the same as its JSON. */
import { canonicalJson, formatTime, type Grant, type JsonObject } from '@aia/identity';
import type { VerificationReport } from '@aia/contract';

type Step = VerificationReport['verified'][number];
type Claimed = NonNullable<VerificationReport['claimed']>[number];
type VerifiedCredential = VerificationReport['credentials'][number];

const WHAT: Readonly<Record<VerificationReport['what'], string>> = {
  credential: 'credential',
  delegation: 'grants',
  presentation: 'presentation',
  'status-list': 'status list',
  'did-log': 'log of a DID',
  unknown: 'file',
};

/** Lines of a report. */
export function reportLines(report: VerificationReport): readonly string[] {
  const { kind, what, file, holder, credentials, verified } = report;
  const name = file === '-' ? 'standard input' : file;
  if (kind === 'refused')
    return [
      `refused ${name}: ${report.reason} at ${report.where}`,
      line('Means', report.means ?? ''),
      ...(report.claimed ?? []).map((claimed) => line('Says', claimedText(claimed))),
      ...foundLines(report),
    ];
  const isOne = credentials.length === 1 && what !== 'presentation';
  return [
    `verified ${name}: ${WHAT[what]}${isOne || what !== 'delegation' ? '' : `, handed on ${times(credentials.length - 1)}`}`,
    ...(what === 'presentation' ? [line('Shown by', holder ?? '')] : []),
    ...verified.filter(({ credential }) => credential === undefined).map(stepLine),
    ...credentials.flatMap((credential, i) => [
      ...(isOne ? [] : [line(`${i + 1} of ${credentials.length}`, credential.id ?? 'without an id')]),
      ...(credential.kind === 'status-list'
        ? []
        : [line('Subject', credential.subject ?? 'several, or something else')]),
      ...statesLines(credential),
      ...STEPS.flatMap((step) => verified.filter((held) => held.credential === i && held.what === step)).map(stepLine),
    ]),
    ...foundLines(report),
    ...report.notChecked.map((text) => line('Unchecked', text)),
  ];
}

function claimedText({ issuer, subject, validFrom, validUntil }: Claimed): string {
  const parts = [
    ...(issuer === undefined ? [] : [`issued by ${issuer}`]),
    ...(subject === undefined ? [] : [`about ${subject}`]),
    ...(validFrom === undefined ? [] : [`from ${validFrom}`]),
    ...(validUntil === undefined ? [] : [`until ${validUntil}`]),
  ];
  return `of itself, unverified: ${parts.length === 0 ? 'nothing' : parts.join(', ')}`;
}

/** In which order they are told. */
const STEPS = ['issuer', 'proof', 'validity', 'status'] as const satisfies readonly Step['what'][];

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function line(name: string, text: string): string {
  return `  ${name.padEnd(10)} ${text}`;
}

function statesLines({
  kind,
  role,
  claims,
  grants,
  disclosed,
  entries,
  revoked,
}: VerifiedCredential): readonly string[] {
  if (kind === 'role') return [line('States', `role ${role}`)];
  if (kind === 'capabilities') return grantLines((grants ?? []) as unknown as readonly Grant[]);
  if (kind === 'status-list') return [line('States', `${revoked} of ${entries} entries are set`)];
  if (kind === 'other') return [line('States', 'nothing that is understood here')];
  const opened = disclosed.length === 0 ? [] : [line('Disclosed', disclosed.join(', '))];
  return [line('States', canonicalJson(claims as JsonObject)), ...opened];
}

/** Capabilities of the same scope are told at once. */
function grantLines(grants: readonly Grant[]): readonly string[] {
  const byScope = Map.groupBy(grants, scopeText);
  return Array.from(byScope, ([scope, all]) =>
    line('May', `${all.map(({ capability }) => capability).join(', ')}: ${scope}`),
  );
}

function scopeText({ clusters, namespaces, kinds, blastRadius, delegations }: Grant): string {
  const names = (all: Grant['kinds'], what: string) => (all === '*' ? `all ${what}` : `${what} ${all.join(', ')}`);
  const { podsPerPhase: pods, namespacesPerPhase: spaces, actions } = blastRadius;
  const bounds = [
    ...(pods === undefined ? [] : [`${pods} pods a phase`]),
    ...(spaces === undefined ? [] : [`${spaces} namespaces a phase`]),
    ...(actions === undefined ? [] : [`${actions} actions`]),
  ];
  return [
    ...[names(namespaces, 'namespaces'), names(kinds, 'kinds'), names(clusters, 'clusters')],
    bounds.length === 0 ? 'without bounds' : `at most ${bounds.join(', ')}`,
    delegations === 0 ? 'not to be handed on' : `to be handed on ${times(delegations)} at most`,
  ].join('; ');
}

/** A key of a credential is its issuer's, and one of a presentation its holder's; which one, its fragment says. */
function stepLine(step: Step): string {
  const {
    what,
    cryptosuite,
    verificationMethod = '',
    purpose,
    did,
    from,
    until,
    list,
    index,
    asOf,
    challenge,
    domain,
  } = step;
  const time = (at: number | undefined) => (at === undefined ? 'ever' : formatTime(at));
  switch (what) {
    case 'proof':
      return line('Proof', `${cryptosuite} by ${verificationMethod.slice(verificationMethod.indexOf('#'))}`);
    case 'issuer':
      return line('Issuer', did ?? '');
    case 'holder':
      return line('Answers', `challenge ${challenge} of ${domain}`);
    case 'validity':
      return line('Valid', `from ${time(from)} until ${time(until)}`);
    default:
      return line(
        'Status',
        `${purpose} not set at ${index} of ${list}${asOf === undefined ? '' : `, as of ${time(asOf)}`}`,
      );
  }
}

/** Who answered, and how old that is. */
function foundLines({ documents, statusLists, at }: VerificationReport): readonly string[] {
  return [
    ...documents.map(({ did, outcome, asked = [], rung, ageMs, isStale }) => {
      if (rung === undefined) return line('Document', `of ${did}: ${[outcome, ...asked].join(', ')}`);
      const age = rung === 'self' ? 'the DID is its key' : ageText(ageMs);
      const state = outcome === 'resolved' ? '' : `${outcome}, `;
      return line('Document', `of ${did}: ${state}${rung}, ${age}${isStale === true ? ', which is stale' : ''}`);
    }),
    ...statusLists.map(({ url, from, reason, signedAt, validUntil }) => {
      if (from === 'nowhere') return line('List', `${url}: ${reason}`);
      const signed = signedAt === undefined ? 'signed without a time' : `signed ${durationText(at - signedAt)} before`;
      const until = validUntil === undefined ? 'without end' : `runs out at ${formatTime(validUntil)}`;
      return line('List', `${url}: ${from === 'origin' ? 'its origin' : 'handed over'}, ${signed}, ${until}`);
    }),
  ];
}

function ageText(ageMs: number | undefined): string {
  return ageMs === undefined ? 'never confirmed by its origin' : `confirmed ${durationText(ageMs)} ago`;
}

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
] as const;

/** In the largest unit of which there are two. */
function durationText(ms: number): string {
  const [size, unit] = UNITS.find(([one]) => ms >= 2 * one) ?? [1000, 's'];
  return `${Math.round(ms / size)} ${unit}`;
}
