/** Which pieces of evidence a sentence speaks of, so that it can point to them. */
import type { AssessedEvidence } from '@aia/contract';

/** Words shorter than this are in too many sentences to tell one piece from another. */
const TELLING = 4;

/** A sentence with the places (from 0) of its evidence. */
export interface Claim {
  readonly sentence: string;
  readonly evidence: readonly number[];
}

/** A statement sentence by sentence. A piece that no sentence names bears them all; one that some name bears only those. */
export function claimsOf(statement: string, evidence: readonly AssessedEvidence[]): readonly Claim[] {
  const sentences = sentencesOf(statement);
  const naming = evidence.map((piece) => new Set(sentences.filter((sentence) => names(sentence, piece))));
  return sentences.map((sentence) => {
    const own = [...naming.keys()].filter((i) => naming[i]?.size === 0 || naming[i]?.has(sentence));
    return { sentence, evidence: own.length === 0 ? [...naming.keys()] : own };
  });
}

/** Ends of sentences have a capital behind them, which the dots in versions and names of files have not. */
function sentencesOf(statement: string): readonly string[] {
  return statement.split(/(?<=[.!?]) +(?=\p{Lu})/u).filter((sentence) => sentence.trim() !== '');
}

function names(sentence: string, piece: AssessedEvidence): boolean {
  return wordsOf(piece).some((word) => word.length >= TELLING && sentence.includes(word));
}

function wordsOf(evidence: AssessedEvidence): readonly string[] {
  switch (evidence.kind) {
    case 'field':
      return [evidence.resource.name, evidence.value];
    case 'event':
      return [evidence.reason];
    case 'quota':
      return [evidence.metric];
    case 'certificate':
      return [evidence.subject];
    case 'metric':
    case 'absence':
      return [evidence.resource.name];
    case 'log':
      return [evidence.resource.name, evidence.container];
    case 'cloud':
    case 'calculation':
      return [];
  }
}
