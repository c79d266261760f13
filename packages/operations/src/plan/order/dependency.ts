/** Why one action waits for another. */
import type { Plan } from '@aia/contract';

/** One edge, as the plan tells it. */
export type Dependency = Plan['dependencies'][number];

/** An edge that may have to give way: of a circle the lightest is dropped. */
export interface WeighedDependency extends Dependency {
  /** 100 where a kind of action says so itself, less for what is merely wiser. */
  readonly weight: number;
}
