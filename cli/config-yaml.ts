/** A set-up as YAML: one row of a mapping a line, no aliases, and every fault with its line and column. */
import {
  Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';

/** More than any set-up that the API takes. */
const mostBytes = 4_000_000;
/** Maps, lists and keys around a value; a set-up has 18 around a text of a transform's table. */
const mostParents = 30;
const tooDeep = 'Is nested deeper than any set-up';
const strictness = { prettyErrors: false, stringKeys: true, uniqueKeys: false } as const;
/** Of a text that is no YAML each line may be one. */
const mostFaults = 50;
/** The most that the API takes, as JSON. */
export const mostBodyBytes = 1_000_000;

export interface Fault {
  readonly path: string;
  readonly message: string;
}

export type ReadFile =
  | { readonly ok: true; readonly value: unknown; placed(faults: readonly Fault[]): string[] }
  | { readonly ok: false; readonly faults: string[] };

/** Longer than a path of any set-up: what is behind leads nowhere. */
const mostOfPath = 2_000;

function unquoted(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}

/** `a[0].b["c.d"]` as its parts. */
function partsOf(path: string): (string | number)[] {
  const parts = path.slice(0, mostOfPath).matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g);
  return [...parts].slice(0, mostParents).map(([, place, quoted, name]) => {
    if (place !== undefined) return Number(place);
    return quoted === undefined ? (name ?? '') : unquoted(quoted);
  });
}

/** Keys that stand twice in a map. The parser's own search compares each with all before it: minutes for a long file. */
function keysGivenTwice({ items }: YAMLMap): Node[] {
  const seen = new Set<unknown>();
  return items.flatMap(({ key }) => {
    if (!isScalar(key)) return [];
    if (seen.has(key.value)) return [key];
    seen.add(key.value);
    return [];
  });
}

/** Where a path leads, or as far as there is something. */
function offsetOf(document: Document, path: string): number {
  const parts = partsOf(path);
  for (let length = parts.length; length >= 0; length -= 1) {
    const node: unknown = document.getIn(parts.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

/** The text as plain values, and where in it a fault stands. */
export function readYaml(file: string, text: string): ReadFile {
  try {
    return parsed(file, text);
  } catch (error) {
    // The parser calls itself for what is inside.
    if (error instanceof RangeError) return { ok: false, faults: [`${file}: ${tooDeep}`] };
    throw error;
  }
}

function parsed(file: string, text: string): ReadFile {
  if (Buffer.byteLength(text) > mostBytes) return { ok: false, faults: [`${file}: has more than ${mostBytes} bytes`] };
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'core', lineCounter: lines, ...strictness });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const deep = document.errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (deep) return { ok: false, faults: [`${place(deep.pos[0])}: ${tooDeep}`] };
  const faults = [...document.errors, ...document.warnings].map(({ pos: [at], message }) => `${place(at)}: ${message}`);
  visit(document, {
    Node(_, node, parents) {
      if (parents.length > mostParents) {
        faults.push(`${place(node.range?.[0] ?? 0)}: ${tooDeep}`);
        return visit.BREAK;
      }
      if (isAlias(node)) faults.push(`${place(node.range?.[0] ?? 0)}: Aliases are not taken: write it out`);
      const again = isMap(node) ? keysGivenTwice(node).slice(0, mostFaults) : [];
      faults.push(...again.map((key) => `${place(key.range?.[0] ?? 0)}: Map keys must be unique`));
    },
  });
  if (faults.length > 0) return { ok: false, faults: faults.slice(0, mostFaults) };
  if (!isMap(document.contents)) {
    const what = document.contents === null ? 'Is empty: it' : 'It';
    return { ok: false, faults: [`${file}: ${what} must say version, connectors and connections`] };
  }
  return {
    ok: true,
    value: document.toJS({ maxAliasCount: 0 }),
    placed: (all) =>
      all.map(({ path, message }) => `${place(offsetOf(document, path))}: ${path === '' ? '' : `${path}: `}${message}`),
  };
}

/** What is so without being said. */
const silent = new Set(['showInSearch', 'showInErpTab', 'ask', 'mandatory']);

/** Lists whose items are a line each, and things that are one line. */
const rows = new Set(['fields', 'filter', 'defaults', 'pairs']);
const lines = new Set(['conflictPolicy', 'scope', 'fieldOrder', 'breaks', 'blanks', 'uniform', 'swaps', 'refusals']);

function inShort(map: YAMLMap): void {
  map.items = map.items.filter(({ key, value }) => {
    const isFalse = isNode(value) && 'value' in value && value.value === false;
    return !(isFalse && silent.has(String(key)));
  });
}

/** `schema`: where the file's description is, as editors find it. */
export function writeYaml(value: unknown, schema: string): string {
  const document = new Document(value, { aliasDuplicateObjects: false, compat: 'yaml-1.1' });
  document.commentBefore = ` yaml-language-server: $schema=${schema}`;
  visit(document, {
    Pair(_, { key, value: part }) {
      const name = String(key);
      if (lines.has(name) && (isMap(part) || isSeq(part))) part.flow = true;
      if (!rows.has(name) || !isSeq(part)) return;
      for (const row of part.items) {
        if (!isMap(row)) continue;
        inShort(row);
        row.flow = true;
      }
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}
