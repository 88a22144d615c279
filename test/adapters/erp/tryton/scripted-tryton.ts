import { SyncError } from '../../../../functions/core/errors.ts';
import type { HttpAnswer, HttpClient } from '../../../../functions/ports/http.ts';

/** What a server answers to a method: its result, an `error` member, or a bare HTTP answer. */
export type Scripted =
  | { result: unknown; date?: string }
  | { error: unknown }
  | { status: number; headers?: Record<string, string>; text?: string };

export interface ScriptedTryton extends HttpClient {
  readonly methods: string[];
  /** Parameters of each call, without signing in. */
  readonly params: unknown[][];
}

/** A server that answers each method from its list, the last one again and again. Signing in works unless it is scripted. */
export function scriptedTryton(script: Readonly<Record<string, readonly Scripted[]>>): ScriptedTryton {
  const methods: string[] = [];
  const params: unknown[][] = [];
  const asked = new Map<string, number>();
  return {
    methods,
    params,
    async send(request): Promise<HttpAnswer> {
      const asks = JSON.parse(request.body ?? '') as { method: string; params: unknown[] };
      const { method } = asks;
      if (method !== 'common.db.login') params.push(asks.params);
      methods.push(method);
      const answers = script[method] ?? (method === 'common.db.login' ? [{ result: [7, 'key', null] }] : []);
      const nth = asked.get(method) ?? 0;
      asked.set(method, nth + 1);
      const answer = answers[Math.min(nth, answers.length - 1)];
      if (answer === undefined) throw new SyncError('transient', `Nothing is scripted for ${method}.`);
      const headers = { date: 'Mon, 23 Nov 2026 10:00:00 GMT' };
      if ('status' in answer) return { text: '', ...answer, headers: { ...headers, ...answer.headers } };
      if ('date' in answer && answer.date !== undefined) headers.date = answer.date;
      return { status: 200, headers, text: JSON.stringify({ id: 1, ...answer }) };
    },
  };
}
