/** Prices that a person wrote: some of a table's fields, laid over the others. */
import { isRecord, type Json } from '../model/unknown-json.ts';
import { LIST_PRICES, type MachinePrice, type PriceTable } from './prices.ts';

const LARGEST = 1_000_000;
const WHOLE: ReadonlySet<string> = new Set(['forwardingRuleBundleSize', 'natMostMachines']);
const FAMILY_FIELDS = ['vcpuHourly', 'gibHourly', 'spotShare'] as const;

/**
 * The table with what `value` says instead: `{ "currency": "EUR", "diskGbMonthly": { "pd-ssd": 0.15 } }`. Entries of `diskGbMonthly`,
 * `machineFamilies` and `machineTypeHourly` are added to those that are there.
 * @throws TypeError, RangeError which field is wrong, what it says and what it may be
 */
export function parsePrices(value: unknown, base: PriceTable = LIST_PRICES): PriceTable {
  const changed = fieldsOf('prices', value).map(([key, given]) => {
    if (!Object.hasOwn(base, key)) throw unknownField('prices', key, Object.keys(base));
    return [key, fieldOf(key, base[key as keyof PriceTable], given)];
  });
  return { ...base, ...(Object.fromEntries(changed) as Partial<PriceTable>) };
}

function fieldOf(key: string, known: unknown, given: unknown): unknown {
  const place = `prices.${key}`;
  if (key === 'machineFamilies') {
    const families = known as PriceTable['machineFamilies'];
    return merged(families, place, given, (at, name, one) => familyOf(at, families[name], one));
  }
  if (isRecord(known)) return merged(known, place, given, (at, _name, one) => amountOf(at, one));
  if (typeof known === 'number') return amountOf(place, given, LARGEST, WHOLE.has(key));
  if (typeof given !== typeof known) throw new TypeError(`${place}: must be a ${typeof known}, is ${written(given)}`);
  return given;
}

function merged(
  known: object,
  place: string,
  given: unknown,
  entry: (at: string, name: string, one: unknown) => unknown,
): object {
  const changed = fieldsOf(place, given).map(([name, one]) => [name, entry(`${place}.${name}`, name, one)]);
  return { ...known, ...(Object.fromEntries(changed) as object) };
}

/** A family that is not there yet needs all of its fields. */
function familyOf(place: string, known: MachinePrice | undefined, given: unknown): MachinePrice {
  const changed = fieldsOf(place, given).map(([key, one]) => {
    if (!FAMILY_FIELDS.some((field) => field === key)) throw unknownField(place, key, FAMILY_FIELDS);
    return [key, amountOf(`${place}.${key}`, one, key === 'spotShare' ? 1 : LARGEST)];
  });
  const price = { ...known, ...(Object.fromEntries(changed) as Partial<MachinePrice>) };
  const lacking = FAMILY_FIELDS.find((field) => price[field] === undefined);
  if (lacking !== undefined) throw new RangeError(`${place}.${lacking}: must be given for a family that is new`);
  return price as MachinePrice;
}

function amountOf(place: string, given: unknown, most = LARGEST, isWhole = false): number {
  if (typeof given !== 'number') throw new TypeError(`${place}: must be a number, is ${written(given)}`);
  if (!(given >= 0 && given <= most)) throw new RangeError(`${place}: must be from 0 to ${most}, is ${given}`);
  if (isWhole && !Number.isInteger(given)) throw new RangeError(`${place}: must be a whole number, is ${given}`);
  return given;
}

function fieldsOf(place: string, value: unknown): readonly (readonly [string, unknown])[] {
  if (!isRecord(value)) throw new TypeError(`${place}: must be an object, is ${written(value)}`);
  return Object.entries(value as Json);
}

function unknownField(place: string, key: string, known: readonly string[]): RangeError {
  return new RangeError(`${place}.${key}: there is no such field; there are ${known.join(', ')}`);
}

function written(value: unknown): string {
  return (JSON.stringify(value) ?? typeof value).slice(0, 60);
}
