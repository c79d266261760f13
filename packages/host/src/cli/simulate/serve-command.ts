/** The definition of `aia simulate serve`. */
import { Command, InvalidArgumentError } from 'commander';
import { exampleCandidates, faultCandidates, CandidateOption } from '../candidates.ts';
import { duration, wholeNumber } from '../option-values.ts';
import { parseFaultSpec, type FaultSpec } from '../../simulate/fault-spec.ts';
import type { SimulateServeArguments } from '../commands/simulate-serve.ts';

/** `aia simulate serve`. */
export function serveCommand(invokedAs: string): Command {
  return new Command('serve')
    .description('put a simulated cluster on a loopback port, for kubectl and other clients of Kubernetes')
    .summary('serve a simulated cluster to kubectl')
    .addOption(new CandidateOption('--example <name>', 'begin as an embedded example', exampleCandidates))
    .option('--dump <path>', 'begin as a saved dump: file, directory, .tar.gz or .zip')
    .option('--now', 'move all times of what it begins as, so that it was observed just now and every age stays')
    .option(
      '--nodes <number>',
      'how many empty nodes there are where it begins as nothing; default: 3',
      wholeNumber(0, 5000),
    )
    .option('--cloud', "where it begins as nothing: in a cloud like Google's, whose node pool has these nodes")
    .option('--kubeconfig <file>', 'write the kubeconfig here; default: a temporary file, which is printed')
    .option('--force', 'replace a kubeconfig that something else wrote')
    .option('--port <number>', 'listen here; default: a free port', wholeNumber(0, 65_535), 0)
    .option('--address <ip>', 'listen here; other machines reach anything but loopback', '127.0.0.1')
    .option('--seed <text>', 'same seed and requests, same history', '0')
    .option('--speed <factor>', 'how much faster than here time runs there', factor, 1)
    .addOption(new CandidateOption('--fault <spec>', FAULT, faultCandidates).argParser(collectFaults))
    .option(
      '--fault-after <duration>',
      'bring faults about after so much of its time: 90s, 10m, 2h; default: at once',
      duration,
    )
    .option('--paused', 'time stands still until a POST to /simulation/clock moves it')
    .configureHelp({ sortOptions: false })
    .addHelpText('after', examples(invokedAs))
    .action(async (options: SimulateServeArguments) => {
      const { runSimulateServe } = await import('../commands/simulate-serve.ts');
      await runSimulateServe(options);
    });
}

const FAULT =
  'bring a fault about: KIND[:parameter=value,…][@namespace/workload or @node]; repeat for several, "aia simulate faults" lists them';

function collectFaults(value: string, previous: readonly FaultSpec[] | undefined): readonly FaultSpec[] {
  try {
    return [...(previous ?? []), parseFaultSpec(value)];
  } catch (error) {
    throw new InvalidArgumentError(`${error instanceof Error ? error.message : String(error)}.`);
  }
}

function examples(name: string): string {
  return `
Examples:
  ${name} simulate serve --example aia-system         the reference incident, alive
  ${name} simulate serve --kubeconfig sim.yaml        three empty nodes
  ${name} simulate serve --dump bundle.tar.gz --speed 60
  ${name} simulate serve --dump bundle.tar.gz --fault image-missing@shop/web`;
}

function factor(value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !(number > 0 && number <= 100_000))
    throw new InvalidArgumentError(`"${value}" is not a number above 0 and up to 100000.`);
  return number;
}
