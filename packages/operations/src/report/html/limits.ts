/** What keeps the file small enough to open and to mail, however large the cluster: some megabytes at most. */
export const LIMITS = Object.freeze({
  /** Causes in full, then causes by their title alone. */
  causes: 20,
  titles: 200,
  /** Rows of the table of findings, and those of one code. */
  findings: 600,
  findingsOfCode: 60,
  /** Pieces of evidence of a cause, of a finding, of an edge. */
  causeEvidence: 20,
  findingEvidence: 4,
  /** Items of other lists. */
  items: 100,
  /** Characters of a sentence, and of a quoted text. */
  sentence: 1500,
  quoted: 400,
});
