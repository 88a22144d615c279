import type { Schedules } from '../../ports/schedules.ts';

export interface MemorySchedules extends Schedules {
  /** Minutes between two firings, by connection id. */
  readonly everyMinutes: ReadonlyMap<string, number>;
  /** From when each purge is called for, by connection id. */
  readonly purges: ReadonlyMap<string, string | undefined>;
}

export function memorySchedules(): MemorySchedules {
  const everyMinutes = new Map<string, number>();
  const purges = new Map<string, string | undefined>();
  return {
    everyMinutes,
    purges,
    async put(_tenantId, connectionId, minutes) {
      purges.delete(connectionId);
      everyMinutes.set(connectionId, minutes);
    },
    async putPurge(_tenantId, connectionId, from) {
      everyMinutes.delete(connectionId);
      purges.set(connectionId, from);
    },
    async remove(_tenantId, connectionId) {
      everyMinutes.delete(connectionId);
      purges.delete(connectionId);
    },
  };
}
