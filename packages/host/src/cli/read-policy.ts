/** Reads the policy file: YAML or JSON, checked against its schema and for contradictions, every fault with its line. */
import { policySchema } from '@aia/contract';
import { ACTION_KINDS, contradictionsOf, policyFrom, type Policy } from '@aia/operations';
import { readCheckedYaml } from './read-checked-yaml.ts';

/**
 * The policy of a file, with defaults where it says nothing.
 * @throws HostError for a file that cannot be read, UsageError for one that is no policy or contradicts itself
 */
export function readPolicy(file: string): Policy {
  const kinds = ACTION_KINDS.map(({ kind }) => kind);
  const content = readCheckedYaml(file, policySchema, (one) => contradictionsOf(policyFrom(one, file), kinds));
  return policyFrom(content, file);
}
