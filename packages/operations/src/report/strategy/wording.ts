/** How amounts, times and people are worded in a strategy. */
import type { Action, Light, QuotaEffect, Role } from '@aia/contract';
import { ROLES } from '../../plan/owners/roles.ts';
import type { Tone } from './section.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span for people, rounded to two units: `40 s`, `12 min`, `2 h 30 min`, `3 d`. */
export function spanText(ms: number): string {
  if (ms < MINUTE) return `${Math.round(ms / 1000)} s`;
  if (ms < HOUR) return `${Math.round(ms / MINUTE)} min`;
  if (ms < DAY) {
    const minutes = Math.round(ms / MINUTE);
    const rest = minutes % 60;
    return `${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${rest} min`}`;
  }
  const hours = Math.round(ms / HOUR);
  return `${Math.floor(hours / 24)} d${hours % 24 === 0 ? '' : ` ${hours % 24} h`}`;
}

/** `Mon 29 Sep 2025, 09:00 UTC`. */
export function momentText(at: number): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return String(at);
  return `${dayText(at)}, ${date.toISOString().slice(11, 16)} UTC`;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Mon 29 Sep 2025`. */
export function dayText(at: number): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return String(at);
  return `${DAYS[date.getUTCDay()]} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** `saves 120 USD a month`, `costs 12 USD a month`; `''` for no effect. */
export function moneyText(monthly: number, currency: string): string {
  const amount = Math.round(Math.abs(monthly));
  if (amount === 0) return '';
  return `${monthly < 0 ? 'saves' : 'costs'} ${amount} ${currency} a month`;
}

/** `frees 1 IN_USE_ADDRESSES in us-central1`. */
export function quotaEffectText({ metric, region, amount }: QuotaEffect): string {
  return `${amount < 0 ? 'frees' : 'takes'} ${Number(Math.abs(amount).toFixed(1))} ${metric} in ${region}`;
}

/** Requests for more of a quota that an action makes. */
export function quotaRequests({ steps }: Pick<Action, 'steps'>) {
  return steps.flatMap(({ change }) =>
    change.kind === 'cloud' && change.call.operation === 'request-quota' ? [change.call] : [],
  );
}

/** Effects on one quota together. */
export function summed(effects: readonly QuotaEffect[]): readonly QuotaEffect[] {
  const groups = Map.groupBy(effects, ({ metric, region }) => `${region}/${metric}`);
  return [...groups.values()].flatMap(([first, ...rest]) => {
    if (first === undefined) return [];
    const amount = rest.reduce((sum, one) => sum + one.amount, first.amount);
    return amount === 0 ? [] : [{ ...first, amount }];
  });
}

/** Name of a role. */
export function roleText(role: Role): string {
  return ROLES[role].title;
}

const LAMPS: Readonly<Record<Light['colour'], string>> = { green: '🟢', yellow: '🟡', red: '🔴', unknown: '⚪' };

/** `🟡 yellow: runs, with gaps`. */
export function lampText({ colour, word }: Pick<Light, 'colour' | 'word'>): string {
  return `${LAMPS[colour]} ${colour}: ${word}`;
}

/** Tones of lights. */
export const LIGHT_TONES: Readonly<Record<Light['colour'], Tone>> = {
  green: 'good',
  yellow: 'warn',
  red: 'bad',
  unknown: 'dim',
};

/** The first of a list, and how many more there are. */
export function firstOf(texts: readonly string[], most: number): readonly string[] {
  return texts.length <= most + 1 ? texts : [...texts.slice(0, most), `… and ${texts.length - most} more`];
}

/** A sentence that ends. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === '' || /[.!?…][”"')]?$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** Numbers of actions with neighbours drawn together: `1.1 to 1.5, 1.9`. */
export function rangesOf(actions: readonly { readonly number: string }[]): string {
  const runs: { readonly phase: string; readonly from: number; to: number }[] = [];
  for (const { number } of actions) {
    const [phase = '', place = ''] = number.split('.');
    const last = runs.at(-1);
    if (last?.phase === phase && last.to + 1 === Number(place)) last.to += 1;
    else runs.push({ phase, from: Number(place), to: Number(place) });
  }
  return runs
    .map(({ phase, from, to }) =>
      from === to
        ? `${phase}.${from}`
        : to === from + 1
          ? `${phase}.${from}, ${phase}.${to}`
          : `${phase}.${from} to ${phase}.${to}`,
    )
    .join(', ');
}
