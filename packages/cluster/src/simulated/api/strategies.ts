/** What the API server knows about each kind, by `group/Kind`. */
import type { ResourceStrategy } from './request.ts';

export const STRATEGIES: ReadonlyMap<string, ResourceStrategy> = new Map<string, ResourceStrategy>();
