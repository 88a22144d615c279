import { onTestFinished, vi } from 'vitest';

/** Deadlines of this test end when it says so: a machine under load may take as long to connect as one lasts. */
export function ownClock(): (ms: number) => void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  return (ms) => void vi.advanceTimersByTime(ms);
}
