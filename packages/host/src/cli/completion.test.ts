import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { CAUSE_CLASSES, RULES } from '@aia/operations';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasProgram } from '../debian-program.suite.ts';
import { exampleNames } from '../examples.ts';
import { candidatesFor } from './complete.ts';
import { completionScript } from './completion-script.ts';
import { commandLine } from './main.ts';
import { aia, BIN } from './run-aia.suite.ts';
import { SHELLS } from './shells.ts';

const words = async (...line: readonly string[]) => (await candidatesFor(commandLine(), line)).words;
const further = async (...line: readonly string[]) => (await candidatesFor(commandLine(), line)).further;

describe('candidates', () => {
  it('go into commands within commands', async () => {
    expect(await words('simulate', 'se')).toEqual(['serve']);
    expect(await words('simulate', 'serve', '--pa')).toEqual(['--paused']);
    expect(await words('simulate', 'serve', '--example', 'aia')).toEqual(['aia-system']);
    expect(await further('simulate', 'serve', '--dump', '')).toBe('files');
  });

  it('are the commands at first', async () => {
    expect(await words('')).toEqual(['assess', 'plan', 'collect', 'simulate', 'identity', 'completion', 'help']);
    expect(await words('co')).toEqual(['collect', 'completion']);
  });

  it('are all options that the help of a command shows', async () => {
    for (const command of commandLine().commands) {
      const shown = [...command.helpInformation().matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, flag]) => flag);
      expect((await words(command.name(), '-')).toSorted()).toEqual(shown.toSorted());
    }
  });

  it('are no option twice, but for those that may be repeated', async () => {
    const after = await words('assess', '--dump', 'x', '-q', '-n', 'a', '--');
    expect(after).not.toContain('--dump');
    expect(after).not.toContain('--quiet');
    expect(after).toContain('--namespace');
  });

  it.each([
    [['--fail-on', 'm'], ['medium']],
    [['--fail-on=m'], ['--fail-on=medium']],
    [
      ['--color', ''],
      ['auto', 'always', 'never'],
    ],
    [
      ['--format', ''],
      ['text', 'json', 'md', 'html', 'sarif', 'junit', 'csv'],
    ],
    [
      ['-f', 'json,'],
      ['json,text', 'json,md', 'json,html', 'json,sarif', 'json,junit', 'json,csv'],
    ],
    [['--example', ''], exampleNames()],
    [['--explain', ''], [...new Set([...RULES.map(({ code }) => code), ...Object.keys(CAUSE_CLASSES)])]],
  ])('are the values of %j', async (line, expected) => {
    expect(await words('assess', ...line)).toEqual(expected);
  });

  it('leave paths to the shell', async () => {
    expect(await further('assess', '--dump', '')).toBe('files');
    expect(await further('assess', '--out', '')).toBe('directories');
    expect(await further('collect', '--out', '')).toBe('files');
    expect(await further('assess', '--context', '')).toBe('nothing');
  });

  it('are the shells for completion, and nothing behind', async () => {
    expect(await words('completion', '')).toEqual([...SHELLS]);
    expect(await words('completion', 'bash', '')).toEqual([]);
  });

  it.each([[['nope', '']], [['assess', '--nope', 'x', '']], [[]]])('survive %j', async (line) => {
    expect(Array.isArray(await words(...line))).toBe(true);
  });
});

describe('aia completion', () => {
  it.each(SHELLS)('prints the script for %s', async (shell) => {
    expect(await aia(['completion', shell])).toMatchObject({ code: 0, stdout: completionScript(shell), stderr: '' });
  });
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aia-completion-'));
  symlinkSync(join(BIN, 'aia.js'), join(folder, 'aia'));
  symlinkSync(process.execPath, join(folder, 'node'));
  mkdirSync(join(folder, 'work/dumps'), { recursive: true });
  writeFileSync(join(folder, 'work/dump one.json'), '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('in bash', () => {
  /** What bash offers behind a line, with the script loaded as a user loads it. */
  function offered(line: string): readonly string[] {
    const script = `source <(aia completion bash)
COMP_LINE=$1 COMP_POINT=\${#1}
_aia
printf '%s\\n' "\${COMPREPLY[@]}"`;
    const env = { ...process.env, PATH: [folder, '/usr/bin', '/bin'].join(delimiter) };
    const text = execFileSync('bash', ['--norc', '-c', script, 'bash', line], {
      encoding: 'utf8',
      env,
      cwd: join(folder, 'work'),
    });
    return text.split('\n').filter((word) => word !== '');
  }

  it.each([
    ['aia ', ['assess', 'plan', 'collect', 'simulate', 'identity', 'completion', 'help']],
    ['aia assess --fail', ['--fail-on']],
    ['aia assess --fail-on hi', ['high']],
    ['aia assess --fail-on=hi', ['high']],
    ['aia assess --example aia', ['aia-system']],
    ['aia assess --explain pod-uns', ['pod-unschedulable']],
    ['aia assess --dump du', ['dump one.json', 'dumps']],
    ['aia assess --out ', ['dumps']],
  ])('%s', (line, expected) => {
    expect(offered(line).toSorted()).toEqual(expected.toSorted());
  });

  it('registers the function for aia', () => {
    const text = execFileSync('bash', ['--norc', '-c', `${completionScript('bash')}\ncomplete -p aia`], {
      encoding: 'utf8',
    });
    expect(text).toContain('-F _aia aia');
  });
});

const hasZsh = await hasProgram('zsh');
const hasFish = await hasProgram('fish');

describe.skipIf(!hasZsh)('in zsh', () => {
  it('is a script that it accepts, and that registers itself', () => {
    const script = `autoload -Uz compinit && compinit -u -D\n${completionScript('zsh')}\nprint -r -- $_comps[aia]`;
    expect(execFileSync('zsh', ['-f', '-c', script], { encoding: 'utf8' })).toBe('_aia\n');
  });
});

describe.skipIf(!hasFish)('in fish', () => {
  const offered = (line: string) => {
    const script = `${completionScript('fish')}\ncomplete -C ${JSON.stringify(line)}`;
    const env = { ...process.env, HOME: folder, PATH: [folder, '/usr/bin', '/bin'].join(delimiter) };
    const text = execFileSync('fish', ['--no-config', '-c', script], {
      encoding: 'utf8',
      env,
      cwd: join(folder, 'work'),
    });
    return text
      .split('\n')
      .map((word) => word.split('\t')[0])
      .filter((word) => word !== '');
  };

  it.each([
    ['aia ', ['assess', 'plan', 'collect', 'simulate', 'identity', 'completion', 'help']],
    ['aia assess --fail-on m', ['medium']],
    ['aia assess --fail-on=m', ['--fail-on=medium']],
    ['aia assess --out ', ['dumps/']],
  ])('%s', (line, expected) => {
    expect(offered(line).toSorted()).toEqual(expected.toSorted());
  });
});
