/** Names of images. */
import type { Draw } from '../draw.ts';
import type { Style } from './style.ts';

/** An image of a team's registry, tagged as the team tags. */
export function drawImage(draw: Draw, { registry, tag }: Pick<Style, 'registry' | 'tag'>, name: string): string {
  return `${registry}/${name}:${drawTag(draw, tag)}`;
}

export function drawTag(draw: Draw, tag: Style['tag']): string {
  if (tag === 'commit') return draw.hex(draw.pick([7, 8, 40]));
  if (tag === 'date')
    return `2024${String(draw.integer(1, 12)).padStart(2, '0')}${String(draw.integer(1, 28)).padStart(2, '0')}-${draw.integer(1, 40)}`;
  return `${draw.chance(0.5) ? 'v' : ''}${draw.integer(0, 7)}.${draw.integer(0, 30)}.${draw.integer(0, 12)}`;
}
