/**
 * What is remembered of a field while it is not mapped: all that the merge needs once it is again. Always true: nobody is
 * asked about it and it is listed and counted nowhere, but for what a person dropped after a brake, which stands; what else
 * held it, or made it differ, is found again by the comparison of the mapping that has it. Pure. Attacked by
 * test/features/mappings/unmapped-marks.test.ts.
 */
import type { FieldState } from '../model/link.ts';

export function whileUnmapped(state: FieldState): FieldState {
  if (state.held === 'dropped') return state;
  const { held: _asked, heldOn: _on, heldSince: _since, differs: _listed, ...kept } = state;
  return kept;
}
