/** The cheapest set of options that reaches goals: exact by branch and bound while it is small, the best found so far beyond. */

/** One option; actions and goals by position. */
export interface Option {
  /** Actions that it needs; two options may share one, which is then paid once. */
  readonly actions: readonly number[];
  /** Cost beyond its actions, at least 0. */
  readonly own: number;
  readonly goals: readonly number[];
  /** How far it reaches them, 0..1. */
  readonly grade: number;
}

/** What to choose from. */
export interface SetProblem {
  readonly options: readonly Option[];
  /** At least 0. */
  readonly actionCosts: readonly number[];
  /** What each goal costs while it stays open; a goal reached by a half costs a half. */
  readonly worths: readonly number[];
  /** Options that exclude each other, both ways. */
  readonly conflicts: ReadonlyMap<number, ReadonlySet<number>>;
  /** Whether a set keeps all limits; default any does. */
  readonly fits?: (chosen: readonly number[]) => boolean;
}

/** What was found. */
export interface BestSet {
  /** Positions of options, ascending. */
  readonly chosen: readonly number[];
  /** Price of the options and of what stays open; infinite where no set keeps the limits. */
  readonly cost: number;
  /** Whether no set is cheaper. */
  readonly isExact: boolean;
}

/** Beyond so many looks the best set found so far is taken; the first one is the greedy choice. */
const MOST_NODES = 20_000;
const EPSILON = 1e-9;

/** Price of a set: its actions once each, what options cost beyond them, and what stays open. */
export function priceOf({ options, actionCosts, worths }: SetProblem, chosen: readonly number[]): number {
  const actions = new Set(chosen.flatMap((i) => options[i]?.actions ?? []));
  const grades = worths.map(() => 0);
  let cost = 0;
  for (const action of actions) cost += actionCosts[action] ?? 0;
  for (const i of chosen) {
    const { own, goals, grade } = options[i] as Option;
    cost += own;
    for (const goal of goals) grades[goal] = Math.max(grades[goal] ?? 0, grade);
  }
  return grades.reduce((sum, grade, goal) => sum + (worths[goal] ?? 0) * (1 - grade), cost);
}

/** Finds it. Of sets of one price the first in the order of the options. */
export function bestSet(problem: SetProblem, mostNodes = MOST_NODES): BestSet {
  const search = new Search(problem, mostNodes);
  search.look([], new Set());
  const cost = search.best.cost;
  return { chosen: search.best.chosen, cost, isExact: search.nodes <= mostNodes };
}

class Search {
  best: { chosen: readonly number[]; cost: number } = { chosen: [], cost: Infinity };
  nodes = 0;
  readonly #problem: SetProblem;
  readonly #most: number;
  /** Options of each goal, those first that a goal costs least through. */
  readonly #byGoal: readonly (readonly number[])[];
  /** Least that an option adds, each action shared by all that need it. */
  readonly #shares: readonly number[];
  readonly #order: readonly number[];

  constructor(problem: SetProblem, most: number) {
    this.#problem = problem;
    this.#most = most;
    const { options, actionCosts, worths } = problem;
    const users = actionCosts.map((_, action) => options.filter(({ actions }) => actions.includes(action)).length);
    this.#shares = options.map(({ own, actions }) =>
      [...new Set(actions)].reduce((sum, at) => sum + (actionCosts[at] ?? 0) / (users[at] ?? 1), own),
    );
    const price = (i: number) => priceOf(problem, [i]);
    const prices = options.map((_, i) => price(i));
    this.#byGoal = worths.map((_, goal) =>
      options
        .flatMap(({ goals }, i) => (goals.includes(goal) ? [i] : []))
        .sort((a, b) => (prices[a] ?? 0) - (prices[b] ?? 0) || a - b),
    );
    this.#order = worths.map((_, goal) => goal).sort((a, b) => (worths[b] ?? 0) - (worths[a] ?? 0) || a - b);
  }

  look(chosen: readonly number[], banned: ReadonlySet<number>): void {
    if (++this.nodes > this.#most && this.best.cost < Infinity) return;
    const grades = this.#gradesOf(chosen);
    if (this.#bound(chosen, grades, banned) >= this.best.cost - EPSILON) return;
    const goal = this.#order.find((one) => this.#betters(one, grades, banned).length > 0);
    if (goal === undefined) return this.#judge(chosen);
    const out = new Set(banned);
    for (const option of this.#betters(goal, grades, banned)) {
      const excluded = this.#problem.conflicts.get(option) ?? new Set<number>();
      this.look([...chosen, option], new Set([...out, ...excluded]));
      out.add(option);
    }
    this.look(chosen, out);
  }

  #judge(chosen: readonly number[]): void {
    const sorted = chosen.toSorted((a, b) => a - b);
    const cost = priceOf(this.#problem, sorted);
    if (cost >= this.best.cost - EPSILON || this.#problem.fits?.(sorted) === false) return;
    this.best = { chosen: sorted, cost };
  }

  /** Options that reach a goal further than what is chosen. */
  #betters(goal: number, grades: readonly number[], banned: ReadonlySet<number>): readonly number[] {
    return (this.#byGoal[goal] ?? []).filter(
      (option) => !banned.has(option) && (this.#problem.options[option] as Option).grade > (grades[goal] ?? 0),
    );
  }

  #gradesOf(chosen: readonly number[]): readonly number[] {
    const grades = this.#problem.worths.map(() => 0);
    for (const i of chosen) {
      const { goals, grade } = this.#problem.options[i] as Option;
      for (const goal of goals) grades[goal] = Math.max(grades[goal] ?? 0, grade);
    }
    return grades;
  }

  /** Never more than what the cheapest set costs that contains these and none of the banned. */
  #bound(chosen: readonly number[], grades: readonly number[], banned: ReadonlySet<number>): number {
    const { options, worths, actionCosts } = this.#problem;
    const actions = new Set(chosen.flatMap((i) => options[i]?.actions ?? []));
    const own = chosen.reduce((sum, i) => sum + (options[i]?.own ?? 0), 0);
    let paid = [...actions].reduce((sum, at) => sum + (actionCosts[at] ?? 0), own);
    let shared = chosen.reduce((sum, i) => sum + (this.#shares[i] ?? 0), 0);
    for (const [goal, worth] of worths.entries()) {
      let [best, least] = [grades[goal] ?? 0, worth * (1 - (grades[goal] ?? 0))];
      for (const i of this.#betters(goal, grades, banned)) {
        const { goals, grade } = options[i] as Option;
        best = Math.max(best, grade);
        least = Math.min(least, (this.#shares[i] ?? 0) / goals.length + worth * (1 - grade));
      }
      paid += worth * (1 - best);
      shared += least;
    }
    return Math.max(paid, shared);
  }
}
