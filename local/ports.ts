import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import getPort from 'get-port';

// Below the range from which systems give ports to outgoing connections (Linux 32768, others 49152): one of those
// could otherwise sit on our port for a moment at the next start.
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** Whether a server could listen on this port of the loopback address now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * Drawn, not counted up: two systems that start together seldom want the same one. It never ends, for `getPort` would
 * then take one from above our range.
 */
function* candidates(): Generator<number> {
  for (;;) yield randomInt(LOWEST, HIGHEST);
}

/** A port of the loopback address that nobody listens on and that is not among those given away already. */
export function freePort(taken: readonly number[] = []): Promise<number> {
  return getPort({ port: candidates(), exclude: taken, host: '127.0.0.1', exclusive: true });
}
