/** `aia simulate faults`. */
import { describeKind, FAULT_KINDS, type FaultKind, type Parameter } from '@aia/cluster/faults';
import { faultKind } from '../../simulate/bring-faults.ts';

/** Options as the command line gives them. */
export interface SimulateFaultsArguments {
  readonly format: 'text' | 'json';
}

/** Prints the catalogue or one kind. @throws UsageError for a kind that is not known, with the nearest ones */
export function runSimulateFaults(name: string | undefined, { format }: SimulateFaultsArguments): void {
  const kinds = name === undefined ? [...FAULT_KINDS.values()] : [faultKind(name)];
  const [only] = kinds;
  if (format === 'json') {
    const described = kinds.map(describeKind);
    process.stdout.write(`${JSON.stringify(name === undefined ? described : described[0], null, 2)}\n`);
  } else process.stdout.write(name === undefined || only === undefined ? listOf(kinds) : detailsOf(only));
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

function detailsOf(kind: FaultKind): string {
  const parameters = Object.entries(kind.parameters);
  return [
    `${kind.name} (${kind.family}): ${kind.summary}`,
    '',
    ...(parameters.length === 0
      ? ['It has no parameters.']
      : ['Parameters', ...parameters.map(([name, parameter]) => `  ${parameterText(name, parameter)}`)]),
    '',
    `Documented at ${kind.source}`,
    '',
  ].join('\n');
}

function parameterText(name: string, parameter: Parameter): string {
  const range =
    parameter.type === 'choice'
      ? parameter.choices.join(', ')
      : `${parameter.min} to ${parameter.max}${parameter.unit === undefined ? '' : ` ${parameter.unit}`}`;
  return `${name}  ${parameter.summary}: ${range}; default ${parameter.default}`;
}
