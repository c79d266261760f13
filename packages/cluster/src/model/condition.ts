import type { Condition } from 'kubernetes-types/meta/v1.js';

/** A condition as every kind writes it; hostile or old ones may lack all but type and status. */
export type CustomCondition = Readonly<Partial<Condition> & Pick<Condition, 'type' | 'status'>>;
