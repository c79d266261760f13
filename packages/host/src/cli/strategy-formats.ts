/** Formats that `plan` knows, with the ending of the files they are written to. */
export const STRATEGY_ENDINGS = { text: 'txt', md: 'md', html: 'html', json: 'json', pdf: 'pdf' } as const;

/** One of them. */
export type StrategyFormat = keyof typeof STRATEGY_ENDINGS;

/** All of them, in the order of the help. */
export const STRATEGY_FORMATS = Object.keys(STRATEGY_ENDINGS) as readonly StrategyFormat[];
