/** What may stand next on a command line, from the definition of the commands. */
import type { Argument, Command, Option } from 'commander';
import { CandidateOption } from './candidates.ts';

/** What else the shell may offer: nothing, files, or directories. */
export type Further = 'nothing' | 'files' | 'directories';

/** Candidates for the word that is being typed, each of them whole. */
export interface Candidates {
  readonly words: readonly string[];
  readonly further: Further;
}

/** `words` follow the program's name; the last is being typed and may be empty. */
export async function candidatesFor(program: Command, words: readonly string[]): Promise<Candidates> {
  const current = words.at(-1) ?? '';
  const { command, awaiting, used, positional } = walk(program, words.slice(0, -1));
  if (awaiting !== undefined) return valuesOf(awaiting, current);
  const [flag, value] = split(current);
  const option = value === undefined ? undefined : optionOf(command, flag);
  if (option !== undefined && value !== undefined) return prefixed(`${flag}=`, await valuesOf(option, value));
  const names = current.startsWith('-') ? flagsOf(command, used) : wordsOf(command, used, positional);
  return { words: names.filter((name) => name.startsWith(current)), further: 'nothing' };
}

/** The completion protocol that kubectl shares with its plugins: a candidate a line, then `:` and a directive. */
export function directiveText({ words, further }: Candidates): string {
  const DIRECTIVES: Readonly<Record<Further, number>> = { files: 0, nothing: 4, directories: 16 };
  return [...words, `:${DIRECTIVES[further]}`, ''].join('\n');
}

interface Walked {
  readonly command: Command;
  /** The option whose value comes next. */
  readonly awaiting: Option | undefined;
  readonly used: ReadonlySet<Option>;
  /** Arguments given so far. */
  readonly positional: number;
}

function walk(program: Command, words: readonly string[]): Walked {
  let command = program;
  let awaiting: Option | undefined;
  let positional = 0;
  const used = new Set<Option>();
  for (const word of words) {
    if (awaiting !== undefined) {
      awaiting = undefined;
      continue;
    }
    const [flag, value] = split(word);
    const option = optionOf(command, flag);
    if (option !== undefined) {
      used.add(option);
      if (option.required && value === undefined) awaiting = option;
    } else if (!word.startsWith('-')) {
      const next = command.commands.find((known) => known.name() === word);
      if (next === undefined) positional++;
      else command = next;
    }
  }
  return { command, awaiting, used, positional };
}

/** `--format=json` in its two halves. */
function split(word: string): readonly [flag: string, value: string | undefined] {
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function optionOf(command: Command, flag: string): Option | undefined {
  return optionsOf(command).find((option) => option.long === flag || option.short === flag);
}

function optionsOf(command: Command): readonly Option[] {
  return command.createHelp().visibleOptions(command);
}

/** Long names; an option that takes one value and has it is not offered again. */
function flagsOf(command: Command, used: ReadonlySet<Option>): readonly string[] {
  const again = (option: Option) => option.parseArg !== undefined && !(option instanceof CandidateOption);
  return optionsOf(command)
    .filter((option) => again(option) || ![...used].some((other) => other.long === option.long))
    .map((option) => option.long ?? option.short ?? '');
}

function wordsOf(command: Command, used: ReadonlySet<Option>, positional: number): readonly string[] {
  const argument: Argument | undefined = command.registeredArguments[positional];
  if (argument?.argChoices !== undefined) return argument.argChoices;
  if (command.registeredArguments.length > 0) return [];
  const commands = command.createHelp().visibleCommands(command);
  return commands.length > 0 ? commands.map((one) => one.name()) : flagsOf(command, used);
}

async function valuesOf(option: Option, current: string): Promise<Candidates> {
  const known = option instanceof CandidateOption ? await option.candidates() : option.argChoices;
  if (known === undefined) return { words: [], further: pathsOf(option) };
  // The last of several values with commas between them; a value is given once.
  const several = /<\w+s>/.test(option.flags);
  const before = several ? current.slice(0, current.lastIndexOf(',') + 1) : '';
  const given = before.split(',');
  const words = known.filter((word) => !given.includes(word)).map((word) => before + word);
  return { words: words.filter((word) => word.startsWith(current)), further: 'nothing' };
}

/** The value's name in the help says what it is. */
function pathsOf(option: Option): Further {
  if (/<dir>/.test(option.flags)) return 'directories';
  return /<(?:path|files?)>/.test(option.flags) ? 'files' : 'nothing';
}

function prefixed(prefix: string, { words, further }: Candidates): Candidates {
  return { words: words.map((word) => prefix + word), further };
}
