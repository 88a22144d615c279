/** Measures one part in a process of its own, and tells the process that started it what was found. */
import * as z from 'zod';
import { Figure } from './figure.ts';
import { type PartName, partNames } from './options.ts';

/** What is told to this process: which part, and what was measured before it. */
export const Asked = z.object({ part: z.enum(partNames), before: z.array(Figure) });
export type Asked = z.infer<typeof Asked>;

const parts: Readonly<Record<PartName, () => Promise<{ measure(before: readonly Figure[]): Promise<Figure[]> }>>> = {
  engine: () => import('./parts/engine.ts'),
  calls: () => import('./parts/calls.ts'),
  latency: () => import('./parts/latency.ts'),
  client: () => import('./parts/client.ts'),
  lanes: () => import('./parts/lanes.ts'),
  bundles: () => import('./parts/bundles.ts'),
  cost: () => import('./parts/cost.ts'),
};

process.once('message', async (message) => {
  const { part, before } = Asked.parse(message);
  const { measure } = await parts[part]();
  process.send?.(await measure(before));
  process.disconnect();
});
