/** Sections of the strategy document as markup. */
import { markup, verbatim, type Markup } from '../../html/markup.ts';
import { cellText, runsOf, summaryOf, type Block, type Cell, type Section } from '../section.ts';

/** Drawings that a section begins with, by its id. */
export type Drawings = ReadonlyMap<string, Markup>;

/** Longer files are not printed: nobody types them off paper. */
const MOST_PRINTED = 40;

/** Anchors are letters, digits and hyphens, whatever an id is made of. */
export function anchorOf(id: string): string {
  return `s-${id.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '')}`;
}

/** A section with all below it; `isAction` of parts tells which are cards. */
export function sectionMarkup(section: Section, drawings: Drawings): Markup {
  return markup`<section id="${anchorOf(section.id)}">
<h2>${section.title}</h2>
${contentMarkup(section, drawings, 3)}
</section>
`;
}

function contentMarkup({ id, blocks, parts = [] }: Section, drawings: Drawings, level: number): Markup {
  return markup`${drawings.get(id)}${blocksMarkup(blocks)}${parts.map((part) => partMarkup(part, drawings, level))}`;
}

function partMarkup(part: Section, drawings: Drawings, level: number): Markup {
  const inner = contentMarkup(part, drawings, level + 1);
  const anchor = anchorOf(part.id);
  if (level === 3)
    return markup`<div class="part" id="${anchor}"><h3>${part.title}</h3>
${inner}</div>
`;
  return markup`<article class="action" id="${anchor}"><h4>${part.title}</h4>
${inner}</article>
`;
}

/** Details of one run fold together. */
function blocksMarkup(blocks: readonly Block[]): Markup {
  return markup`${runsOf(blocks).map(({ isDetail, blocks: own }) =>
    isDetail
      ? markup`<details class="more"><summary>${summaryOf(own)}</summary>${own.map(blockMarkup)}</details>
`
      : own.map(blockMarkup),
  )}`;
}

function blockMarkup(block: Block): Markup {
  switch (block.kind) {
    case 'paragraph':
      return markup`<p class="${block.isStrong === true ? 'strong' : 'plain'}${block.tone === undefined ? '' : ` tone-${block.tone}`}">${shown(block.text)}</p>
`;
    case 'bullets':
      return markup`${block.title === undefined ? undefined : markup`<p class="label">${block.title}</p>`}<ul>${block.items.map((item) => markup`<li>${shown(item)}</li>`)}</ul>
`;
    case 'tasks':
      return markup`<ul class="tasks">${block.items.map((item) => markup`<li>${shown(item)}</li>`)}</ul>
`;
    case 'fields':
      return block.rows.length === 0
        ? markup``
        : markup`<dl class="fields">${block.rows.map(([name, text]) => markup`<dt>${name}</dt><dd>${shown(text)}</dd>`)}</dl>
`;
    case 'table':
      return tableMarkup(block.head, block.rows);
    case 'code':
      return codeMarkup(block);
    case 'files':
      return markup`<p class="label">${block.title}</p><p class="plain">${block.files.map(({ path }) => path).join(', ')}</p>
`;
  }
}

function tableMarkup(head: readonly string[], rows: readonly (readonly (string | Cell)[])[]): Markup {
  return markup`<div class="wide" tabindex="0" role="group" aria-label="Table: ${head.join(', ')}"><table><thead><tr>${head.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => markup`<tr>${row.map((cell, i) => cellMarkup(cell, head[i] ?? ''))}</tr>
`,
  )}</tbody></table></div>
`;
}

function cellMarkup(cell: string | Cell, label: string): Markup {
  const tone = typeof cell === 'string' ? undefined : cell.tone;
  const text = shown(cellText(cell));
  return tone === undefined
    ? markup`<td data-label="${label}">${text}</td>`
    : markup`<td data-label="${label}"><span class="tone-${tone}">${text}</span></td>`;
}

/** Lamps as shapes of the page's own, since not every machine has a font for emoji. */
const SHAPES: Readonly<Record<string, string>> = { '🟢': '●', '🟡': '▲', '🔴': '■', '⚪': '○' };

/** And numbers with their `%` on one line. */
function shown(text: string): string {
  return text.replace(/^(?:🟢|🟡|🔴|⚪)/u, (lamp) => SHAPES[lamp] ?? '').replace(/(?<=\d) %/g, '\u00a0%');
}

function codeMarkup({ title, file, language, code }: Extract<Block, { kind: 'code' }>): Markup {
  const heading = [title, file].filter((text) => text !== undefined && text !== '').join(', ');
  // The script gives commands a button that copies them.
  const kind = language === 'sh' ? 'command' : 'code';
  const lines = code.trimEnd().split('\n').length;
  const isLong = file !== undefined && lines > MOST_PRINTED;
  return markup`${heading === '' ? undefined : markup`<p class="label">${heading}</p>`}${isLong ? markup`<p class="print-only">${lines} lines, which stand in the file itself and on the page.</p>` : undefined}<pre class="${kind}${isLong ? ' long' : ''}" tabindex="0"><code>${codeText(code)}</code></pre>
`;
}

/** Lines stay lines, with the spaces that they begin with; the rest of each is cleaned by itself. */
function codeText(code: string): readonly Markup[] {
  return code.split('\n').map((line, i) => {
    const text = line.trimStart();
    const indent = verbatim(' '.repeat(line.length - text.length));
    return i === 0
      ? markup`${indent}${text}`
      : markup`
${indent}${text}`;
  });
}
