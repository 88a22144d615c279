import type { RecordType } from './shapes.ts';

const callKinds = [
  'state',
  'auth',
  'jwks',
  'version',
  'principal',
  'list',
  'get',
  'patch',
  'delete',
  'mdolist',
  'other',
] as const;
export type CallKind = (typeof callKinds)[number];

export const isCallKind = (text: string): text is CallKind => callKinds.some((kind) => kind === text);

/** One save of a record. `changed` is false for a save that left every value as it was. */
export type Write = {
  seq: number;
  at: string;
  via: 'api' | 'control';
  type: RecordType;
  id: number;
  by: number;
  paths: string[];
  changed: boolean;
};

/** Calls made to the API since the last reset, and every save since the start. */
export type Journal = { calls: Record<CallKind, number>; writes: Write[] };

const noCalls = (): Record<CallKind, number> =>
  Object.fromEntries(callKinds.map((kind) => [kind, 0])) as Record<CallKind, number>;

export const emptyJournal = (): Journal => ({ calls: noCalls(), writes: [] });

export function countCall(journal: Journal, kind: CallKind): void {
  journal.calls[kind] += 1;
}

export function resetCalls(journal: Journal): void {
  journal.calls = noCalls();
}

export function logWrite(journal: Journal, write: Omit<Write, 'seq'>): void {
  journal.writes.push({ seq: journal.writes.length + 1, ...write });
}
