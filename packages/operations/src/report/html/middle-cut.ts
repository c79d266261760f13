/** Names in little room. */
import { clean } from '../layout.ts';

/** At most so many characters; the middle gives way, since names of pods differ at their ends. */
export function middleCut(name: string, longest: number): string {
  const characters = [...clean(name)];
  if (characters.length <= longest) return characters.join('');
  const end = Math.floor((longest - 1) / 2);
  return `${characters.slice(0, longest - 1 - end).join('')}…${characters.slice(-end).join('')}`;
}
