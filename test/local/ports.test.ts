import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { freePort, isFree } from '../../local/ports.ts';

const range = Array.from({ length: 12_000 }, (_, at) => 20_000 + at);

test('ports are free, below those of outgoing connections, and each is given once', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()));
  expect(new Set(ports).size).toBe(20);
  for (const port of ports) {
    expect(range).toContain(port);
    expect(await isFree(port)).toBe(true);
  }
});

test('a port that somebody listens on, or that is given away, is not given', async () => {
  const [busy, free] = [await freePort(), await freePort()];
  const server = createServer().listen(busy, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  expect(await isFree(busy)).toBe(false);
  const left = range.filter((port) => port !== busy && port !== free).slice(0, 50);
  const port = await freePort(range.filter((one) => one !== busy && !left.includes(one)));
  expect(left).toContain(port);
});
