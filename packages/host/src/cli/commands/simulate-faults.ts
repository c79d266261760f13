/** `aia simulate faults`. */
import {
  contextOf,
  describeKind,
  drawScenario,
  FAULT_KINDS,
  injectFault,
  NoTargetError,
  type FaultKind,
  type InjectedFault,
  type Parameter,
} from '@aia/cluster/faults';
import { faultKind } from '../../simulate/bring-faults.ts';

/** Options as the command line gives them. */
export interface SimulateFaultsArguments {
  readonly format: 'text' | 'json';
}

/** Prints the catalogue or one kind. @throws UsageError for a kind that is not known, with the nearest ones */
export function runSimulateFaults(name: string | undefined, { format }: SimulateFaultsArguments): void {
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  if (name === undefined) {
    const kinds = [...FAULT_KINDS.values()];
    process.stdout.write(format === 'json' ? json(kinds.map(describeKind)) : listOf(kinds));
    return;
  }
  const kind = faultKind(name);
  const example = tried(kind);
  process.stdout.write(
    format === 'json' ? json({ ...describeKind(kind), ...exampleOf(example) }) : detailsOf(kind, example),
  );
}

/** Of a cluster with an outage of its own nothing could be told. */
const SOUND = contextOf({ fault_count: 0, noise: 0 });

/** What is true where it is brought about in a drawn cluster; `undefined` where that has nothing that it could befall. */
function tried(kind: FaultKind): InjectedFault | undefined {
  const { cluster } = drawScenario(SOUND, kind.name);
  try {
    return injectFault(cluster, kind, { seed: kind.name });
  } catch (error) {
    if (error instanceof NoTargetError) return undefined;
    throw error;
  } finally {
    cluster.stop();
  }
}

function exampleOf(example: InjectedFault | undefined) {
  if (example === undefined) return {};
  const { truth, touched, settlesMs, remedy, repair } = example;
  return { example: { truth, touched, settlesMs, remedy, isResolvable: repair !== undefined } };
}

function listOf(kinds: readonly FaultKind[]): string {
  const families = [...new Set(kinds.map(({ family }) => family))];
  const width = Math.max(...kinds.map(({ name }) => name.length));
  return families
    .map((family) =>
      [
        family,
        ...kinds
          .filter((kind) => kind.family === family)
          .map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
      ].join('\n'),
    )
    .join('\n\n')
    .concat(`\n\n${kinds.length} kinds of fault. With a name: its parameters, what is true about it, what helps.\n`);
}

function detailsOf(kind: FaultKind, example: InjectedFault | undefined): string {
  const parameters = Object.entries(kind.parameters);
  return [
    `${kind.name} (${kind.family}): ${kind.summary}`,
    '',
    ...(parameters.length === 0
      ? ['It has no parameters.']
      : ['Parameters', ...parameters.map(([name, parameter]) => `  ${parameterText(name, parameter)}`)]),
    ...(example === undefined ? [] : ['', ...exampleLines(example)]),
    '',
    `Documented at ${kind.source}`,
    '',
  ].join('\n');
}

function exampleLines({ truth, touched, settlesMs, remedy }: InjectedFault): readonly string[] {
  return [
    'In a cluster that was drawn for this',
    `  True       ${truth.classes.join(' or ')}, at ${truth.entities.join(' or ')}`,
    `  Touches    ${touched.join(', ')}`,
    `  Shows      in full after ${Math.ceil(settlesMs / 60_000)} min`,
    `  Resolvable ${remedy === undefined ? 'by nothing in the cluster or its cloud' : `yes: ${remedy}`}`,
  ];
}

function parameterText(name: string, parameter: Parameter): string {
  const range =
    parameter.type === 'choice'
      ? parameter.choices.join(', ')
      : `${parameter.min} to ${parameter.max}${parameter.unit === undefined ? '' : ` ${parameter.unit}`}`;
  return `${name}  ${parameter.summary}: ${range}; default ${parameter.default}`;
}
