/** The time of a simulated cluster over HTTP: read, and moved by whoever may do everything. */
import { isRecord } from '../../model/unknown-json.ts';
import { badRequest } from '../api/api-error.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import { answer } from './answer.ts';
import { readObject } from './body.ts';

/** `GET` tells the time; `POST` with `{ "advanceMs": 60000 }` lets some pass. */
const CLOCK_PATH = '/simulation/clock';

/** So that one request cannot hold the process for long. */
const MOST_MS = 7 * 24 * 3_600_000;

/** The answer, for the one path. @throws ApiError 400 */
export async function clockAnswer(clock: VirtualClock, request: Request, path: string): Promise<Response | undefined> {
  if (path !== CLOCK_PATH || (request.method !== 'GET' && request.method !== 'POST')) return undefined;
  if (request.method === 'POST') clock.advance(durationOf(await readObject(request, 'Clock')));
  return answer({ now: clock.now, time: new Date(clock.now).toISOString() });
}

function durationOf(body: unknown): number {
  const ms = isRecord(body) ? Number(body['advanceMs']) : NaN;
  if (!Number.isInteger(ms) || !(ms >= 0 && ms <= MOST_MS))
    throw badRequest(`advanceMs must be a whole number from 0 to ${MOST_MS}`);
  return ms;
}
