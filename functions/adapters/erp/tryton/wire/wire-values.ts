/**
 * Tryton's JSON carries what JSON has no type for as `{"__class__": …}` objects (trytond/protocols/jsonrpc.py). They are
 * turned into the canonical forms of the record-system port while the answer is parsed.
 */
interface WireObject {
  readonly [name: string]: unknown;
}

const pad = (value: unknown, width = 2): string => String(value).padStart(width, '0');

const dateText = (wire: WireObject): string => `${pad(wire.year, 4)}-${pad(wire.month)}-${pad(wire.day)}`;

/** Instants are UTC without a zone; kept to the millisecond. */
function instantText(wire: WireObject): string {
  const milliseconds = Math.floor(Number(wire.microsecond ?? 0) / 1000);
  return `${dateText(wire)}T${pad(wire.hour)}:${pad(wire.minute)}:${pad(wire.second)}.${pad(milliseconds, 3)}Z`;
}

const decoders: Readonly<Record<string, (wire: WireObject) => unknown>> = {
  datetime: instantText,
  date: dateText,
  Decimal: (wire) => wire.decimal,
  timedelta: (wire) => wire.seconds,
};

function isWireObject(value: unknown): value is WireObject {
  return typeof value === 'object' && value !== null && '__class__' in value;
}

/** Parses an answer; throws SyntaxError on anything but JSON. */
export function parseWire(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => {
    if (!isWireObject(value)) return value;
    return decoders[String(value.__class__)]?.(value) ?? value;
  });
}

/** An instant as Tryton takes it in a search clause; ISO text is refused there. */
export function wireInstant(ms: number): WireObject {
  const date = new Date(ms);
  return {
    __class__: 'datetime',
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    microsecond: date.getUTCMilliseconds() * 1000,
  };
}
