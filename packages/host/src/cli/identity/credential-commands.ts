/** The definitions of the commands about identities of others and about credentials. */
import { Command, Option } from 'commander';
import { CandidateOption } from '../candidates.ts';
import type { IssueArguments, VerifyArguments } from '../commands/identity-credentials.ts';
import type { ResolveArguments } from '../commands/identity-resolve.ts';
import { durationUpTo } from '../option-values.ts';
import { collectNames } from '../reading-options.ts';
import { withHome, withKeys, withOrigins } from './home-options.ts';

async function roleCandidates(): Promise<readonly string[]> {
  return (await import('@aia/identity')).AGENT_ROLES;
}

const LONGEST_MS = 3650 * 86_400_000;

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

/** `aia identity issue`. */
export function issueCommand(invokedAs: string): Command {
  const command = new Command('issue')
    .description('sign a credential: that somebody has a role, may do something, or whatever else is attested')
    .summary('sign a credential')
    .argument('<name>', 'name or DID of the identity that issues it')
    .requiredOption('--subject <did>', 'whom it is about: a DID, or the name of an identity here')
    .addOption(new CandidateOption('--role <role>', 'the role that the subject has', roleCandidates))
    .addOption(new Option('--grants <file>', 'JSON list of what the subject may do').conflicts('role'))
    .addOption(
      new Option('--claims <file>', 'JSON object that is attested of the subject').conflicts(['role', 'grants']),
    )
    .addOption(
      new Option('--valid-for <duration>', 'how long it is valid')
        .argParser(durationUpTo(LONGEST_MS))
        .default(30 * 86_400_000, '30d'),
    )
    .option('-o, --out <file>', 'write the credential to this file instead of printing it');
  return withKeys(command)
    .addHelpText(
      'after',
      `
Grants, each within its scope; "*" stands for all:
  [{"capability": "execute", "clusters": ["did:…"], "namespaces": ["shop"], "kinds": ["Deployment.apps"],
    "blastRadius": {"podsPerPhase": 10}, "delegations": 0}]

Examples:
  ${invokedAs} identity issue cluster --subject orchestrator --role main-orchestrator --out role.json
  ${invokedAs} identity issue cluster --subject did:key:z6Mk… --grants grants.json --valid-for 1h --out grant.json`,
    )
    .action(async (name: string, options: IssueArguments) => {
      const { runIssue } = await import('../commands/identity-credentials.ts');
      await runIssue(name, options);
    });
}

/** `aia identity verify`. */
export function verifyCommand(invokedAs: string): Command {
  const command = new Command('verify')
    .description(
      'verify a credential: who issued it, every proof, its validity and its status; says what held, or the one reason why not',
    )
    .summary('verify a credential')
    .argument('<file>', 'the credential; - for standard input')
    .option(
      '--issuer <dids>',
      'DIDs or names of identities here whose word counts; repeat or separate with commas',
      collectNames,
    )
    .addOption(new Option('--any-issuer', 'judge the issuer yourself').conflicts('issuer'))
    .option('--status-list <file>', 'the status list of the issuer, as it was handed over')
    .option('--for-write', 'refuse issuers whose document their origin did not confirm within five minutes')
    .option('--require-status', 'refuse credentials that cannot be revoked')
    .option('--require-post-quantum', 'refuse credentials without a post-quantum proof, whatever keys the issuer has');
  return withOrigins(withHome(command))
    .addHelpText(
      'after',
      `
Examples:
  ${invokedAs} identity verify role.json --issuer did:webvh:QmS…:clusters.example:prod
  ${invokedAs} identity verify role.json --issuer cluster --status-list public/cluster/status.json --offline`,
    )
    .action(async (file: string, options: VerifyArguments) => {
      const { runVerify } = await import('../commands/identity-credentials.ts');
      await runVerify(file, options);
    });
}
