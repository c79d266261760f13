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
  /** The variable that is named, with `_FILE` at its end and then without. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asks a person; `undefined` where there is none to ask. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
}

/** Which passphrase it is: that of a keystore, that of one which is made, or the one that follows it. */
export type PassphraseUse = 'open' | 'make' | 'change';

const USES = {
  open: { variable: 'AIA_PASSPHRASE', option: '--passphrase-file', question: 'Passphrase of the keystore: ' },
  make: { variable: 'AIA_PASSPHRASE', option: '--passphrase-file', question: 'New passphrase for the keystore: ' },
  change: { variable: 'AIA_NEW_PASSPHRASE', option: '--new-passphrase-file', question: 'New passphrase: ' },
} as const;

/**
 * The passphrase; one that was not there before is asked for twice.
 * @throws HostError `passphrase-missing` where there is none, or one that is no passphrase or as a new one too short; what reading the file throws
 */
export async function passphraseFrom(sources: PassphraseSources, use: PassphraseUse): Promise<string> {
  const { variable, option, question } = USES[use];
  const { env, ask } = sources;
  const file = [sources.file, env[`${variable}_FILE`]].find((one) => one !== undefined && one !== '');
  const given = file === undefined ? env[variable] : fromFile(file);
  if (given === undefined && ask === undefined)
    throw missing(
      `A passphrase is needed: give ${option}, ${variable}_FILE or ${variable}, or run this in a terminal.`,
    );
  const passphrase = given === undefined ? await asked(question, ask, use) : withoutLineEnd(given);
  if (passphrase === '') throw missing(`The passphrase is empty${file === undefined ? '' : `: ${file}`}.`);
  if (/\p{Cc}/u.test(passphrase))
    throw missing('The passphrase has several lines or control characters, which nobody could type.');
  if (use !== 'open' && [...passphrase].length < SHORTEST_PASSPHRASE)
    throw missing(`A new passphrase needs at least ${SHORTEST_PASSPHRASE} characters.`);
  return passphrase;
}

/** The line end that editors and mounted secrets add belongs to no passphrase. */
function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '');
}

function fromFile(file: string): string {
  const bytes = readPrivateFile(file, { mostBytes: MOST_BYTES, forbidden: NOT_MOUNTED });
  if (bytes === undefined) throw missing(`The file ${file}, which should have the passphrase, does not exist.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Read as text, most of such bytes would become one and the same letter.
    throw missing(`${file} is no text in UTF-8: encode random bytes, for example in base64.`);
  } finally {
    bytes.fill(0);
  }
}

async function asked(question: string, ask: PassphraseSources['ask'], use: PassphraseUse): Promise<string> {
  const first = (await ask?.(question)) ?? '';
  if (use !== 'open' && (await ask?.('The same again: ')) !== first) throw missing('The two passphrases differ.');
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
    const nothing = new Writable({ write: (_chunk, _encoding, done) => done() });
    const lines = createInterface({ input, output: nothing, terminal: true, historySize: 0 });
    // Only now does the terminal show nothing of what whoever sees the question types at once.
    output.write(question);
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
