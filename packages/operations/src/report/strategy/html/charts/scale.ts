/** Geometry that the charts share. Widths are in units of the drawing, which scales to the page. */

/** Width of every chart. */
export const WIDTH = 760;
/** Where bars begin, after their names. */
export const LEFT = 210;
/** Room for figures after the bars. */
export const RIGHT = 96;

/** Length of the axis. */
export const LENGTH = WIDTH - LEFT - RIGHT;

/** To a tenth: more makes files longer and drawings no better. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Place of a value on the axis, which ends at `most`. */
export function placeOf(value: number, most: number): number {
  return round(LEFT + (LENGTH * Math.min(Math.max(value, 0), most)) / most);
}
