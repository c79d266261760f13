/** The command line: parses arguments and calls one file per command, loaded only when it is asked for. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { version } from '../version.ts';
import type { AssessArguments } from './commands/assess.ts';
import type { CollectArguments } from './commands/collect.ts';
import { EXIT, reportFailure } from './exit.ts';
import { FORMATS, type Format } from './formats.ts';

/** Runs one command line and sets `process.exitCode`; never throws. */
export async function main(args: readonly string[], invokedAs: string): Promise<void> {
  const program = commandLine(invokedAs);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    else reportFailure(error);
  }
}

/** The whole command line, also read by the generated reference page. */
export function commandLine(invokedAs = 'aia'): Command {
  const program = new Command(invokedAs)
    .description('Takes a Kubernetes cluster that is not production-ready and makes it so.')
    .version(version, '-V, --version', 'print the version')
    .showHelpAfterError('(add --help for the options)')
    .enablePositionalOptions()
    .exitOverride();
  program.addCommand(assessCommand());
  program.addCommand(collectCommand());
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

function assessCommand(): Command {
  return connected(new Command('assess'))
    .description('find what is broken in a cluster and why, with evidence')
    .summary('find what is broken and why')
    .option('--dump <path>', 'read a saved dump: file, directory, .tar.gz or .zip; - for standard input')
    .option('--example <name>', 'assess an embedded example')
    .addOption(
      new Option('-f, --format <formats>', 'text, json, md; several with commas (needs --out)')
        .argParser(formats)
        .default(['text'], 'text'),
    )
    .option('-o, --out <dir>', 'write assessment.<format> files to this directory instead of printing')
    .option('-n, --namespace <names>', 'judge only these namespaces; repeat or separate with commas', collectNames)
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 when a finding is at least this severe')
        .choices(['critical', 'high', 'medium', 'low', 'info', 'never'])
        .default('never'),
    )
    .option('--explain <code>', 'say what a finding code means, and exit')
    .option('--prometheus <url>', 'take usage history from this Prometheus (live clusters)')
    .option('--prometheus-token-file <file>', 'bearer token for it')
    .option('--prometheus-label <name=value>', 'take only series with this label; repeat for several', collectLabels)
    .option('--include-secret-keys', 'also read the key names of Secrets (values are never kept)')
    .option('--include-tls-secrets', 'also read the certificates in TLS Secrets (keys are never kept)')
    .option('-q, --quiet', 'no progress on standard error')
    .addOption(new Option('--color <when>', 'colours in text').choices(['auto', 'always', 'never']).default('auto'))
    .addHelpText('after', ASSESS_EXAMPLES)
    .action(async (options: AssessArguments) => {
      const { runAssess } = await import('./commands/assess.ts');
      await runAssess(options);
    });
}

const ASSESS_EXAMPLES = `
Examples:
  aia assess --example aia-system              the reference incident
  aia assess --context prod                    a live cluster, read-only
  kubectl get all,events,nodes,cm -A -o json | aia assess --dump -
  aia assess --dump bundle.tar.gz --format json,md --out report/
  aia assess --dump . --fail-on high           in CI`;

function collectCommand(): Command {
  return connected(new Command('collect'))
    .description('write a redacted dump of a live cluster, to be assessed elsewhere')
    .requiredOption('-o, --out <file>', 'the dump to write, a .tar.gz')
    .option('--force', 'replace the file if it exists')
    .option('-n, --namespace <names>', 'only these namespaces; repeat or separate with commas', collectNames)
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

function connected(command: Command): Command {
  return command
    .option('--context <name>', 'kubeconfig context of a live cluster; default: the current one')
    .option('--kubeconfig <file>', 'kubeconfig to use instead of KUBECONFIG or ~/.kube/config')
    .configureHelp({ sortOptions: false });
}

function formats(value: string): readonly Format[] {
  return value.split(',').map((name) => {
    const format = FORMATS.find((known) => known === name.trim());
    if (format === undefined) throw new InvalidArgumentError(`"${name}" is not one of ${FORMATS.join(', ')}.`);
    return format;
  });
}

function collectLabels(value: string, previous: Readonly<Record<string, string>> | undefined) {
  const [, name, wanted] = /^([a-zA-Z_]\w*)=(.*)$/.exec(value) ?? [];
  if (name === undefined || wanted === undefined)
    throw new InvalidArgumentError(`"${value}" is not name=value, for example cluster=prod.`);
  return { ...previous, [name]: wanted };
}

function collectNames(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [
    ...(previous ?? []),
    ...value
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  ];
}
