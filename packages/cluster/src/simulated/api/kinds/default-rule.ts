/** How defaults are written down: small rules over plain JSON that give the same value back where nothing is missing. */

import { canonicalQuantity } from '../../../model/amount.ts';
import { isRecord, type Json } from '../../../model/unknown-json.ts';

/** Completes a value; returns the very same one where it is complete. */
export type DefaultRule = (value: Json) => Json;

/** Whether a field counts as not given: absent, `null`, or the empty text. */
export function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** Fields that are unset get these values. */
export function fill(defaults: Json): DefaultRule {
  const fields = Object.entries(defaults);
  return (value) => {
    let filled: Record<string, unknown> | undefined;
    for (const [field, given] of fields) if (isUnset(value[field])) (filled ??= { ...value })[field] = given;
    return filled ?? value;
  };
}

/** Like {@link fill}, for numbers that cannot tell 0 from unset. */
export function fillZero(defaults: Json): DefaultRule {
  const fields = Object.entries(defaults);
  return (value) => {
    let filled: Record<string, unknown> | undefined;
    for (const [field, given] of fields)
      if (isUnset(value[field]) || value[field] === 0) (filled ??= { ...value })[field] = given;
    return filled ?? value;
  };
}

/** A field that is unset gets what is made of the rest of its object; `undefined` leaves it unset. */
export function derive(field: string, make: (value: Json) => unknown): DefaultRule {
  return (value) => (isUnset(value[field]) ? withField(value, field, make(value)) : value);
}

/** One rule after another. */
export function all(...rules: readonly DefaultRule[]): DefaultRule {
  return (value) => rules.reduce((current, rule) => rule(current), value);
}

/** Rules for the object in a field, where there is one. */
export function within(field: string, ...rules: readonly DefaultRule[]): DefaultRule {
  const rule = all(...rules);
  return (value) => {
    const inner = value[field];
    return isRecord(inner) ? withField(value, field, rule(inner)) : value;
  };
}

/** Rules for each object in the list in a field. */
export function each(field: string, ...rules: readonly DefaultRule[]): DefaultRule {
  const rule = all(...rules);
  return (value) => {
    const list = value[field];
    return Array.isArray(list) ? withField(value, field, mapped(list, rule)) : value;
  };
}

/** Rules that count only under a condition. */
export function when(condition: (value: Json) => boolean, ...rules: readonly DefaultRule[]): DefaultRule {
  const rule = all(...rules);
  return (value) => (condition(value) ? rule(value) : value);
}

/** Quantities in these fields get their canonical form: a quantity itself, or each value of a list of resources. */
export function canonical(...fields: readonly string[]): DefaultRule {
  return (value) => fields.reduce(canonicalField, value);
}

function canonicalField(value: Json, field: string): Json {
  const given = value[field];
  if (typeof given === 'string' || typeof given === 'number') return withField(value, field, canonicalQuantity(given));
  if (!isRecord(given)) return value;
  let changed: Record<string, unknown> | undefined;
  for (const name in given) {
    const amount = given[name];
    if (typeof amount !== 'string' && typeof amount !== 'number') continue;
    const text = canonicalQuantity(amount);
    if (text !== amount) (changed ??= { ...given })[name] = text;
  }
  return withField(value, field, changed);
}

/** The object with a field set, or itself where it is set so or `undefined` is given. */
export function withField(value: Json, field: string, given: unknown): Json {
  return given === undefined || given === value[field] ? value : { ...value, [field]: given };
}

function mapped(list: readonly unknown[], rule: DefaultRule): readonly unknown[] {
  let changed: unknown[] | undefined;
  for (const [index, item] of list.entries()) {
    if (!isRecord(item)) continue;
    const complete = rule(item);
    if (complete !== item) (changed ??= [...list])[index] = complete;
  }
  return changed ?? list;
}
