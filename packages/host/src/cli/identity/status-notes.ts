/** What is to be done about the status list of an own agent, before verifiers refuse what depends on it. */
import { formatTime } from '@aia/identity';
import { knownAgent } from '../../identity/agents.ts';
import type { Home } from '../../identity/home.ts';
import { statusListUrl } from '../../identity/issuing.ts';

/** From then on it is said with every command. */
const SOON_MS = 2 * 86_400_000;

/** Nothing where none was issued, or while the list that was written last says all that was revoked and holds for a while. */
export function listNotes(home: Home, name: string, at: number): readonly string[] {
  const { agent, latest } = knownAgent(home, name, at);
  const url = statusListUrl(agent.did);
  const isNeeded = home.agents.credentialsOf(agent.name).length > 0 && latest?.parameters.deactivated !== true;
  if (url === undefined || !isNeeded) return [];
  const { signedAt, validUntil } = home.agents.signedList(agent.name) ?? {};
  const todo = `"aia identity revoke ${agent.name} --out DIR" signs it anew; publish it at ${url}`;
  if (signedAt === undefined || validUntil === undefined)
    return [`no status list of ${agent.name} was written yet, without which nobody can verify what it issues: ${todo}`];
  const unwritten = home.agents.credentialsOf(agent.name).filter(({ revokedAt = -Infinity }) => revokedAt > signedAt);
  if (unwritten.length > 0)
    return [`verifiers do not know yet of ${unwritten.length} that ${agent.name} revoked: ${todo}`];
  if (validUntil <= at)
    return [
      `the status list of ${agent.name} ran out at ${formatTime(validUntil)}: nothing that it issued verifies. ${todo}`,
    ];
  if (validUntil - at > SOON_MS) return [];
  return [
    `the status list of ${agent.name} runs out at ${formatTime(validUntil)}, and with it all that it issued: ${todo}`,
  ];
}
