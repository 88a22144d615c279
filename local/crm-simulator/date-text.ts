/**
 * Dates on the wire (spec 3.1): with `SO-TimeZone: UTC, includeTZOffset` a time carries its offset without a colon;
 * without it times are naive, and without any zone they are local to the tenant's base zone.
 */
export type DateStyle = { offsetMinutes: number; includeOffset: boolean };

const baseZoneOffsetMinutes = 60;

export function dateStyleOf(soTimeZone: string | undefined): DateStyle {
  const parts = (soTimeZone ?? '').split(',').map((part) => part.trim().toLowerCase());
  const zone = parts[0] ?? '';
  return {
    offsetMinutes: ['utc', 'gmt', 'etc/utc'].includes(zone) ? 0 : baseZoneOffsetMinutes,
    includeOffset: parts.includes('includetzoffset'),
  };
}

function offsetText(style: DateStyle): string {
  if (!style.includeOffset) return '';
  const hours = String(Math.floor(style.offsetMinutes / 60)).padStart(2, '0');
  return `+${hours}${String(style.offsetMinutes % 60).padStart(2, '0')}`;
}

const nullDateText = (style: DateStyle): string => `0001-01-01T00:00:00${offsetText(style)}`;

/** An instant, to the second. */
export function instantText(ms: number | null, style: DateStyle): string {
  if (ms === null) return nullDateText(style);
  const local = new Date(ms + style.offsetMinutes * 60_000).toISOString().slice(0, 19);
  return `${local}${offsetText(style)}`;
}

/** A date without a time (birth date, end date) is the same day in every zone (assumed). */
export function dayText(day: string, style: DateStyle): string {
  return day === '' ? nullDateText(style) : `${day}T00:00:00${offsetText(style)}`;
}

/** The day of a date as sent; '' for null and the year-1 date; undefined if it is none. */
export function parseDay(text: string): string | undefined {
  if (text === '' || text.startsWith('0001-01-01')) return '';
  const day = /^(\d{4}-\d{2}-\d{2})(?:$|T)/.exec(text)?.[1];
  return day !== undefined && !Number.isNaN(Date.parse(`${day}T00:00:00Z`)) ? day : undefined;
}

/** A time in a filter: naive ones are in the zone of the request (unverified at the vendor's). */
export function parseInstant(text: string, style: DateStyle): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?$/.exec(
    text.trim(),
  );
  const [, day, time, zone] = match ?? [];
  if (day === undefined) return undefined;
  const seconds = time === undefined ? '00:00:00' : time.length === 5 ? `${time}:00` : time;
  const naiveMs = Date.parse(`${day}T${seconds}Z`);
  if (Number.isNaN(naiveMs)) return undefined;
  return naiveMs - (zone === undefined ? style.offsetMinutes : zoneMinutes(zone)) * 60_000;
}

function zoneMinutes(zone: string): number {
  if (zone === 'Z') return 0;
  const digits = zone.replace(/\D/g, '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return zone.startsWith('-') ? -minutes : minutes;
}
