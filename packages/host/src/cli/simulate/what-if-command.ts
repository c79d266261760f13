/** The definition of `aia simulate what-if`. */
import { Command, Option } from 'commander';
import { CandidateOption, exampleCandidates } from '../candidates.ts';
import type { WhatIfArguments } from '../commands/simulate-what-if.ts';
import { durationUpTo } from '../option-values.ts';

const LONGEST_MS = 7 * 86_400_000;

/** `aia simulate what-if`. */
export function whatIfCommand(invokedAs: string): Command {
  return new Command('what-if')
    .description(
      'try changes on a simulated twin of a cluster, and tell what would come of them; nothing is changed anywhere else',
    )
    .summary('try changes on a twin of a cluster')
    .option(
      '--set <change>',
      'a change, such as quota.CPUS=+8 (see below); may be repeated, and is made in order',
      collect,
    )
    .option('--apply <file>', 'manifests (YAML or JSON) to apply, server-side; may be repeated', collect)
    .option('--dump <path>', 'the cluster as a saved dump: file, directory, .tar.gz or .zip; - for standard input')
    .addOption(new CandidateOption('--example <name>', 'the cluster as an embedded example', exampleCandidates))
    .option('--context <name>', 'kubeconfig context of a live cluster, which is only read; default: the current one')
    .option('--kubeconfig <file>', 'kubeconfig to use instead of KUBECONFIG or ~/.kube/config')
    .addOption(
      new Option('--for <duration>', 'how much time passes in the twin')
        .argParser(durationUpTo(LONGEST_MS))
        .default(30 * 60_000, '30m'),
    )
    .option('--seed <text>', 'same seed and changes, same history', '0')
    .addOption(new Option('-f, --format <format>', 'how to tell it').choices(['text', 'json']).default('text'))
    .option('-o, --output <file>', 'write it to this file instead of printing')
    .option('-q, --quiet', 'no progress on standard error')
    .addOption(new Option('--color <when>', 'colours in text').choices(['auto', 'always', 'never']).default('auto'))
    .configureHelp({ sortOptions: false })
    .addHelpText('after', help(invokedAs))
    .action(async (options: WhatIfArguments) => {
      const { runWhatIf } = await import('../commands/simulate-what-if.ts');
      await runWhatIf(options);
    });
}

function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

function help(name: string): string {
  return `
Changes:
  quota.CPUS=+8  quota.CPUS=64  quota.global/CPUS_ALL_REGIONS=96    limit of a cloud quota
  pool.NAME.maxNodes=12  pool.NAME.machineType=e2-standard-8       node pool
  replicas.NS/NAME=3  image.NS/NAME/CONTAINER=IMAGE                workload (KIND/NS/NAME where names are equal)
  requests.NS/NAME.cpu=100m  limits.NS/NAME/CONTAINER.memory=1Gi   of all its containers, or of one
  serviceType.NS/NAME=ClusterIP  delete.Service/NS/NAME            Service; any other kind can be deleted, too
  cordon.NODE  uncordon.NODE  drain.NODE  node.NODE=off            node

Exit codes: 1 where the cluster would refuse a change; the others as for ${name} itself.

Examples:
  ${name} simulate what-if --example aia-system --set quota.CPUS=+8
  ${name} simulate what-if --context prod --set drain.node-7 --for 10m
  ${name} simulate what-if --dump bundle.tar.gz --apply deployment.yaml --format json`;
}
