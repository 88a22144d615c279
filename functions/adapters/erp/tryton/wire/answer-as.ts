import type * as z from 'zod';
import { SyncError } from '../../../../core/errors.ts';

const longestPath = 100;

/** Names of members only: what stands there may hold data. */
function placeOf({ issues: [first] }: z.ZodError): string {
  const place = (first?.path ?? []).filter((part) => typeof part === 'string').join(' ');
  return place === '' ? 'The whole answer' : `"${place.slice(0, longestPath)}"`;
}

/** An answer in the shape that the connector relies on; what is wrong with it may hold data, so it is only the cause. */
export function answerAs<Schema extends z.ZodType>(schema: Schema, answer: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new SyncError('misconfigured', 'An answer of Tryton has another shape than expected.', {
    explanation: `Tryton answers otherwise than the connector knows it to: ${placeOf(parsed.error)} has another form. A module or something in front of Tryton may change its answers.`,
    cause: parsed.error,
  });
}
