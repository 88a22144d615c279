/** StrippedValue of a phone: its digits and a leading + (spec 3.3, EntityElement). */
export function strippedPhone(value: string): string {
  const digits = value.replace(/\D/g, '');
  return value.trimStart().startsWith('+') ? `+${digits}` : digits;
}

/** How this CRM writes a phone while the fault `reformatPhones` is on: `+31 20 12 34 56`. Applying it twice changes nothing. */
export function reformattedPhone(value: string): string {
  const stripped = strippedPhone(value);
  const digits = stripped.replace('+', '');
  const pairs = digits.match(/\d{1,2}/g) ?? [];
  return `${stripped.startsWith('+') ? '+' : ''}${pairs.join(' ')}`;
}
