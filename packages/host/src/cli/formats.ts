/** Report formats that `assess` knows. */
export const FORMATS = ['text', 'json', 'md'] as const;

/** One of them. */
export type Format = (typeof FORMATS)[number];
