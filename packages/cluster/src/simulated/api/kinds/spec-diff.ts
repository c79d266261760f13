/**
 * What differs between two specs, in the manner of the reports of `go-cmp` that the API server puts behind some refusals. Those are
 * meant for people and differ between builds on purpose, so only the fields that differ are shown, by their Go names.
 */
import { isRecord, type Json } from '../../../model/unknown-json.ts';
import { sameJson } from '../../../snapshot/diff.ts';

/** From `before` to `after`; `type` names the outermost. */
export function specDiff(type: string, before: Json, after: Json): string {
  return `  ${type}{\n${linesOf(before, after, 1).join('\n')}\n  }\n`;
}

function linesOf(before: Json, after: Json, depth: number): readonly string[] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = fields.filter((field) => !sameJson(before[field], after[field])).sort();
  const indent = '\t'.repeat(depth);
  const lines = changed.flatMap((field) => changeOf(goName(field), before[field], after[field], depth));
  const same = fields.length - changed.length;
  return same === 0 ? lines : [`  ${indent}... // ${same} identical ${same === 1 ? 'field' : 'fields'}`, ...lines];
}

function changeOf(name: string, before: unknown, after: unknown, depth: number): readonly string[] {
  const indent = '\t'.repeat(depth);
  if (isRecord(before) && isRecord(after))
    return [`  ${indent}${name}: {`, ...linesOf(before, after, depth + 1), `  ${indent}},`];
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return [`  ${indent}${name}: {`, ...itemLines(before, after, depth + 1), `  ${indent}},`];
  return [`- ${indent}${name}: ${shown(before)},`, `+ ${indent}${name}: ${shown(after)},`];
}

function itemLines(before: readonly unknown[], after: readonly unknown[], depth: number): readonly string[] {
  const indent = '\t'.repeat(depth);
  return before.flatMap((item, at) => {
    const other = after[at];
    if (sameJson(item, other)) return [];
    if (isRecord(item) && isRecord(other)) return [`  ${indent}{`, ...linesOf(item, other, depth + 1), `  ${indent}},`];
    return [`- ${indent}${shown(item)},`, `+ ${indent}${shown(other)},`];
  });
}

function shown(value: unknown): string {
  return value === undefined || value === null ? 'nil' : JSON.stringify(value);
}

function goName(field: string): string {
  return `${field.charAt(0).toUpperCase()}${field.slice(1)}`;
}
