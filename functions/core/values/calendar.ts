/** A day of the calendar, `2026-02-28`: the 31st of February is none. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && isOnCalendar(text);
}

/** An instant that says that it is in UTC, to the second or more exactly; a time of another zone has to be brought there first. */
export function isInstant(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/.test(text) &&
    isOnCalendar(text.slice(0, 10)) &&
    !Number.isNaN(Date.parse(text))
  );
}

/** `Date` takes a day that its month does not have for one of the next month. */
function isOnCalendar(day: string): boolean {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}
