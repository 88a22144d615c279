import type { Run } from '../../core/model/run.ts';

/**
 * A comparison, or resync, that nothing depends on makes none of its links due: the daily one comes again, and who asked for
 * one sees that it was cut short. One after a changed mapping, or for a list that begins anew, leaves what it found due; so
 * does one of named links, which are due before it starts, and a sweep, which finds little.
 */
export function isPassing({ kind, scope, trigger }: Pick<Run, 'kind' | 'scope' | 'trigger'>): boolean {
  const detects = scope.kind === 'connection' || scope.kind === 'actor-type';
  return kind !== 'sweep' && kind !== 'sync' && detects && ['schedule', 'user'].includes(trigger.by);
}
