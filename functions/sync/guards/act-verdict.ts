/** `taken`: it may be done. `dropped`: a person said that it shall not. The others: it is withheld. */
export type ActVerdict = 'taken' | 'dropped' | 'allowance' | 'braked';
