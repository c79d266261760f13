/** What somebody needs to carry an action out: commands and files, how to look, how to go back. */
import { refText } from '@aia/cluster';
import type { Action, Step } from '@aia/contract';
import { counted } from '../../counted.ts';
import { isAsking } from '../../../plan/order/asked-early.ts';
import { checkOf, conditionTexts } from '../condition-text.ts';
import { bullets, detail, fields, paragraph, type Block } from '../section.ts';
import { firstOf, sentence, spanText } from '../wording.ts';

/** More conditions than these are counted, and listed where somebody asks. */
export const MOST_CONDITIONS = 4;

/** The commands of an action in one block, then the files that they name. */
export function commands({ steps, delivery, ownership }: Action, folder: string): readonly Block[] {
  const title =
    delivery === 'source'
      ? `What it comes to in the cluster; not to be run there, where ${ownership?.name ?? 'whoever reconciles it'} would undo it`
      : '';
  return [...script(title, steps), ...files(steps, folder)];
}

/** Commands in one block; none for no steps. */
export function script(title: string, steps: readonly Step[]): readonly Block[] {
  return steps.length === 0
    ? []
    : [{ kind: 'code', title, language: 'sh', code: steps.map(({ command }) => command).join('\n') }];
}

/** One of each shape is shown; the others are named. */
export function files(steps: readonly Step[], folder: string): readonly Block[] {
  const all = steps.flatMap(({ manifest, file }) =>
    manifest === undefined || file === undefined ? [] : [{ path: `${folder}/${file}`, content: manifest }],
  );
  return [...Map.groupBy(all, ({ content }) => shapeOf(content)).values()].flatMap(([first, ...others]) => [
    ...(first === undefined
      ? []
      : [detail({ kind: 'code', language: 'yaml', code: first.content, file: first.path } as const)]),
    ...(others.length === 0
      ? []
      : [
          detail({
            kind: 'files',
            title: `${counted(others.length, 'more file')} of this shape`,
            files: others,
          } as const),
        ]),
  ]);
}

/** YAML without its values, those that say what a patch does apart. */
function shapeOf(yaml: string): string {
  return yaml.replace(/^(\s*(?:- )?(?!(?:op|path):)[^:\n]*:).*$/gm, '$1').replace(/\d+/g, '0');
}

/** What goes into the repository of whoever reconciles the target. */
export function source({ ownership }: Action): readonly Block[] {
  if (ownership === undefined) return [];
  const { source: place = '', sourceChange, pullRequest } = ownership;
  return [
    fields(['Source', place]),
    ...(sourceChange === undefined
      ? []
      : [{ kind: 'code', title: 'In the source', language: 'yaml', code: sourceChange } as const]),
    ...(pullRequest === undefined
      ? []
      : [
          detail({
            kind: 'code',
            title: `Pull request: ${pullRequest.title}`,
            language: 'md',
            code: pullRequest.body,
          } as const),
        ]),
  ];
}

/** What shows that it worked, and how to look. */
export function probe(action: Action): readonly Block[] {
  const { conditions, withinMs, soakMs } = action.probe;
  if (conditions.length === 0) return [];
  const looks = looksFor([action]);
  return [
    ...bullets(
      isAsking(action)
        ? 'It is granted when'
        : `It worked when, within ${spanText(withinMs)} and for ${spanText(soakMs)} more`,
      firstOf(conditionTexts(conditions), MOST_CONDITIONS),
    ),
    ...(looks === '' ? [] : [detail({ kind: 'code', title: 'Look', language: 'sh', code: looks } as const)]),
  ];
}

/** The way back, or why there is none. */
export function undo({ inverse, target }: Action, folder: string): readonly Block[] {
  if (inverse.kind === 'irreversible') return [paragraph(`Cannot be undone: ${sentence(inverse.reason)}`, 'warn')];
  if (inverse.steps.length === 0) return [paragraph(`Nothing to undo in ${refText(target)}.`)];
  return [...script('Undo', inverse.steps).map(detail), ...files(inverse.steps, folder)];
}

/** Commands that show what the probes of these actions ask for, each once. */
export function looksFor(actions: readonly Action[]): string {
  const looks = actions
    .flatMap(({ probe: { conditions } }) => conditions)
    .flatMap((condition) => {
      const { command, expected } = checkOf(condition);
      const look = command?.replace(/^(?:some|at_least \d+) (?=kubectl )/, '');
      if (look === undefined || !look.startsWith('kubectl')) return [];
      const prints = expected === '' ? 'nothing' : expected === undefined ? undefined : JSON.stringify(expected);
      const answer = look === command ? prints : 'something';
      return [`${look}${answer === undefined ? '' : `   # prints ${answer}`}`];
    });
  return [...new Set(looks)].join('\n');
}
