/**
 * Times as this CRM writes them. Asked with `SO-TimeZone: UTC, includeTZOffset`, a time carries its offset, without a
 * colon. One without an offset is not trusted (spec 3.1), and every time in year 1 means none.
 */
const pattern = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?(?:Z|([+-])(\d{2}):?(\d{2}))$/;
const zoneless = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?=$|\.\d+$)/;

/** Milliseconds since 1970, whole seconds; null for none, undefined for a time that cannot be trusted. */
export function instantMs(text: unknown): number | null | undefined {
  if (text === null || text === undefined || text === '') return null;
  if (typeof text !== 'string') return undefined;
  if (text.startsWith('0001-')) return null;
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, year, month, day, time, sign, hours, minutes] = match;
  const wallMs = Date.parse(`${year}-${month}-${day}T${time}Z`);
  if (Number.isNaN(wallMs)) return undefined;
  const offsetMs = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === '-' ? wallMs + offsetMs : wallMs - offsetMs;
}

/** The date part of a day in an answer without a zone. Null for none or what is no date. */
export function dayOf(text: unknown): string | null {
  if (typeof text !== 'string' || text.startsWith('0001-')) return null;
  return /^\d{4}-\d{2}-\d{2}(?=$|T)/.exec(text)?.[0] ?? null;
}

/** To the second, in UTC, and saying so: the vendor's filter examples name no zone, and a server may take those as local. */
export function filterInstant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** The version of a record: its stamp in one form wherever it was read. A stamp without offset stays as it is written. */
export function versionOf(updated: unknown): string {
  const ms = instantMs(updated);
  if (ms === null) return 'never';
  return ms === undefined ? String(updated) : filterInstant(ms);
}

const quarterMs = 900_000;

/**
 * The version that a stamp without a zone stands for, if it was made just now: zones differ by quarters of an hour, so the
 * server's own time tells which one it is in. Undefined for an older stamp.
 */
export function versionMadeWithin(updated: unknown, earliestMs: number, latestMs: number): string | undefined {
  const known = instantMs(updated);
  if (known !== undefined) return versionOf(updated);
  const wall = typeof updated === 'string' ? zoneless.exec(updated)?.[0] : undefined;
  if (wall === undefined) return undefined;
  const wallMs = Date.parse(`${wall}Z`);
  const ms = wallMs - Math.round((wallMs - latestMs) / quarterMs) * quarterMs;
  return ms >= earliestMs && ms <= latestMs ? filterInstant(ms) : undefined;
}
