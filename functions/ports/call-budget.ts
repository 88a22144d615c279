/** What the remote calls of one request may take together, whichever adapters make them. */
export interface CallBudget {
  /**
   * Calls of `work` end when the time is over, and none is begun after that; whatever `work` throws then is SyncError
   * `out-of-time`, with `leftBehind` in its words. What it answers all the same is its answer.
   */
  within<T>(budgetMs: number, leftBehind: string, work: () => Promise<T>): Promise<T>;
}
