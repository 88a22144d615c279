const wholeSeconds = /^\d+(\.\d+)?$/;
/** IMF-fixdate and RFC 850 end in GMT; asctime names no zone and means GMT too (RFC 9110 §5.6.7). */
const namesZone = /GMT$/i;
const startsWithWeekday = /^(mon|tue|wed|thu|fri|sat|sun)/i;

/** Nobody is left alone for longer on a server's word: it is asked again, and may say the same. */
const longestWaitMs = 86_400_000;

/** An HTTP date in any of its three forms, as milliseconds since 1970; undefined if it is none. */
export function httpDateMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const trimmed = text.trim();
  if (!startsWithWeekday.test(trimmed)) return undefined;
  const ms = Date.parse(namesZone.test(trimmed) ? trimmed : `${trimmed} GMT`);
  return Number.isNaN(ms) ? undefined : ms;
}

/**
 * How long an answer asks us to stay away, in milliseconds (`Retry-After`, RFC 9110 §10.2.3): seconds or a date, the date
 * counted from the server's own clock where the answer carries it; a day at most. Undefined if not said.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, nowMs: number): number | undefined {
  const text = headers['retry-after']?.trim();
  if (text === undefined || text === '') return undefined;
  const askedMs = wholeSeconds.test(text) ? Math.ceil(Number(text) * 1000) : msUntil(text, headers.date, nowMs);
  return askedMs === undefined ? undefined : Math.min(askedMs, longestWaitMs);
}

function msUntil(text: string, serverDate: string | undefined, nowMs: number): number | undefined {
  const untilMs = httpDateMs(text);
  return untilMs === undefined ? undefined : Math.max(0, untilMs - (httpDateMs(serverDate) ?? nowMs));
}
