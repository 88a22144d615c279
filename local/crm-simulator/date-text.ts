import type { Conditions } from './conditions.ts';
import { instantOfWall, offsetMinutes } from './zones.ts';

/**
 * Dates on the wire (spec 3.1): with `SO-TimeZone: UTC, includeTZOffset` a time carries its offset without a colon;
 * without it times are naive, and without any zone they are local to the tenant's base zone. A date without a time (birth
 * date, end date) is kept as midnight in the base zone and converted like any other time.
 */
export type DateStyle = {
  zone: string;
  baseZone: string;
  includeOffset: boolean;
  filterTimes: Conditions['filterTimes'];
};

export function dateStyleOf(
  soTimeZone: string | undefined,
  { baseZone, filterTimes }: Pick<Conditions, 'baseZone' | 'filterTimes'>,
): DateStyle {
  const parts = (soTimeZone ?? '').split(',').map((part) => part.trim().toLowerCase());
  return {
    zone: ['utc', 'gmt', 'etc/utc'].includes(parts[0] ?? '') ? 'UTC' : baseZone,
    baseZone,
    includeOffset: parts.includes('includetzoffset'),
    filterTimes,
  };
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const digits = `${String(Math.floor(size / 60)).padStart(2, '0')}${String(size % 60).padStart(2, '0')}`;
  return `${minutes < 0 ? '-' : '+'}${digits}`;
}

function nullDateText({ zone, includeOffset }: DateStyle): string {
  return `0001-01-01T00:00:00${includeOffset ? offsetText(offsetMinutes(zone, 0)) : ''}`;
}

/** An instant, to the second. */
export function instantText(ms: number | null, style: DateStyle): string {
  if (ms === null) return nullDateText(style);
  const minutes = offsetMinutes(style.zone, ms);
  const local = new Date(ms + minutes * 60_000).toISOString().slice(0, 19);
  return `${local}${style.includeOffset ? offsetText(minutes) : ''}`;
}

export function dayText(day: string, style: DateStyle): string {
  if (day === '') return nullDateText(style);
  return instantText(instantOfWall(style.baseZone, Date.parse(`${day}T00:00:00Z`)), style);
}

/** The day that a date as sent is in the base zone; '' for null and the year-1 date; undefined if it is none. */
export function parseDay(text: string, style: DateStyle): string | undefined {
  if (text === '' || text.startsWith('0001-01-01')) return '';
  const ms = parseTime(text, style.zone);
  if (ms === undefined) return undefined;
  return new Date(ms + offsetMinutes(style.baseZone, ms) * 60_000).toISOString().slice(0, 10);
}

/** A day as people write it. */
export function plainDay(text: string): string | undefined {
  return text === '' || (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) ? text : undefined;
}

/** A time in a filter; how naive ones are understood is unverified at the vendor's, so it can be switched. */
export function parseInstant(text: string, style: DateStyle): number | undefined {
  const { filterTimes, zone, baseZone } = style;
  if (filterTimes === 'zone-ignored') return parseTime(text.trim().slice(0, 19), baseZone);
  return parseTime(text.trim(), filterTimes === 'naive-is-local' ? baseZone : zone);
}

/** An instant; a naive one is what the clocks of that zone show. */
function parseTime(text: string, naiveZone: string): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?$/.exec(text);
  const [, day, time, zone] = match ?? [];
  if (day === undefined) return undefined;
  const seconds = time === undefined ? '00:00:00' : time.length === 5 ? `${time}:00` : time;
  const wallMs = Date.parse(`${day}T${seconds}Z`);
  if (Number.isNaN(wallMs)) return undefined;
  return zone === undefined ? instantOfWall(naiveZone, wallMs) : wallMs - zoneMinutes(zone) * 60_000;
}

function zoneMinutes(zone: string): number {
  if (zone === 'Z') return 0;
  const digits = zone.replace(/\D/g, '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return zone.startsWith('-') ? -minutes : minutes;
}
