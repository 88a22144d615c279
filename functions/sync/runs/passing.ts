import type { Run } from '../../core/model/run.ts';

/**
 * A comparison, or resync, that nothing depends on makes none of its links due: the daily one comes again, and who asked for one sees
 * that it was cut short. One after a changed mapping, or for a list that begins anew, leaves what it found due.
 */
export function isPassing({ kind, trigger }: Pick<Run, 'kind' | 'trigger'>): boolean {
  return kind !== 'sync' && ['schedule', 'user'].includes(trigger.by);
}
