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
  /** DID that it is about; `undefined` where it was issued before subjects were noted. */
  readonly subject: string | undefined;
  readonly revokedAt: number | undefined;
}

/** Until when the newest signed status list of an agent holds. Times are epoch milliseconds. */
export interface SignedList {
  readonly signedAt: number;
  readonly validUntil: number;
}

/** @throws HostError `store-failed` from every function */
export interface AgentRegister {
  readonly find: (nameOrDid: string) => OwnAgent | undefined;
  readonly list: () => readonly OwnAgent[];
  /** Adds an agent. @throws HostError `identity-exists` */
  readonly add: (agent: OwnAgent) => void;
  /** Notes a credential and gives it an index that was free, by chance, so that it tells nothing of order or number. */
  readonly issue: (
    credential: Omit<IssuedCredential, 'statusIndex' | 'revokedAt'>,
    entries: number,
  ) => IssuedCredential;
  readonly credential: (id: string) => IssuedCredential | undefined;
  /** What an agent issued that has a place in its list, the oldest first. */
  readonly credentialsOf: (issuer: string) => readonly IssuedCredential[];
  /** Marks a credential; the first time counts. */
  readonly revoke: (id: string, at: number) => void;
  readonly revokedIndexes: (issuer: string) => readonly number[];
  readonly signedList: (issuer: string) => SignedList | undefined;
  readonly noteSignedList: (issuer: string, signed: SignedList) => void;
}

const AGENT = 'SELECT name, did, created_at AS createdAt FROM agents';
const CREDENTIAL =
  'SELECT id, issuer, status_index AS statusIndex, issued_at AS issuedAt, subject, revoked_at AS revokedAt FROM credentials';
const COLUMNS = '(id, issuer, status_index, issued_at, subject)';
const LIST = 'SELECT signed_at AS signedAt, valid_until AS validUntil FROM status_lists';

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
    issue: (issued, entries) =>
      change(() => {
        const { id, issuer, issuedAt, subject = null } = issued;
        const statusIndex = freeIndex(new Set(indexes(all, issuer)), entries, issuer);
        run(`INSERT INTO credentials ${COLUMNS} VALUES (?, ?, ?, ?, ?)`, id, issuer, statusIndex, issuedAt, subject);
        return { ...issued, statusIndex, revokedAt: undefined };
      }),
    credential,
    credentialsOf: (issuer) => all<IssuedCredential>(`${CREDENTIAL} WHERE issuer = ? ORDER BY issued_at, id`, issuer),
    revoke: (id, at) => void run('UPDATE credentials SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL', at, id),
    revokedIndexes: (issuer) => indexes(all, issuer, 'AND revoked_at IS NOT NULL'),
    signedList: (issuer) => all<SignedList>(`${LIST} WHERE issuer = ?`, issuer)[0],
    noteSignedList: (issuer, { signedAt, validUntil }) =>
      void run('INSERT OR REPLACE INTO status_lists VALUES (?, ?, ?)', issuer, signedAt, validUntil),
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
