/** Showing what is held to a verifier, who can then be sure that nobody else shows it and that it is shown to nobody else. */
import { present, type JsonObject } from '@aia/identity';
import { knownAgent } from './agents.ts';
import { headOf, isOfCapabilities, type Holding } from './holding.ts';
import type { Home } from './home.ts';
import type { KeyCustody } from './key-custody.ts';
import { signersOf } from './signers.ts';

/** What is shown, and to whom. */
export interface Showing {
  readonly holdings: readonly Holding[];
  /** JSON Pointers of concealed parts that are shown; `*` for all. What lies around them is shown with them. */
  readonly disclosed: '*' | readonly string[];
  readonly challenge: string;
  readonly domain: string;
  /** Now, in epoch milliseconds. */
  readonly at: number;
}

/**
 * A presentation signed with all authentication keys of an agent.
 * @throws RangeError for what is not about the agent, a chain that is not alone, a pointer that leads to nothing concealed; and as {@link signersOf}
 */
export async function presentAs(home: Home, keys: KeyCustody, name: string, showing: Showing): Promise<JsonObject> {
  const { holdings, challenge, domain, at } = showing;
  const known = knownAgent(home, name, at);
  const holder = known.agent.did;
  for (const holding of holdings) {
    const subject = headOf(holding)?.subject;
    if (subject !== holder)
      throw new RangeError(`${name} cannot show what is about ${subject ?? 'several, or nobody'}: it is ${holder}`);
  }
  if (holdings.length > 1 && holdings.some(({ chain: [first] }) => isOfCapabilities(first)))
    throw new RangeError('grants are shown alone: make one presentation of them, and another one of the rest');
  const disclosures = disclosuresOf(showing);
  const signers = await signersOf(known, keys, 'authentication', at);
  const credentials = holdings.flatMap(({ chain }) => chain);
  return present({ holder, credentials, challenge, domain, ...(disclosures && { disclosures }) }, signers, at);
}

/** For each credential what opens its parts; `undefined` where nothing is disclosed. */
function disclosuresOf({ holdings, disclosed }: Showing): readonly (readonly string[])[] | undefined {
  const isWanted = (pointer: string) =>
    disclosed === '*' || disclosed.some((wanted) => wanted === pointer || wanted.startsWith(`${pointer}/`));
  const lost =
    disclosed === '*'
      ? undefined
      : disclosed.find((one) => !holdings.some(({ disclosures: all }) => Object.hasOwn(all, one)));
  if (lost !== undefined) throw new RangeError(`nothing concealed lies at ${lost}`);
  const chosen = holdings.map(({ disclosures }) =>
    Object.entries(disclosures).flatMap(([pointer, text]) => (isWanted(pointer) ? [text] : [])),
  );
  return chosen.every(({ length }) => length === 0) ? undefined : chosen;
}
