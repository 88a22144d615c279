import { invalid } from '../core/errors.ts';
import { sameContent } from '../core/values/same-content.ts';

/** Of what no request sets: as it was read it may be sent back; SyncError `invalid` where it is to be something else. */
export function expectAsRead(
  sent: Readonly<Record<string, unknown>>,
  there: Readonly<Record<string, unknown>>,
  instead: Readonly<Record<string, string>> = {},
): void {
  const faults = Object.entries(sent)
    .filter(([name, value]) => value !== undefined && !sameContent(value, there[name]))
    .map(([path]) => ({ path, message: `Cannot be set here${instead[path] ? `: use ${instead[path]}` : ''}` }));
  if (faults.length > 0) throw invalid(faults);
}
