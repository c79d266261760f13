/** The loop: diagnose, and what is said about it. Decisions are pure; nothing here opens a file or a socket. */
export type { AssessOptions } from './assess.ts';
export { assess } from './assess.ts';
export { RULES, ruleOf } from './diagnose/catalogue.ts';
export type { Evidence } from './diagnose/evidence.ts';
export type { Thresholds } from './diagnose/examination.ts';
export { DEFAULT_THRESHOLDS } from './diagnose/examination.ts';
export type { Facts, Finding, Severity } from './diagnose/finding.ts';
export { SEVERITIES, severityRank } from './diagnose/finding.ts';
export type { Aliases, RemediationClass, Rule } from './diagnose/rule.ts';
export { isSucceeding } from './kpi/pod-success.ts';
export type { Priors } from './priors/priors.ts';
export { UNIFORM_PRIORS } from './priors/priors.ts';
export { asMarkdown } from './report/as-markdown.ts';
export type { TextOptions } from './report/as-text.ts';
export { asText } from './report/as-text.ts';
export type { Style } from './report/layout.ts';
export { PLAIN } from './report/layout.ts';
