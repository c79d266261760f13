/** The shape of what checks a kind. */
import type { Json } from '../../../model/unknown-json.ts';
import type { Problems } from './problems.ts';

/** Notes what is wrong with a complete object; metadata of all kinds alike is looked at before. */
export type Check = (problems: Problems, object: Json) => void;

/** The same for a changed object, with what must not change. */
export type CheckUpdate = (problems: Problems, object: Json, previous: Json) => void;
