import type { Schedules } from '../../ports/schedules.ts';

export interface MemorySchedules extends Schedules {
  /** Minutes between two firings, by connection id. */
  readonly everyMinutes: ReadonlyMap<string, number>;
}

export function memorySchedules(): MemorySchedules {
  const everyMinutes = new Map<string, number>();
  return {
    everyMinutes,
    async put(_tenantId, connectionId, minutes) {
      everyMinutes.set(connectionId, minutes);
    },
    async remove(_tenantId, connectionId) {
      everyMinutes.delete(connectionId);
    },
  };
}
