/** The definitions of the commands about identities of others and about credentials. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { CandidateOption } from '../candidates.ts';
import type { IssueArguments, PresentArguments } from '../commands/identity-issue.ts';
import type { ResolveArguments } from '../commands/identity-resolve.ts';
import type { VerifyArguments } from '../commands/identity-verify.ts';
import { durationUpTo, wholeNumber } from '../option-values.ts';
import { collectNames } from '../reading-options.ts';
import { withHome, withKeys, withOrigins } from './home-options.ts';

async function roleCandidates(): Promise<readonly string[]> {
  return (await import('@aia/identity')).AGENT_ROLES;
}

async function capabilityCandidates(): Promise<readonly string[]> {
  return (await import('@aia/identity')).CAPABILITIES;
}

const LONGEST_MS = 3650 * 86_400_000;
const count = wholeNumber(0, 2 ** 31);

/** Epoch milliseconds of a time with its offset. */
function moment(value: string): number {
  const at = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(value) ? Date.parse(value) : NaN;
  if (Number.isNaN(at)) throw new InvalidArgumentError(`"${value}" is no time such as 2026-12-01T12:00:00Z.`);
  return at;
}

/** `aia identity resolve`. */
export function resolveCommand(invokedAs: string): Command {
  const command = new Command('resolve')
    .description(
      'find the document of a DID (did:webvh, did:web, did:key), verify its history, and say who answered and how old the answer is',
    )
    .summary('find and verify the document of a DID')
    .argument('<did>', 'a DID, with ?versionId=, ?versionNumber= or ?versionTime= for an earlier version')
    .option('--for-write', 'refuse what its origin did not confirm within five minutes');
  return withOrigins(withHome(command))
    .addHelpText(
      'after',
      `\nExample:\n  ${invokedAs} identity resolve did:webvh:QmS…:agents.example:orchestrator --format json`,
    )
    .action(async (did: string, options: ResolveArguments) => {
      const { runResolve } = await import('../commands/identity-resolve.ts');
      await runResolve(did, options);
    });
}

/** Options that say how far capabilities reach. */
function withScope(command: Command): Command {
  return command
    .addOption(
      new CandidateOption(
        '--capability <names>',
        'what the subject may do; repeat or separate with commas',
        capabilityCandidates,
      ).argParser(collectNames),
    )
    .option('--clusters <dids>', 'in which clusters: DIDs, names of identities here, or "*" for all', collectNames)
    .option('--namespaces <names>', 'in which namespaces, or "*" for all', collectNames)
    .option('--kinds <kinds>', 'with which kinds, such as Deployment.apps,Service, or "*" for all', collectNames)
    .option('--pods-per-phase <n>', 'how many pods one phase may touch; default: no bound', count)
    .option('--namespaces-per-phase <n>', 'how many namespaces one phase may touch; default: no bound', count)
    .option('--actions <n>', 'how many actions; default: no bound', count)
    .option('--delegations <n>', 'how many times it may be handed on; default: not at all', wholeNumber(0, 8));
}

/** `aia identity issue`. */
export function issueCommand(invokedAs: string): Command {
  const command = new Command('issue')
    .description('sign a credential: that somebody has a role, may do something, or whatever else is attested')
    .summary('sign a credential')
    .argument('<name>', 'name or DID of the identity that issues it')
    .requiredOption('--subject <did>', 'whom it is about: a DID, or the name of an identity here')
    .addOption(new CandidateOption('--role <role>', 'the role that the subject has', roleCandidates));
  withScope(command)
    .option('--grants <file>', 'JSON list of what the subject may do, instead of --capability and its scope')
    .option('--claims <file>', 'JSON object that is attested of the subject')
    .option(
      '--conceal <pointers>',
      'parts of the claims that the subject may disclose or not, as JSON Pointers; repeat or separate with commas',
      collectNames,
    )
    .option(
      '--from <file>',
      'hand on what this file grants to the issuer; what is not said of the scope stays as it is there',
    )
    .addOption(
      new Option(
        '--valid-for <duration>',
        'how long it is valid; default: 30d, with --from no longer than what is handed on',
      ).argParser(durationUpTo(LONGEST_MS)),
    )
    .option('-o, --out <file>', 'write it to this file instead of printing it');
  return withKeys(command)
    .addHelpText(
      'after',
      `
It is printed as JSON: a credential; with --conceal a credential with its disclosures, for its subject alone;
with --from the chain of credentials, the first issuer's first.

A file of grants:
  [{"capability": "execute", "clusters": ["did:…"], "namespaces": ["shop"], "kinds": ["Deployment.apps"],
    "blastRadius": {"podsPerPhase": 10}, "delegations": 0}]

Examples:
  ${invokedAs} identity issue cluster --subject orchestrator --role main-orchestrator --out role.json
  ${invokedAs} identity issue cluster --subject orchestrator --capability execute,propose --clusters cluster \\
    --namespaces shop,web --kinds Deployment.apps --pods-per-phase 10 --delegations 1 --out grant.json
  ${invokedAs} identity issue orchestrator --from grant.json --subject did:key:z6Mk… --capability execute \\
    --namespaces shop --valid-for 1h --out handed-on.json
  ${invokedAs} identity issue cluster --subject probe --claims facts.json --conceal /nodes,/cost --out facts.vc.json`,
    )
    .action(async (name: string, options: IssueArguments) => {
      const { runIssue } = await import('../commands/identity-issue.ts');
      await runIssue(name, options);
    });
}

/** `aia identity present`. */
export function presentCommand(invokedAs: string): Command {
  const command = new Command('present')
    .description(
      'show credentials to one verifier: signed over its challenge, so that it knows who shows them, and nobody can show them again',
    )
    .summary('show credentials to a verifier')
    .argument('<name>', 'name or DID of the identity that they are about')
    .argument('<files...>', 'credentials, or one chain of grants; - for standard input')
    .requiredOption('--challenge <text>', 'what the verifier made up for this one time')
    .requiredOption('--domain <text>', 'who the verifier is, as it calls itself')
    .option('--disclose <pointers>', 'concealed parts that are shown, or "*" for all; default: none', collectNames)
    .option('-o, --out <file>', 'write it to this file instead of printing it');
  return withKeys(command)
    .addHelpText(
      'after',
      `
Examples:
  ${invokedAs} identity present orchestrator handed-on.json --challenge "$CHALLENGE" --domain deploy.example --out shown.json
  ${invokedAs} identity present probe facts.vc.json --disclose /nodes --challenge "$CHALLENGE" --domain audit.example`,
    )
    .action(async (name: string, files: readonly string[], options: PresentArguments) => {
      const { runPresent } = await import('../commands/identity-issue.ts');
      await runPresent(name, files, options);
    });
}

/** `aia identity verify`. */
export function verifyCommand(invokedAs: string): Command {
  const command = new Command('verify')
    .description(
      'verify a credential, a chain of grants, a presentation or a status list: who signed it, every proof, its validity and its status; says what held, or the one reason why not',
    )
    .summary('verify credentials, chains and presentations')
    .argument('<files...>', 'each by itself; - for standard input')
    .option(
      '--issuer <dids>',
      'DIDs or names of identities here whose word counts, for a chain that of its first issuer; repeat or separate with commas',
      collectNames,
    )
    .addOption(new Option('--any-issuer', 'judge the issuer yourself').conflicts('issuer'))
    .option('--at-most <file>', 'JSON list of the most that those issuers may grant; default: anything')
    .option('--challenge <text>', 'of a presentation: what you made up for it')
    .option('--domain <text>', 'of a presentation: who you are')
    .option(
      '--published <dirs>',
      'folders with what issuers published, as it was handed over: did.jsonl, status.json',
      collectNames,
    )
    .option('--status-list <files>', 'status lists of issuers, as they were handed over', collectNames)
    .addOption(new Option('--at <time>', 'whether it held then, or will: RFC 3339; default: now').argParser(moment))
    .option(
      '--for-write',
      'refuse issuers whose document, and status lists, that their origin did not confirm within five minutes',
    )
    .option('--require-status', 'refuse credentials that cannot be revoked')
    .option('--require-post-quantum', 'refuse what has no post-quantum proof, whatever keys its signer has');
  return withOrigins(withHome(command))
    .addHelpText(
      'after',
      `
Several files are each verified by themselves, and are all verified for exit code 0. JSON is an object for one file and
a list for several. What is not told by any verification stands in "Unchecked".

Examples:
  ${invokedAs} identity verify role.json --issuer did:webvh:QmS…:clusters.example:prod
  ${invokedAs} identity verify role.json --issuer did:webvh:QmS…:clusters.example:prod --published handed-over/cluster --offline
  ${invokedAs} identity verify shown.json --issuer cluster --challenge "$CHALLENGE" --domain deploy.example --for-write
  ${invokedAs} identity verify old.json --issuer cluster --at 2026-10-01T00:00:00Z`,
    )
    .action(async (files: readonly string[], options: VerifyArguments) => {
      const { runVerify } = await import('../commands/identity-verify.ts');
      await runVerify(files, options);
    });
}
