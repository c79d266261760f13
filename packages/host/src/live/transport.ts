/** One GET to an API server, once; what the rest of the live reader knows of HTTP. */

export interface ApiRequest {
  /** Path with query, for example `/api/v1/pods?limit=500`. */
  readonly path: string;
  /** The Accept header. */
  readonly accept: string;
  readonly signal: AbortSignal;
  /** Longest body read, in bytes after decompression. */
  readonly maxBodyBytes: number;
}

export interface ApiAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends requests with the cluster's address and credentials. */
export interface ApiTransport {
  /** Address for messages, for example `https://10.0.0.1`. */
  readonly server: string;
  /** Any status is an answer; rejects when the connection, the credentials or the body fail. */
  get(request: ApiRequest): Promise<ApiAnswer>;
  /** Closes idle connections. */
  close(): Promise<void>;
}

/** A body longer than asked for; the caller may ask for less at a time. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/** Collects a body up to a bound. */
export async function readBody(stream: ReadableStream<Uint8Array> | null, maxBytes: number): Promise<string> {
  if (stream === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > maxBytes) throw new BodyTooLarge(`body larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size).toString('utf8');
}
