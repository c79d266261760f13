/** Faults over HTTP, for whoever may do everything: listed, brought about, repaired. */
import { isRecord } from '../../model/unknown-json.ts';
import { apiError, badRequest } from '../api/api-error.ts';
import { answer } from '../http/answer.ts';
import { readObject } from '../http/body.ts';
import type { FurtherAnswer } from '../http/handler.ts';
import { FAULT_KINDS } from './catalogue.ts';
import { describeEntry, describeKind } from './fault-description.ts';
import type { FaultLedger, FaultRequest } from './fault-ledger.ts';
import { NoTargetError } from './no-target-error.ts';
import type { ParameterValues } from './fault.ts';

/**
 * `GET` lists kinds and what was brought about, with `?truth` its truth too; `POST` with `{ "kind": "image-missing" }` brings one
 * about; `DELETE` of `/simulation/faults/1` repairs it.
 */
const FAULTS_PATH = '/simulation/faults';

/** More than anybody waits for. */
const MOST_MS = 365 * 24 * 3_600_000;

/** To be given to `createHandler`. */
export function faultsAnswer(ledger: FaultLedger): FurtherAnswer {
  return async (request, url) => {
    const { method } = request;
    const truth = url.searchParams.has('truth');
    if (url.pathname === FAULTS_PATH && method === 'GET')
      return answer({
        kinds: [...FAULT_KINDS.values()].map(describeKind),
        faults: ledger.entries.map((entry) => describeEntry(entry, truth)),
      });
    if (url.pathname === FAULTS_PATH && method === 'POST') {
      const wanted = requestOf(await readObject(request, 'Fault'));
      return answer(
        describeEntry(
          refusing(() => ledger.bring(wanted)),
          truth,
        ),
        undefined,
        201,
      );
    }
    const [, id] = /^\/simulation\/faults\/(\d+)$/.exec(url.pathname) ?? [];
    if (id === undefined) return undefined;
    const entry = ledger.entry(id);
    if (entry === undefined) throw apiError(404, 'NotFound', `there is no fault with the id "${id}"`);
    if (method === 'GET') return answer(describeEntry(entry, truth));
    return method === 'DELETE'
      ? answer(
          describeEntry(
            refusing(() => ledger.repair(id)),
            truth,
          ),
        )
      : undefined;
  };
}

/** What the caller could have known is wrong with the request. */
function refusing<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof NoTargetError) throw apiError(409, 'Conflict', error.message);
    if (error instanceof RangeError) throw badRequest(error.message);
    throw error;
  }
}

function requestOf(body: unknown): FaultRequest {
  if (!isRecord(body)) throw badRequest('the body must be an object with the field "kind"');
  const { kind, target, parameters = {}, afterMs = 0, ...rest } = body;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw badRequest(`there is no field "${unknown}", only kind, target, parameters, afterMs`);
  if (typeof kind !== 'string') throw badRequest(`kind must be a text; GET ${FAULTS_PATH} lists them`);
  if (!isValues(parameters)) throw badRequest('parameters must be an object of texts and numbers');
  if (typeof afterMs !== 'number' || !Number.isInteger(afterMs) || afterMs < 0 || afterMs > MOST_MS)
    throw badRequest(`afterMs must be a whole number from 0 to ${MOST_MS}`);
  if (target === undefined) return { kind, parameters, afterMs };
  if (typeof target !== 'string' || !/^[^/]+(?:\/[^/]+)?$/.test(target))
    throw badRequest('target must be namespace/name of a workload, or the name of a node');
  return { kind, parameters, afterMs, target };
}

function isValues(value: unknown): value is ParameterValues {
  return isRecord(value) && Object.values(value).every((one) => typeof one === 'string' || typeof one === 'number');
}
