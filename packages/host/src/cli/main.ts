/** The command line: parses arguments and calls one file per command, loaded only when it is asked for. */
import { Argument, Command, CommanderError, Option } from 'commander';
import { version } from '../version.ts';
import { CandidateOption } from './candidates.ts';
import type { AssessArguments } from './commands/assess.ts';
import type { CollectArguments } from './commands/collect.ts';
import { EXIT, reportFailure, tolerateClosedOutput } from './exit.ts';
import { FORMATS } from './formats.ts';
import { identityCommand } from './identity/identity-command.ts';
import { planCommand } from './plan-command.ts';
import {
  collectLabels,
  collectNames,
  connected,
  formatOption,
  withProbes,
  withJudging,
  withSource,
  withTelling,
} from './reading-options.ts';
import { SHELLS, type Shell } from './shells.ts';
import { simulateCommand } from './simulate/simulate-command.ts';

/** Runs one command line and sets `process.exitCode`; never throws. */
export async function main(args: readonly string[], invokedAs: string): Promise<void> {
  tolerateClosedOutput();
  const program = commandLine(invokedAs);
  try {
    if (args[0] === COMPLETE) await complete(program, args.slice(1));
    else await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    else reportFailure(error);
  }
}

/** What the completion scripts and kubectl call; no command of its own, since nobody types it. */
const COMPLETE = '__complete';

async function complete(program: Command, words: readonly string[]): Promise<void> {
  const { candidatesFor, directiveText } = await import('./complete.ts');
  process.stdout.write(directiveText(await candidatesFor(program, words)));
}

/** The whole command line, also read by the generated reference page. */
export function commandLine(invokedAs = 'aia'): Command {
  const program = new Command(invokedAs)
    .description('Takes a Kubernetes cluster that is not production-ready and makes it so.')
    .version(version, '-V, --version', 'print the version')
    .showHelpAfterError('(add --help for the options)')
    .enablePositionalOptions()
    .exitOverride();
  program.addCommand(assessCommand(invokedAs).copyInheritedSettings(program));
  program.addCommand(planCommand(invokedAs).copyInheritedSettings(program));
  program.addCommand(collectCommand().copyInheritedSettings(program));
  program.addCommand(simulateCommand(program, invokedAs));
  program.addCommand(identityCommand(program, invokedAs));
  program.addCommand(completionCommand().copyInheritedSettings(program));
  program.addHelpText('after', EXIT_HELP);
  return program;
}

const EXIT_HELP = `
Exit codes:
  0  done; nothing at or above --fail-on
  1  done; findings at or above --fail-on
  2  the command line is wrong
  3  the cluster or dump could not be read, or nothing in it could be judged
  130  cancelled`;

function assessCommand(invokedAs: string): Command {
  const command = withSource(connected(new Command('assess')), 'assess')
    .description('find what is broken in a cluster and why, with evidence')
    .summary('find what is broken and why')
    .addOption(formatOption(FORMATS, 'text'))
    .option('-o, --out <dir>', 'write assessment.<format> files to this directory instead of printing')
    .addOption(
      new Option(
        '--fail-on <severity>',
        'exit with 1 when a finding is at least this severe; with --since, a new or worse one',
      )
        .choices(['critical', 'high', 'medium', 'low', 'info', 'never'])
        .default('never'),
    )
    .option('--since <file>', 'say what is new, gone and worse since this earlier report (JSON)')
    .addOption(
      new CandidateOption(
        '--explain <what>',
        'say what a finding code or class of causes means; with the number or id of a root cause, walk its chain',
        codeCandidates,
      ),
    );
  return withTelling(withJudging(command))
    .addHelpText('after', assessExamples(invokedAs))
    .action(async (options: AssessArguments) => {
      const { runAssess } = await import('./commands/assess.ts');
      await runAssess(options);
    });
}

function assessExamples(name: string): string {
  return `
Examples:
  ${name} assess --example aia-system              the reference incident
  ${name} assess --context prod                    a live cluster, read-only
  ${name} assess --probe shop.example.com          also judge the certificate served there
  kubectl get all,events,nodes,cm -A -o json | ${name} assess --dump -
  ${name} assess --dump bundle.tar.gz --format json,md --out report/
  ${name} assess --dump . --fail-on high           in CI
  ${name} assess --since last-week.json            what is new, gone and worse`;
}

function collectCommand(): Command {
  const command = connected(new Command('collect'))
    .description('write a redacted dump of a live cluster, to be assessed elsewhere')
    .requiredOption('-o, --out <file>', 'the dump to write, a .tar.gz')
    .option('--force', 'replace the file if it exists')
    .option('-n, --namespace <names>', 'only these namespaces; repeat or separate with commas', collectNames);
  return withProbes(command)
    .option('--prometheus <url>', 'include usage history from this Prometheus')
    .option('--prometheus-token-file <file>', 'bearer token for it')
    .option('--prometheus-label <name=value>', 'take only series with this label; repeat for several', collectLabels)
    .option('--cloud <files>', 'include gcloud listings (JSON); repeat or separate with commas', collectNames)
    .option('--include-secret-keys', 'also write the key names of Secrets (values are never read out)')
    .option('--include-tls-secrets', 'also write the certificates in TLS Secrets (keys are never kept)')
    .option('-q, --quiet', 'no progress on standard error')
    .action(async (options: CollectArguments) => {
      const { runCollect } = await import('./commands/collect.ts');
      await runCollect(options);
    });
}

function completionCommand(): Command {
  return new Command('completion')
    .description('print a script that completes commands, options and their values in a shell')
    .summary('print a completion script for a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', COMPLETION_HELP)
    .action(async (shell: Shell) => {
      const { completionScript } = await import('./completion-script.ts');
      process.stdout.write(completionScript(shell));
    });
}

const COMPLETION_HELP = `
Load it at the start of a shell:
  bash  echo 'source <(aia completion bash)' >> ~/.bashrc
  zsh   echo 'source <(aia completion zsh)' >> ~/.zshrc
  fish  aia completion fish > ~/.config/fish/completions/aia.fish

"kubectl aia" completes through kubectl's own script, with kubectl_complete-aia on the PATH.`;

async function codeCandidates(): Promise<readonly string[]> {
  const { CAUSE_CLASSES, RULES } = await import('@aia/operations');
  return [...new Set([...RULES.map((rule) => rule.code), ...Object.keys(CAUSE_CLASSES)])];
}
