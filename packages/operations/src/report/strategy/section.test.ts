import { describe, expect, it } from 'vitest';
import { detail, paragraph, withLeanTables, type Block, type Section } from './section.ts';

function lean(head: readonly string[], rows: readonly (readonly string[])[]): readonly Block[] {
  const section: Section = { id: 'a', title: 'A', blocks: [{ kind: 'table', head, rows }] };
  return withLeanTables({ ...section, blocks: [], parts: [section] }).parts?.[0]?.blocks ?? [];
}

describe('a table', () => {
  it('says once what a column says in all rows, and keeps its other columns', () => {
    expect(
      lean(
        ['Service', 'Quota', 'Behind it', 'Note'],
        [
          ['a', 'unchanged', 'x', '–'],
          ['b', 'unchanged', 'y', '–'],
          ['c', 'unchanged', 'x', '–'],
        ],
      ),
    ).toEqual([
      paragraph('Alike in all. Quota: unchanged.'),
      {
        kind: 'table',
        head: ['Service', 'Behind it'],
        rows: [
          ['a', 'x'],
          ['b', 'y'],
          ['c', 'x'],
        ],
      },
    ]);
  });

  it('is a list where only its first column is left', () => {
    const rows = ['a', 'b', 'c'].map((name) => [name, 'held']);
    expect(lean(['Action', 'On the twin'], rows)).toEqual([
      paragraph('Alike in all. On the twin: held.'),
      { kind: 'bullets', items: ['a', 'b', 'c'] },
    ]);
  });

  it.each([
    [
      'of two rows',
      [
        ['a', 'x'],
        ['b', 'x'],
      ],
    ],
    [
      'whose first column alone is alike',
      [
        ['a', 'x'],
        ['a', 'y'],
        ['a', 'z'],
      ],
    ],
  ])('stays as it is: %s', (_, rows) => {
    expect(lean(['Action', 'Outcome'], rows)).toEqual([{ kind: 'table', head: ['Action', 'Outcome'], rows }]);
  });

  it('stays folded', () => {
    const table = detail({ kind: 'table', head: ['A', 'B'], rows: ['a', 'b', 'c'].map((one) => [one, 'x']) } as const);
    const { blocks } = withLeanTables({ id: 'a', title: 'A', blocks: [table] });
    expect(blocks.map(({ isDetail }) => isDetail)).toEqual([true, true]);
  });
});
