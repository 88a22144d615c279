/**
 * When the person gave the command, by `performance.now()`: local/start.mjs tells it, who may have installed packages
 * since. Where nobody tells it, this process was the command.
 */
export function commandAtMs(
  told: string | undefined = process.env.ERP_SYNC_COMMAND_AT_MS,
  originMs: number = performance.timeOrigin,
): number {
  const atMs = Number.parseFloat(told ?? '');
  return Number.isFinite(atMs) ? Math.min(atMs - originMs, 0) : 0;
}
