import type { ConfigResult, EntryResult, LeftAlone } from '../functions/features/config/config-result.ts';

const signs = { made: '+', changed: '~', unchanged: ' ', refused: '!', 'not-done': '?' } as const;

const words = {
  plan: { made: 'is made', changed: 'is changed' },
  apply: { made: 'was made', changed: 'was changed' },
} as const;

function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'object' && 'set' in value) return 'anew' in value ? 'set anew' : 'set';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function entryLines(kind: string, entry: EntryResult, act: 'plan' | 'apply'): string[] {
  const { name, outcome, changes, errors, explanation } = entry;
  if (outcome === 'unchanged') return [];
  const said = { ...words[act], refused: 'is refused', 'not-done': 'was not reached in time' }[outcome];
  const isTold = outcome === 'made' || outcome === 'changed';
  return [
    `${signs[outcome]} ${kind} ${JSON.stringify(name)} ${said}`,
    ...(isTold ? changes : []).map(({ path, old, new: now }) =>
      outcome === 'made' ? `    ${path}: ${shown(now)}` : `    ${path}: ${shown(old)} → ${shown(now)}`,
    ),
    ...(errors.length > 0 && explanation ? [`    The system says: ${explanation}`] : []),
  ];
}

function leftWords({ kind, name, connection }: LeftAlone): string {
  const what = kind === 'actor-type' ? 'actor type' : kind;
  return `    ${what} ${JSON.stringify(name)}${connection === undefined ? '' : ` of ${JSON.stringify(connection)}`}`;
}

/** What a file makes of the set-up, for people; why things are refused is told with its places in the file, apart. */
export function resultLines(result: ConfigResult, act: 'plan' | 'apply'): string[] {
  const { connectors, connections, order, leftAlone, same } = result;
  return [
    ...connectors.flatMap((one) => entryLines('connector', one, act)),
    ...connections.flatMap((one) => entryLines('connection', one, act)),
    ...(order ? [`~ sync order: ${order.old.join(', ')} → ${order.new.join(', ')}`] : []),
    ...(leftAlone.length > 0 ? ['Not in the file, and left alone:', ...leftAlone.map(leftWords)] : []),
    ...(same ? ['Nothing differs.'] : []),
  ];
}

export interface ExportedSetUp {
  readonly connectors: readonly unknown[];
  readonly connections: readonly unknown[];
}

/** What was written where, in one line. */
export function exportedLine({ connectors, connections }: ExportedSetUp, file: string): string {
  const count = ({ length }: readonly unknown[], one: string) => `${length} ${one}${length === 1 ? '' : 's'}`;
  return `Written to ${file}: ${count(connectors, 'connector')}, ${count(connections, 'connection')}.`;
}
