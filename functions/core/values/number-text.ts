/** A number as it may be typed: sign, digits, a point. What a comma means is not ours to guess, so one with a comma is none. */
interface NumberParts {
  readonly negative: boolean;
  /** Without zeros in front; `0` for none. */
  readonly whole: string;
  /** As typed. */
  readonly fraction: string;
}

function partsOf(text: string): NumberParts | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text.trim());
  const [, sign, digits = '', fraction = ''] = match ?? [];
  if (sign === undefined || digits + fraction === '') return undefined;
  return { negative: sign === '-', whole: digits.replace(/^0+/, '') || '0', fraction };
}

/** By index: a pattern for zeros at the end would try each run of zeros in vain. */
function withoutZerosAtEnd(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}

function joined({ negative, whole }: NumberParts, fraction: string): string {
  const number = fraction === '' ? whole : `${whole}.${fraction}`;
  return negative && /[1-9]/.test(number) ? `-${number}` : number;
}

/** `1`, `1.0` and ` +01.00` have one key; not a number: nothing. */
export function decimalKey(text: string): string | undefined {
  const parts = partsOf(text);
  return parts && joined(parts, withoutZerosAtEnd(parts.fraction));
}

/** The number as typed, without what does not belong to it: `+8.50` is `8.50`, `.5` is `0.5`. */
export function decimalText(text: string): string | undefined {
  const parts = partsOf(text);
  return parts && joined(parts, parts.fraction);
}

/** A whole number that a number holds exactly; `8.0` is one. */
export function wholeNumber(text: string): number | undefined {
  const key = decimalKey(text);
  return key !== undefined && /^-?\d{1,15}$/.test(key) ? Number(key) : undefined;
}
