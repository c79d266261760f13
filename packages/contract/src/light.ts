/** Status lights of a strategy. */
import * as z from 'zod';
import { text } from './fields.ts';

export const lightSchema = z
  .object({
    id: z.enum(['deployment', 'health', 'security', 'experience', 'debt']).describe('What it is about.'),
    name: text('As in `Deployment status`.'),
    colour: z.enum(['green', 'yellow', 'red', 'unknown']).describe('The light.'),
    word: text('As in `stable with constraints`.'),
    formula: text('How the colour follows.'),
    basis: text('The figures that it followed from.'),
  })
  .describe('A status light.')
  .meta({ id: 'Light' });

/** A status light. */
export type Light = z.infer<typeof lightSchema>;
