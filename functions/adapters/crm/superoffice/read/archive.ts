import * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';
import type { Runtime } from '../../../../ports/runtime.ts';
import { httpDateMs } from '../../../http/retry-after.ts';
import { apiError, explanationOf, isPage, parseJson } from '../session/api-error.ts';
import { type ApiAnswer, asReadFailure, type Calls, type Session } from '../session/session.ts';

export type Row = Readonly<Record<string, unknown>>;

const ArchiveAnswer = z.object({
  'odata.nextLink': z.string().nullish(),
  value: z.array(z.record(z.string(), z.unknown())),
});

export interface ArchiveQuery {
  readonly provider: string;
  readonly select: readonly string[];
  readonly filter: string;
  /** Kinds of row, where the provider has several. */
  readonly entities?: string;
  /** A column that sorts, the primary key when paging. */
  readonly orderBy?: string;
  readonly top: number;
  readonly zoneFree?: boolean;
  /** With the raw value of each column beside what it shows (`$mode=Full`, spec 3.6). */
  readonly raw?: boolean;
  /** A refusal is one of the rows asked for (`forbidden`), not of our user (`unauthorised`). */
  readonly ofRecords?: boolean;
}

/** Both clocks at one moment, milliseconds since 1970. */
export const Clocks = z.object({ serverMs: z.number(), ourMs: z.number() });
export type Clocks = z.infer<typeof Clocks>;

export interface ArchivePage {
  readonly rows: readonly Row[];
  /** The answer names a next page. Servers cap pages: a shorter page alone says nothing. */
  readonly namesNext: boolean;
  /** The server's clock when the read began, at the latest: milliseconds since 1970. */
  readonly readAtMs: number;
  /** When the answer was given. */
  readonly clocks: Clocks;
}

/** IIS refuses query strings over 2,048 characters by default; a long query is posted (spec 3.6). */
const longestQuery = 1_900;

function serverMs(answer: ApiAnswer): number {
  const dateMs = httpDateMs(answer.headers.date);
  if (dateMs === undefined) throw new SyncError('misconfigured', 'The CRM answers without its time.');
  return dateMs;
}

/** The server's clock when the answered request was sent, from the answer's `Date` (whole seconds, rounded down). */
export function serverStartMs(answer: ApiAnswer): number {
  return serverMs(answer) - answer.tookMs;
}

export function clocksOf(answer: ApiAnswer, runtime: Runtime): Clocks {
  return { serverMs: serverMs(answer), ourMs: runtime.nowMs() };
}

/** 403 although our user is signed in: in the CRM's own words it has no right, as a page it never came to the CRM. */
export function forbidden(answer: ApiAnswer, path: string): SyncError {
  if (isPage(answer)) return new SyncError('transient', `Something in front of the CRM refused ${path}.`);
  return new SyncError('forbidden', `The CRM gives no access to ${path}.`, { explanation: explanationOf(answer) });
}

/** Sends a read and answers its JSON; a lost or unreadable answer is `transient`, an unknown column `misconfigured`. */
export async function readJson(
  session: Calls,
  runtime: Runtime,
  request: Parameters<Session['call']>[0],
): Promise<{ readonly json: unknown; readonly answer: ApiAnswer }> {
  const answer = await session.call(request).catch((error: unknown) => {
    throw asReadFailure(error);
  });
  if (answer.status === 403) throw forbidden(answer, request.path);
  if (answer.status !== 200) throw apiError(answer, request.path, runtime.nowMs());
  const json = parseJson(answer.text);
  if (json === undefined) throw new SyncError('transient', `The CRM's answer to ${request.path} is no JSON.`);
  return { json, answer };
}

/** One page of an archive, rows as the vendor names their columns (Slim mode). */
export async function readArchive(session: Calls, runtime: Runtime, query: ArchiveQuery): Promise<ArchivePage> {
  const options = {
    $select: query.select.join(','),
    $filter: query.filter,
    ...(query.orderBy && { $orderBy: query.orderBy }),
    ...(query.entities && { $entities: query.entities }),
    $top: String(query.top),
    ...(query.raw && { $mode: 'Full' }),
  };
  const path = `Archive/${query.provider}`;
  const form = new URLSearchParams(options).toString();
  const how = { path, zoneFree: query.zoneFree, ofRecords: query.ofRecords };
  const { json, answer } = await readJson(
    session,
    runtime,
    form.length <= longestQuery
      ? { ...how, method: 'GET', query: options }
      : { ...how, method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: form },
  );
  const page = ArchiveAnswer.safeParse(json);
  if (!page.success) throw new SyncError('transient', `The CRM's answer to ${path} cannot be read.`);
  return {
    rows: page.data.value,
    namesNext: Boolean(page.data['odata.nextLink']),
    readAtMs: serverStartMs(answer),
    clocks: clocksOf(answer, runtime),
  };
}

/**
 * Whether rows follow a page that was read in the order of its key. A full page or a named next one: yes. Else the rows
 * behind it are asked for: only an empty answer is the end.
 */
export async function hasRowsBehind(
  session: Session,
  runtime: Runtime,
  { rows, namesNext }: ArchivePage,
  asked: number,
  behind: ArchiveQuery,
): Promise<boolean> {
  if (rows.length === 0) return false;
  if (namesNext || rows.length >= asked) return true;
  return (await readArchive(session, runtime, { ...behind, top: 1 })).rows.length > 0;
}

/** A string in a filter: single quotes, backslash escapes (spec 3.6). */
export function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
}
