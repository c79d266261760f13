/** Report formats that `assess` knows, with the ending of the files they are written to. */
export const ENDINGS = {
  text: 'txt',
  json: 'json',
  md: 'md',
  html: 'html',
  sarif: 'sarif',
  junit: 'junit.xml',
  csv: 'csv',
} as const;

/** One of them. */
export type Format = keyof typeof ENDINGS;

/** All of them, in the order of the help. */
export const FORMATS = Object.keys(ENDINGS) as readonly Format[];
