import type { Alert, Alerts } from '../../ports/alerts.ts';

export interface MemoryAlerts extends Alerts {
  readonly told: readonly Alert[];
}

export function memoryAlerts(): MemoryAlerts {
  const told: Alert[] = [];
  return {
    told,
    async tell(alert) {
      told.push(alert);
    },
  };
}
