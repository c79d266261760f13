/** HTTP and TLS servers on loopback, and clusters that expose them. */
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';

/** Servers of one test file; `close` ends them and every connection. */
export class LoopbackServers {
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  /** An HTTP server, with TLS where a pair is given; its port. */
  http(answer: RequestListener, pair?: { readonly cert: string; readonly key: string }): Promise<number> {
    const { cert, key } = pair ?? {};
    const server = pair === undefined ? createHttp(answer) : createHttps({ cert, key }, answer);
    return this.#listen(server.on('tlsClientError', () => {}));
  }

  /** A server that does with a connection what it wants; its port. */
  tcp(connected: (socket: Socket) => void): Promise<number> {
    return this.#listen(createTcp(connected));
  }

  async #listen(server: Server): Promise<number> {
    this.#servers.push(server);
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    await Promise.all(this.#servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

interface Port {
  readonly port: number;
  /** Default `http`; `https` for TLS. */
  readonly name?: string;
}

/** A Service of type LoadBalancer at an address. */
export function loadBalancer(
  name: string,
  ports: readonly Port[],
  ip = '127.0.0.1',
): Readonly<Record<string, unknown>> {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'shop', uid: name, creationTimestamp: '2025-01-01T00:00:00Z' },
    spec: { type: 'LoadBalancer', ports: ports.map(({ port, name: scheme = 'http' }) => ({ port, name: scheme })) },
    status: { loadBalancer: { ingress: [{ ip }] } },
  };
}

/** A Gateway that listens for a host. */
export function gateway(
  host: string,
  port: number,
  protocol = 'HTTPS',
  value = '127.0.0.1',
): Readonly<Record<string, unknown>> {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: {
      name: `edge-${host}`,
      namespace: 'shop',
      uid: `edge-${host}`,
      creationTimestamp: '2025-01-01T00:00:00Z',
    },
    spec: { gatewayClassName: 'edge', listeners: [{ name: 'a', hostname: host, port, protocol }] },
    status: { addresses: [{ type: 'IPAddress', value }] },
  };
}
