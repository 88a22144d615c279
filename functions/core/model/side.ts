import * as z from 'zod';

/** The two systems a link joins. */
export const sides = ['crm', 'erp'] as const;
export const Side = z.enum(sides).meta({ id: 'Side', description: 'One of the two systems.' });
export type Side = z.infer<typeof Side>;

export function otherSide(side: Side): Side {
  return side === 'crm' ? 'erp' : 'crm';
}
