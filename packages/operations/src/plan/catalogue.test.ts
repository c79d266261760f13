import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ACTION_KINDS, actionKind } from './catalogue.ts';

const FOLDERS = readdirSync(new URL('actions', import.meta.url));

describe('the catalogue', () => {
  it('has each kind once', () => {
    const names = ACTION_KINDS.map(({ kind }) => kind);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
    for (const kind of ACTION_KINDS) expect(actionKind(kind.kind)).toBe(kind);
  });

  it('has every kind that there is a folder for', () => {
    const made = FOLDERS.filter((name) => existsSync(new URL(`actions/${name}/${name}.ts`, import.meta.url)));
    expect(made.filter((name) => actionKind(name) === undefined)).toEqual([]);
  });
});
