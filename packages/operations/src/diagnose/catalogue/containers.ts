/** Rules about containers. */
import type { Rule } from '../rule.ts';
import { rule as containerConfigError } from '../rules/container-config-error/rule.ts';
import { rule as containerCrashLoop } from '../rules/container-crash-loop/rule.ts';
import { rule as containerImagePullFailed } from '../rules/container-image-pull-failed/rule.ts';
import { rule as containerInitBlocked } from '../rules/container-init-blocked/rule.ts';
import { rule as containerNotReady } from '../rules/container-not-ready/rule.ts';
import { rule as containerOomKilled } from '../rules/container-oom-killed/rule.ts';
import { rule as containerRestartsOften } from '../rules/container-restarts-often/rule.ts';
import { rule as containerStartFailed } from '../rules/container-start-failed/rule.ts';
import { rule as containerTerminatedWithError } from '../rules/container-terminated-with-error/rule.ts';

/** In the order of the reference pages. */
export const CONTAINERS_RULES: readonly Rule[] = [
  containerConfigError,
  containerCrashLoop,
  containerImagePullFailed,
  containerInitBlocked,
  containerNotReady,
  containerOomKilled,
  containerRestartsOften,
  containerStartFailed,
  containerTerminatedWithError,
];
