/**
 * Times as this CRM writes them. We always ask with `SO-TimeZone: UTC, includeTZOffset`, and a time then carries its
 * offset, without a colon. One without an offset is not trusted (spec 3.1), and every time in year 1 means none.
 */
const pattern = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?(?:Z|([+-])(\d{2}):?(\d{2}))$/;

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

/** The calendar day as it is written: days have no zone. Null for none or what is no date. */
export function dayOf(text: unknown): string | null {
  if (typeof text !== 'string' || text.startsWith('0001-')) return null;
  return /^\d{4}-\d{2}-\d{2}(?=$|T)/.exec(text)?.[0] ?? null;
}

/** To the second, in UTC, without a zone: the form of the vendor's filter examples (spec 3.6). */
export function filterInstant(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}

/** The version of a record: its stamp in one form wherever it was read. A stamp without offset stays as it is written. */
export function versionOf(updated: unknown): string {
  const ms = instantMs(updated);
  if (ms === null) return 'never';
  return ms === undefined ? String(updated) : `${filterInstant(ms)}Z`;
}
