/** Options that several commands share: what cluster to read, what of it to judge, and how to tell it. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { parseEndpoint, type Endpoint } from '../probes/endpoint.ts';
import { CandidateOption, exampleCandidates } from './candidates.ts';

/** Which live cluster. */
export function connected(command: Command): Command {
  return command
    .option('--context <name>', 'kubeconfig context of a live cluster; default: the current one')
    .option('--kubeconfig <file>', 'kubeconfig to use instead of KUBECONFIG or ~/.kube/config')
    .configureHelp({ sortOptions: false });
}

/** What else than a live cluster to read; `verb` is what the command does to it. */
export function withSource(command: Command, verb: string): Command {
  return command
    .option('--dump <path>', 'read a saved dump: file, directory, .tar.gz or .zip; - for standard input')
    .addOption(new CandidateOption('--example <name>', `${verb} an embedded example`, exampleCandidates));
}

/** What to judge, and what to ask beside the cluster. */
export function withJudging(command: Command): Command {
  const judging = command
    .option('-n, --namespace <names>', 'judge only these namespaces; repeat or separate with commas', collectNames)
    .option('--suppressions <file>', 'take out the findings that this file answers for (YAML)');
  return withProbes(judging)
    .option('--prometheus <url>', 'take usage history from this Prometheus (live clusters)')
    .option('--prometheus-token-file <file>', 'bearer token for it')
    .option('--prometheus-label <name=value>', 'take only series with this label; repeat for several', collectLabels)
    .option('--include-secret-keys', 'also read the key names of Secrets (values are never kept)')
    .option('--include-tls-secrets', 'also read the certificates in TLS Secrets (keys are never kept)');
}

/** What to ask of endpoints. */
export function withProbes(command: Command): Command {
  return command
    .option(
      '--probe <endpoint>',
      'ask HOST[:PORT] for its TLS certificate (default port 443); may be repeated; nothing is asked otherwise',
      collectEndpoints,
    )
    .option(
      '--probe-endpoints',
      'send one GET to each host that Ingresses, Gateways and load balancers of the cluster expose',
    )
    .option('--probe-loopback', 'with --probe-endpoints: also at loopback addresses, for clusters on this machine');
}

/** How to tell it. */
export function withTelling(command: Command): Command {
  return command
    .option('-q, --quiet', 'no progress on standard error')
    .addOption(new Option('--color <when>', 'colours in text').choices(['auto', 'always', 'never']).default('auto'));
}

/** `--format`, one or several of these. */
export function formatOption<T extends string>(known: readonly T[], standard: T): Option {
  return new CandidateOption(
    '-f, --format <formats>',
    `${known.join(', ')}; several with commas (needs --out)`,
    () => known,
  )
    .argParser((value: string): readonly T[] => {
      const named = value.split(',').map((name) => {
        const format = known.find((one) => one === name.trim());
        if (format === undefined) throw new InvalidArgumentError(`"${name}" is not one of ${known.join(', ')}.`);
        return format;
      });
      return [...new Set(named)];
    })
    .default([standard], standard);
}

/** `name=value`, repeated. */
export function collectLabels(value: string, previous: Readonly<Record<string, string>> | undefined) {
  const [, name, wanted] = /^([a-zA-Z_]\w*)=(.*)$/.exec(value) ?? [];
  if (name === undefined || wanted === undefined)
    throw new InvalidArgumentError(`"${value}" is not name=value, for example cluster=prod.`);
  return { ...previous, [name]: wanted };
}

/** Names with commas between them, repeated. */
export function collectNames(value: string, previous: readonly string[] | undefined): readonly string[] {
  const names = value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw new InvalidArgumentError('it names nothing.');
  return [...(previous ?? []), ...names];
}

function collectEndpoints(value: string, previous: readonly Endpoint[] | undefined): readonly Endpoint[] {
  try {
    return [...(previous ?? []), parseEndpoint(value)];
  } catch (error) {
    throw new InvalidArgumentError(`${error instanceof Error ? error.message : String(error)}.`);
  }
}
