import { type CustomChanges, parseCustomChanges } from './custom-changes.ts';
import { isJsonObject, type Json } from './json.ts';
import { isRecordType, type RecordType } from './shapes.ts';

export type RecordName = { type: RecordType; id: number };

/** How a time in a filter is understood. `zone-ignored` drops its zone and takes the rest as local to the base zone. */
const filterTimes = ['in-zone-of-request', 'naive-is-local', 'zone-ignored'] as const;

/** What may be otherwise at another tenant, build or licence: not faults, only less kind. */
export type Conditions = {
  /** Rows that an archive answers at most, whatever `$top` asks; 0 = no limit. */
  pageRows: number;
  /** Whether a page that is not the last names the next one. */
  nextLinks: boolean;
  /** The zone that times without a zone are in, and in which days begin. */
  baseZone: string;
  filterTimes: (typeof filterTimes)[number];
  /** Archives show texts tidied (spaces, line breaks, composed letters); entities show them as they were typed. */
  archivesTidyTexts: boolean;
  /** Records that the system user may not see: 403 alone, left out of lists. Of a user, those hidden from them. */
  forbidden: RecordName[];
  /** A list that would show a forbidden record is refused as a whole. */
  listsRefuseForbidden: boolean;
  /** Types that the system user may not even read: every list and entity of them is refused. */
  unreadableTypes: RecordType[];
  /** Types that may be read only. */
  readOnlyTypes: RecordType[];
  /** Properties of entities that the system user may not see: blank everywhere, and they say so. */
  hiddenFields: Partial<Record<RecordType, string[]>>;
  /** User-defined fields that are otherwise than they were: gone, read-only, mandatory, of another length. */
  customFields: CustomChanges;
  /** Calls of the API a second, by the server's clock; 0 = no limit. */
  callsPerSecond: number;
  /** Whether a 429 of the limit says how long to wait. */
  limitTellsWait: boolean;
};

export function kindConditions(): Conditions {
  return {
    pageRows: 0,
    nextLinks: true,
    baseZone: 'Europe/Oslo',
    filterTimes: 'in-zone-of-request',
    archivesTidyTexts: false,
    forbidden: [],
    listsRefuseForbidden: false,
    unreadableTypes: [],
    readOnlyTypes: [],
    hiddenFields: {},
    customFields: {},
    callsPerSecond: 0,
    limitTellsWait: true,
  };
}

/** Sets one condition; false if there is none of that name that takes such a value. */
export function setCondition(conditions: Conditions, key: string, value: Json): boolean {
  const parse = parsers[key];
  const change = parse?.(value);
  if (change === undefined) return false;
  Object.assign(conditions, change);
  return true;
}

type Parser = (value: Json) => Partial<Conditions> | undefined;

const count = (key: 'pageRows' | 'callsPerSecond'): Parser => {
  return (value) => (typeof value === 'number' && value >= 0 ? { [key]: value } : undefined);
};
const flag = (key: 'nextLinks' | 'archivesTidyTexts' | 'listsRefuseForbidden' | 'limitTellsWait'): Parser => {
  return (value) => (typeof value === 'boolean' ? { [key]: value } : undefined);
};

const types = (key: 'readOnlyTypes' | 'unreadableTypes'): Parser => {
  return (value) =>
    Array.isArray(value)
      ? { [key]: value.flatMap((type) => (typeof type === 'string' && isRecordType(type) ? [type] : [])) }
      : undefined;
};

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export function recordName(value: Json): RecordName {
  if (!isJsonObject(value)) throw new Error('A record is named by its type and id.');
  const { type, id } = value;
  if (typeof type !== 'string' || !isRecordType(type) || typeof id !== 'number') {
    throw new Error('A record is named by its type and id.');
  }
  return { type, id };
}

const parsers: Readonly<Record<string, Parser>> = {
  pageRows: count('pageRows'),
  callsPerSecond: count('callsPerSecond'),
  nextLinks: flag('nextLinks'),
  archivesTidyTexts: flag('archivesTidyTexts'),
  listsRefuseForbidden: flag('listsRefuseForbidden'),
  limitTellsWait: flag('limitTellsWait'),
  baseZone: (value) => (typeof value === 'string' && isZone(value) ? { baseZone: value } : undefined),
  filterTimes(value) {
    const known = filterTimes.find((one) => one === value);
    return known === undefined ? undefined : { filterTimes: known };
  },
  forbidden: (value) => (Array.isArray(value) ? { forbidden: value.map(recordName) } : undefined),
  readOnlyTypes: types('readOnlyTypes'),
  unreadableTypes: types('unreadableTypes'),
  customFields(value) {
    const customFields = parseCustomChanges(value);
    return customFields && { customFields };
  },
  hiddenFields(value) {
    if (!isJsonObject(value)) return undefined;
    const hidden: Conditions['hiddenFields'] = {};
    for (const [type, names] of Object.entries(value)) {
      if (isRecordType(type) && Array.isArray(names)) hidden[type] = names.map((name) => `${name}`);
    }
    return { hiddenFields: hidden };
  },
};
