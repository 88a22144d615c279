import type { SyncError } from '../errors.ts';
import type { Values } from '../values/value.ts';

/** What came of a look's writes to one side. */
export type SideAnswer =
  /** There was nothing to write there. */
  | { readonly outcome: 'none' }
  /** `version`, `stored` and `name` only where they are certainly what our write left. */
  | { readonly outcome: 'ok'; readonly version?: string; readonly stored?: Values; readonly name?: string | undefined }
  | { readonly outcome: 'stale' | 'missing' }
  | { readonly outcome: 'rejected'; readonly field?: string; readonly explanation?: string }
  /** Certainly nothing was written. */
  | { readonly outcome: 'not-sent'; readonly error: SyncError }
  /** It was written, or still may be, or not. */
  | { readonly outcome: 'unknown'; readonly error?: SyncError };
