/** Own agents by name, and the credentials that they issued. */
import { randomInt } from 'node:crypto';
import { HostError } from '../host-error.ts';
import type { Database } from './database.ts';

/** An agent whose keys are kept here. Times are epoch milliseconds. */
export interface OwnAgent {
  readonly name: string;
  readonly did: string;
  readonly createdAt: number;
}

/** A credential that an own agent issued. */
export interface IssuedCredential {
  readonly id: string;
  /** Name of the agent. */
  readonly issuer: string;
  /** In the status list of the issuer. */
  readonly statusIndex: number;
  readonly issuedAt: number;
  readonly revokedAt: number | undefined;
}

/** @throws HostError `store-failed` from every function */
export interface AgentRegister {
  readonly find: (nameOrDid: string) => OwnAgent | undefined;
  readonly list: () => readonly OwnAgent[];
  /** Adds an agent. @throws HostError `identity-exists` */
  readonly add: (agent: OwnAgent) => void;
  /** Notes a credential and gives it an index that was free, by chance, so that it tells nothing of order or number. */
  readonly issue: (
    credential: Pick<IssuedCredential, 'id' | 'issuer' | 'issuedAt'>,
    entries: number,
  ) => IssuedCredential;
  readonly credential: (id: string) => IssuedCredential | undefined;
  /** Marks a credential; the first time counts. */
  readonly revoke: (id: string, at: number) => void;
  readonly revokedIndexes: (issuer: string) => readonly number[];
}

const AGENT = 'SELECT name, did, created_at AS createdAt FROM agents';
const CREDENTIAL =
  'SELECT id, issuer, status_index AS statusIndex, issued_at AS issuedAt, revoked_at AS revokedAt FROM credentials';

/** The register of a database. */
export function agentRegister({ use, change }: Database): AgentRegister {
  const all = <T>(sql: string, ...values: readonly (string | number)[]) =>
    use((database) =>
      database
        .prepare(sql)
        .all(...values)
        .map(withoutNull),
    ) as readonly T[];
  const run = (sql: string, ...values: readonly (string | number | null)[]) =>
    use((database) => Number(database.prepare(sql).run(...values).changes));
  const credential = (id: string) => all<IssuedCredential>(`${CREDENTIAL} WHERE id = ?`, id)[0];
  return {
    find: (asked) => all<OwnAgent>(`${AGENT} WHERE name = ?1 OR did = ?1`, asked)[0],
    list: () => all<OwnAgent>(`${AGENT} ORDER BY name`),
    add: ({ name, did, createdAt }) => {
      if (run('INSERT OR IGNORE INTO agents VALUES (?, ?, ?)', name, did, createdAt) === 0)
        throw new HostError('identity-exists', `There is an identity named ${name} already.`, { data: { name } });
    },
    issue: ({ id, issuer, issuedAt }, entries) =>
      change(() => {
        const statusIndex = freeIndex(new Set(indexes(all, issuer)), entries, issuer);
        run('INSERT INTO credentials VALUES (?, ?, ?, ?, NULL)', id, issuer, statusIndex, issuedAt);
        return { id, issuer, statusIndex, issuedAt, revokedAt: undefined };
      }),
    credential,
    revoke: (id, at) => void run('UPDATE credentials SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL', at, id),
    revokedIndexes: (issuer) => indexes(all, issuer, 'AND revoked_at IS NOT NULL'),
  };
}

function indexes(
  all: <T>(sql: string, ...values: readonly string[]) => readonly T[],
  issuer: string,
  also = '',
): readonly number[] {
  const sql = `SELECT status_index AS at FROM credentials WHERE issuer = ? ${also}`;
  return all<{ readonly at: number }>(sql, issuer).map(({ at }) => at);
}

function freeIndex(taken: ReadonlySet<number>, entries: number, issuer: string): number {
  // Chance finds a free place quickly as long as half of them are.
  if (taken.size > entries / 2)
    throw new HostError('store-failed', `The status list of ${issuer} is half full: ${taken.size} of ${entries}.`);
  for (;;) {
    const index = randomInt(entries);
    if (!taken.has(index)) return index;
  }
}

function withoutNull(row: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? undefined]));
}
