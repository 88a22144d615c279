/** The three queues, most urgent first. */
export const lanes = ['high', 'normal', 'low'] as const;
export type Lane = (typeof lanes)[number];

export function oneLaneLower(lane: Lane): Lane {
  return lane === 'high' ? 'normal' : 'low';
}

/**
 * The lane of a connection's own polls, by its place (0 = first) among the tenant's active connections: first third
 * (rounded up) high, last third (rounded down) low, the rest normal; a single connection normal.
 */
export function laneOfConnection(place: number, activeConnections: number): Lane {
  if (activeConnections <= 1) return 'normal';
  if (place < Math.ceil(activeConnections / 3)) return 'high';
  return place >= activeConnections - Math.floor(activeConnections / 3) ? 'low' : 'normal';
}

/** `asked`: by a person, who does not wait for it: there is too much of it. */
export type Urgency = 'interactive' | 'asked' | 'schedule' | 'background';

/** Interactive work is high, what else a person asked for normal; polls run in the connection's own lane; compare runs and the like one lane below it. */
export function laneOfWork(urgency: Urgency, connectionLane: Lane): Lane {
  if (urgency === 'interactive') return 'high';
  if (urgency === 'asked') return 'normal';
  return urgency === 'schedule' ? connectionLane : oneLaneLower(connectionLane);
}
