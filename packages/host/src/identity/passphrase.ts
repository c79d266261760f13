/** Where the passphrase of a keystore comes from: a file, the environment, or a person. Never the command line, which every process on the machine can read. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { HostError } from '../host-error.ts';
import { readPrivateFile } from './private-file.ts';

/** Shorter ones are not taken for new keystores: guessing runs offline, at the price of argon2id alone. */
export const SHORTEST_PASSPHRASE = 12;
const MOST_BYTES = 4096;
/** A secret that is mounted may be readable by the group that it was mounted for, and by nobody beyond. */
const NOT_MOUNTED = 0o027;

/** Where to look, in this order. */
export interface PassphraseSources {
  readonly file?: string | undefined;
  /** `AIA_PASSPHRASE_FILE`, then `AIA_PASSPHRASE`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asks a person; `undefined` where there is none to ask. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
}

/**
 * The passphrase; a new one is asked for twice.
 * @throws HostError `passphrase-missing` where there is none or a new one is too short, or what reading the file throws
 */
export async function passphraseFrom(
  sources: PassphraseSources,
  { isNew }: { readonly isNew: boolean },
): Promise<string> {
  const { file = sources.env['AIA_PASSPHRASE_FILE'], env, ask } = sources;
  const given = file === undefined || file === '' ? env['AIA_PASSPHRASE'] : fromFile(file);
  const passphrase = given ?? (await asked(ask, isNew));
  if (passphrase === '') throw missing('The passphrase is empty.');
  if (isNew && [...passphrase].length < SHORTEST_PASSPHRASE)
    throw missing(`A new passphrase needs at least ${SHORTEST_PASSPHRASE} characters.`);
  return passphrase;
}

/** The line end that editors add belongs to no passphrase. */
function fromFile(file: string): string {
  const bytes = readPrivateFile(file, { mostBytes: MOST_BYTES, forbidden: NOT_MOUNTED, followLink: true });
  if (bytes === undefined) throw missing(`${file} does not exist.`);
  const text = bytes.toString('utf8').replace(/\r?\n$/, '');
  bytes.fill(0);
  return text;
}

async function asked(ask: PassphraseSources['ask'], isNew: boolean): Promise<string> {
  if (ask === undefined)
    throw missing(
      'A passphrase is needed: give --passphrase-file, AIA_PASSPHRASE_FILE or AIA_PASSPHRASE, or run it in a terminal.',
    );
  const first = await ask(isNew ? 'New passphrase for the keystore: ' : 'Passphrase of the keystore: ');
  if (isNew && (await ask('The same again: ')) !== first) throw missing('The two passphrases differ.');
  return first;
}

function missing(message: string): HostError {
  return new HostError('passphrase-missing', message);
}

/** Asks on a terminal without showing what is typed; `undefined` where standard input is none. */
export function terminalQuestion(
  input: NodeJS.ReadStream = process.stdin,
  output: NodeJS.WriteStream = process.stderr,
): PassphraseSources['ask'] {
  if (!input.isTTY) return undefined;
  return async (question) => {
    output.write(question);
    const nothing = new Writable({ write: (_chunk, _encoding, done) => done() });
    const lines = createInterface({ input, output: nothing, terminal: true, historySize: 0 });
    try {
      return await new Promise<string>((resolve, reject) => {
        lines.once('SIGINT', () => reject(new HostError('cancelled', 'cancelled')));
        lines.once('close', () => reject(new HostError('cancelled', 'cancelled')));
        lines.question('', resolve);
      });
    } finally {
      lines.close();
      output.write('\n');
    }
  };
}
