import type * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';

/** An answer in the shape that the connector relies on; what is wrong with it may hold data, so it is only the cause. */
export function answerAs<Schema extends z.ZodType>(schema: Schema, answer: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new SyncError('defect', 'An answer of Tryton has another shape than expected.', { cause: parsed.error });
}
