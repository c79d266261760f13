/** A fault as it is written on a command line. */

/** What is wanted, not yet checked against the catalogue. */
export interface FaultSpec {
  readonly kind: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** `namespace/name` of a workload, or the name of a node. */
  readonly target?: string;
}

/**
 * Reads `KIND[:parameter=value,…][@namespace/name]`, or `@name` for a node.
 * @throws RangeError saying what is wrong with it
 */
export function parseFaultSpec(text: string): FaultSpec {
  const [, kind = '', listed, target] = /^([a-z0-9-]+)(?::([^@]*))?(?:@(.*))?$/.exec(text) ?? [];
  if (kind === '') throw new RangeError(`"${text}" is not KIND[:parameter=value,…][@namespace/workload or @node]`);
  if (target !== undefined && !/^[^/@\s]+(?:\/[^/@\s]+)?$/.test(target))
    throw new RangeError(`"${target}" in "${text}" is neither namespace/workload nor the name of a node`);
  const parameters = Object.fromEntries((listed?.split(',') ?? []).map((pair) => parameterOf(pair, text)));
  return { kind, parameters, ...(target !== undefined && { target }) };
}

function parameterOf(pair: string, text: string): readonly [string, string] {
  const [, name, value] = /^([\w-]+)=(.+)$/.exec(pair.trim()) ?? [];
  if (name === undefined || value === undefined) throw new RangeError(`"${pair}" in "${text}" is not parameter=value`);
  return [name, value];
}
