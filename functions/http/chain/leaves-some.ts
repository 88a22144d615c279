import * as z from 'zod';

const LeavesSome = z.union([
  z.object({ complete: z.literal(false) }),
  z.object({ more: z.literal(true) }),
  z.object({ refused: z.array(z.unknown()).min(1) }),
]);
const Outcomes = z.array(z.object({ outcome: z.string() })).optional();
const OfFile = z.object({ connectors: Outcomes, connections: Outcomes });

/** Whether an answer says that something of what was asked for is not done: the same request goes on with it. */
export function leavesSome(bodyText: string): boolean {
  const body: unknown = JSON.parse(bodyText);
  if (LeavesSome.safeParse(body).success) return true;
  const { connectors = [], connections = [] } = OfFile.safeParse(body).data ?? {};
  return [...connectors, ...connections].some(({ outcome }) => outcome === 'refused');
}
