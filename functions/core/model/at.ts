import * as z from 'zod';

/** An instant as we make it: ISO 8601 in UTC. */
export const At = z.string().meta({ format: 'date-time', examples: ['2026-11-27T08:15:30.000Z'] });
