import { describe, expect, it } from 'vitest';
import { ApiClient } from './api-client.ts';
import { virtualTime } from './api-server.suite.ts';
import { connect } from './connect.ts';
import { RETRY_LIMITS } from './retry.ts';
import type { ApiAnswer } from './transport.ts';

function clientOver(get: () => Promise<ApiAnswer>): ApiClient {
  const transport = { server: 'https://api', get, close: () => Promise.resolve() };
  const bounds = { limits: RETRY_LIMITS, timeoutMs: 1000, maxBodyBytes: 1000, signal: undefined };
  return new ApiClient({ transport, time: virtualTime(), ...bounds });
}

const failing = (code: string, message: string) => () =>
  Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) }));
const answer =
  (status: number, body: string, headers: Record<string, string> = {}) =>
  () =>
    Promise.resolve({ status, headers, body });

describe('connect', () => {
  it.each([
    ['ENOTFOUND', 'getaddrinfo ENOTFOUND api', 'The name is not known here'],
    ['EAI_AGAIN', 'getaddrinfo EAI_AGAIN api', 'The name is not known here'],
    ['ETIMEDOUT', 'connect ETIMEDOUT 10.0.0.1:443', 'a private control plane admits'],
    ['UND_ERR_CONNECT_TIMEOUT', 'Connect Timeout Error', 'a private control plane admits'],
    ['ECONNRESET', 'read ECONNRESET', 'Check the context, the network and any proxy or VPN'],
    ['CERT_HAS_EXPIRED', 'certificate has expired', "Renew the API server's certificate"],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain', 'certificate-authority-data'],
  ])('says what to check for %s, naming the server', async (code, message, advice) => {
    const failure = connect(clientOver(failing(code, message)), 'https://api', []);
    await expect(failure).rejects.toMatchObject({
      code: 'unreachable',
      retry: 'later',
      data: { server: 'https://api' },
    });
    await expect(failure).rejects.toThrow(`https://api cannot be reached: ${message}`);
    await expect(failure).rejects.toThrow(advice);
  });

  it.each([
    [
      'a login page',
      '<!DOCTYPE html><title>Log in</title>',
      { 'content-type': 'text/html; charset=utf-8' },
      'text/html',
    ],
    ['a page without a type', '\n<html><body>', {}, 'a web page'],
    ['another protocol', 'a: b', { 'content-type': 'application/yaml' }, 'application/yaml'],
  ])('takes %s for no API server', async (_, body, headers, type) => {
    let calls = 0;
    const client = clientOver(() => (calls++, answer(200, body, headers as Record<string, string>)()));
    await expect(connect(client, 'https://api', [])).rejects.toThrow(
      `https://api cannot be reached: the answer is ${type}, not JSON; a proxy or login page stands in between.`,
    );
    expect(calls).toBe(1);
  });

  it('goes on without a version that may not be read, and says so', async () => {
    const missing: { input: string }[] = [];
    const client = clientOver(answer(403, '{"kind":"Status","message":"no"}'));
    expect(await connect(client, 'https://api', missing as never[])).toEqual({
      version: undefined,
      isSimulated: false,
    });
    expect(missing).toEqual([expect.objectContaining({ input: 'server-version', reason: 'forbidden: no' })]);
  });
});
