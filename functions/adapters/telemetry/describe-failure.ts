import { SyncError } from '../../core/errors.ts';

export interface FailureDescription {
  readonly name: string;
  readonly kind?: string;
  readonly message?: string;
  /** Where it was thrown: call frames only. */
  readonly stack: readonly string[];
  readonly cause?: FailureDescription;
}

const maxFrames = 12;
const maxDepth = 4;

/**
 * What may be logged of a failure. The text of a SyncError holds ids only; that of any other error may hold a field
 * value, a body or a secret (`Unexpected token … in JSON`), so of a cause only its name and its call frames are kept.
 */
export function describeFailure(error: unknown, depth = 1): FailureDescription {
  if (!(error instanceof Error)) return { name: typeof error, stack: [] };
  const name = /^\w{1,60}$/.test(error.name) ? error.name : 'Error';
  const ours = error instanceof SyncError ? error : undefined;
  const cause = error.cause === undefined || depth === maxDepth ? undefined : describeFailure(error.cause, depth + 1);
  return { name, kind: ours?.kind, message: ours?.message, stack: frames(error), cause };
}

/** The stack begins with the message, which may have lines of its own that look like frames: it is cut off first. */
function frames(error: Error): string[] {
  const stack = error.stack ?? '';
  const header = stack.indexOf(error.message);
  const below = error.message === '' || header < 0 ? stack : stack.slice(header + error.message.length);
  return below
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^at .+:\d+:\d+\)?$/.test(line))
    .slice(0, maxFrames);
}
