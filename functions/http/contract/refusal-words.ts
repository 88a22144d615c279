/** Refusals that several operations have in common, as they are told. */
export const noCrmYet = 'The tenant has no CRM settings yet.';
export const testFailed = 'A system refused the test or did not answer it; `explanation` holds its own words.';
export const metAnother = 'Another request changed it at the same moment: repeat this one.';
export const deleted = 'The connection is deleted: restore it first.';
export const notInactive = 'The connection is not inactive.';
export const moved = 'Its connector is at another address: enter its secrets again first.';
export const suspended = 'The connection is suspended: mend what stopped it, then test it.';

export const nameTaken = 'Another one has this name; `detail` says which.';
