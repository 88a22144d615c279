import { randomBytes } from 'node:crypto';
import type { Runtime } from '../../ports/runtime.ts';

/** Crockford's base 32, which leaves out I, L, O and U (https://github.com/ulid/spec). */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const timeLength = 10;
const randomLength = 16;

/** A ULID: 48 bits of milliseconds, 80 random bits. Ids of one millisecond have no order among them. */
export function ulid(nowMs: number, randomness: Uint8Array): string {
  let text = '';
  let rest = nowMs;
  for (let digit = 0; digit < timeLength; digit += 1) {
    text = alphabet.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return randomness.reduce((sofar, byte) => sofar + alphabet.charAt(byte % 32), text);
}

/** The machine's clock and its cryptographic generator. */
export function systemRuntime(): Runtime {
  return {
    nowMs: () => Date.now(),
    now: () => new Date().toISOString(),
    newId: () => ulid(Date.now(), randomBytes(randomLength)),
    random: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
  };
}
