/** Requests to a plain HTTP API such as Prometheus, with an optional bearer token. */
import { version } from '../version.ts';
import { readBody, type ApiTransport } from './transport.ts';

/** @throws TypeError when `text` is not an http(s) URL or carries credentials, which would end up in messages */
export function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new TypeError(`not an http(s) URL: ${JSON.stringify(text)}`);
  if (url.username !== '' || url.password !== '')
    throw new TypeError('the URL must not carry credentials; name a token file or environment variable');
  return url;
}

/** @throws TypeError where a token would go over plain HTTP to another machine, where others can read it */
export function checkTokenUrl(text: string): void {
  const { protocol, hostname } = checkedUrl(text);
  if (protocol === 'http:' && !/^(localhost|\[::1\]|127(\.\d+){3})$/.test(hostname))
    throw new TypeError(`a token is not sent to ${hostname} over plain HTTP, where others can read it; use https`);
}

/**
 * @param baseUrl may end in a path, for example `https://mimir.example/prometheus`
 * @throws TypeError as {@link checkedUrl}
 */
export function createFetchTransport(baseUrl: string, token: string | undefined): ApiTransport {
  const url = checkedUrl(baseUrl);
  const server = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  return {
    server,
    get: async ({ path, accept, signal, maxBodyBytes }) => {
      const headers = {
        accept,
        'user-agent': `aia/${version}`,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      };
      // A redirect could carry the query elsewhere; nothing that serves an API needs one.
      const answer = await fetch(`${server}${path}`, { headers, signal, redirect: 'manual' });
      return {
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: await readBody(answer.body, maxBodyBytes),
      };
    },
    close: () => Promise.resolve(),
  };
}
