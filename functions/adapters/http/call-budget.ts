/**
 * The time that all remote calls of one request share. Always true: no call outlasts it, so its caller is told what was
 * done before API Gateway gives up; work outside a budget is bound by each call's own deadline. It keeps nothing, so a
 * crash leaves nothing. Attacked by test/adapters/http/call-budget.test.ts.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { asSyncError, SyncError } from '../../core/errors.ts';
import { defaultDeadlineMs } from '../../core/timing/lease.ts';
import type { CallBudget } from '../../ports/call-budget.ts';
import type { HttpClient } from '../../ports/http.ts';
import type { Runtime } from '../../ports/runtime.ts';

interface Budget {
  readonly untilMs: number;
  answered: number;
  /** Who had not answered when the time was over. */
  silent: string | undefined;
}

/** Timers may fire a little early. */
const nearlyMs = 50;

function outOfTime(budgetMs: number, { answered, silent }: Budget, leftBehind: string, cause: unknown): SyncError {
  const words = `${silent} did not answer in time: all remote calls of a request may take ${budgetMs / 1000} s together, and ${answered} were answered.`;
  return new SyncError('out-of-time', `${words} ${leftBehind}`, { cause });
}

export function callBudget({ nowMs }: Pick<Runtime, 'nowMs'>): CallBudget & { over(http: HttpClient): HttpClient } {
  const budgets = new AsyncLocalStorage<Budget>();
  return {
    async within(budgetMs, leftBehind, work) {
      const budget: Budget = { untilMs: nowMs() + budgetMs, answered: 0, silent: undefined };
      try {
        return await budgets.run(budget, work);
      } catch (error) {
        const isOurs = budget.silent === undefined || asSyncError(error).kind === 'defect';
        throw isOurs ? error : outOfTime(budgetMs, budget, leftBehind, error);
      }
    },
    over: (http) => ({
      async send(request) {
        const budget = budgets.getStore();
        if (!budget) return http.send(request);
        const { deadlineMs = defaultDeadlineMs } = request;
        const leftMs = budget.untilMs - nowMs();
        const host = URL.parse(request.url)?.host;
        if (leftMs <= nearlyMs) {
          budget.silent = host;
          throw new SyncError('transient', 'There is no time left for this call.');
        }
        try {
          const answer = await http.send({ ...request, deadlineMs: Math.min(deadlineMs, leftMs) });
          budget.answered += 1;
          return answer;
        } catch (error) {
          if (budget.untilMs - nowMs() <= nearlyMs) budget.silent = host;
          throw error;
        }
      },
    }),
  };
}
