/** Builders of described fields. */
import * as z from 'zod';

/** Any text. */
export const text = (description: string) => z.string().describe(description);
/** A read-only list. */
export const list = <T extends z.ZodType>(item: T, description: string) =>
  z.array(item).readonly().describe(description);
/** A list of texts. */
export const texts = (description: string) => list(z.string(), description);
/** A moment. */
export const at = (description: string) => z.number().int().describe(`${description} Epoch milliseconds.`);
/** A whole number from 0. */
export const count = (description: string) => z.number().int().min(0).describe(description);
/** A part of a whole. */
export const share = (description: string) => z.number().min(0).max(1).describe(`${description} From 0 to 1.`);
