import * as z from 'zod';
import { SyncErrorKind } from '../../core/model/failure.ts';

/** Why a side of a record shows no values. */
export const SideTrouble = z
  .object({
    reason: z.union([SyncErrorKind, z.literal('left-alone')]).describe('`left-alone`: nobody asks it now.'),
    message: z.string().describe('In a sentence.'),
    explanation: z.string().optional().describe('The own words of the system.'),
  })
  .describe('Why this side shows no values.');
