/**
 * Regular expressions as Go's `regexp` reads and runs them: a look at a text takes time that grows with the length of both, whatever a
 * definition asks for, and not with all the ways in which they could fit, as the expressions of JavaScript do.
 * Source: https://pkg.go.dev/regexp/syntax; R. Cox, "Regular Expression Matching Can Be Simple And Fast"
 */
import { parsePattern, PatternError, type PatternNode } from './parse-pattern.ts';

/** Whether a pattern is found anywhere in a text. */
export type Pattern = (text: string) => boolean;

/** One step: takes a letter, holds at a place, or goes on in several ways; without any it is the end. */
interface Step {
  readonly node?: Extract<PatternNode, { readonly is: 'letter' | 'place' }>;
  readonly next: readonly number[];
}

const END: Step = { next: [] };
/** More would not fit into what Go gives a pattern. */
const MOST_STEPS = 1_000_000;

/** @throws PatternError for a text that is no pattern */
export function compilePattern(source: string): Pattern {
  const steps: Step[] = [END];
  const start = append(steps, parsePattern(source), 0);
  return (text) => isFound(steps, start, text);
}

/** Why a text is no pattern; `undefined` where it is one. */
export function patternProblem(source: string): string | undefined {
  try {
    compilePattern(source);
    return undefined;
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
}

/** Puts the steps of a node before the step at `next`; the index of the first. */
function append(steps: Step[], node: PatternNode, next: number): number {
  switch (node.is) {
    case 'letter':
    case 'place':
      return push(steps, { node, next: [next] });
    case 'sequence':
      return node.parts.reduceRight((after, part) => append(steps, part, after), next);
    case 'choice':
      return push(steps, { next: node.parts.map((part) => append(steps, part, next)) });
    case 'repeat':
      return appendRepeat(steps, node, next);
  }
}

function appendRepeat(
  steps: Step[],
  { part, least, most }: Extract<PatternNode, { readonly is: 'repeat' }>,
  next: number,
): number {
  let after = next;
  if (most === undefined) {
    const ways = [next];
    after = push(steps, { next: ways });
    ways.push(append(steps, part, after));
  } else for (let at = least; at < most; at++) after = push(steps, { next: [append(steps, part, after), next] });
  for (let at = 0; at < least; at++) after = append(steps, part, after);
  return after;
}

function push(steps: Step[], step: Step): number {
  if (steps.length > MOST_STEPS) throw new PatternError('expression too large', '');
  return steps.push(step) - 1;
}

/** All ways at once, letter by letter. */
function isFound(steps: readonly Step[], start: number, text: string): boolean {
  const letters = Array.from(text, (letter) => letter.codePointAt(0) as number);
  // At which letter a step was last reached.
  const reachedAt = new Int32Array(steps.length).fill(-1);
  let reached: number[] = [];
  for (let at = 0; at <= letters.length; at++) {
    const waiting: number[] = [];
    reached.push(start);
    for (let index = reached.pop(); index !== undefined; index = reached.pop()) {
      if (reachedAt[index] === at) continue;
      reachedAt[index] = at;
      const { node, next } = steps[index] as Step;
      if (next.length === 0) return true;
      if (node?.is === 'letter') waiting.push(index);
      else if (node === undefined || node.holds(letters, at)) reached.push(...next);
    }
    const letter = letters[at];
    if (letter === undefined) return false;
    reached = waiting.flatMap((index) => {
      const { node, next } = steps[index] as Step;
      return node?.is === 'letter' && node.fits(letter) ? next : [];
    });
  }
  return false;
}
