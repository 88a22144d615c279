import * as z from 'zod';
import { At } from './at.ts';
import { FieldMetadata } from './field.ts';
import { Side } from './side.ts';

/** What of a field decides which values it takes. */
export const FieldShape = FieldMetadata.pick({
  type: true,
  format: true,
  listName: true,
  maxLength: true,
  lengthUnit: true,
})
  // An earlier version kept it of no drift.
  .extend({ access: FieldMetadata.shape.access.optional() })
  .meta({ id: 'FieldShape', description: 'What of a field decides which values it takes.' });
export type FieldShape = z.infer<typeof FieldShape>;

const driftKinds = ['gone', 'type', 'list', 'read-only', 'mandatory', 'shorter', 'longer'] as const;

/** A field in use that its system no longer describes as it was when the mapping was saved. */
export const FieldDrift = z
  .object({
    side: Side,
    field: z.string().meta({ description: 'Key of the field.', examples: ['PHONE'] }),
    label: z.string().meta({ description: 'For people.', examples: ['Phone'] }),
    what: z
      .enum(driftKinds)
      .describe(
        '`gone`: no longer offered; `type`, `list`: another one; `read-only`: it is written, and no longer may be; `mandatory`: it takes no blank any more; `shorter`, `longer`: what fits in.',
      ),
    was: FieldShape.describe('When the mapping was saved, or the drift accepted.'),
    now: FieldShape.optional().describe('Absent where it is gone.'),
    since: At.describe('When it was found.'),
    accepted: z
      .literal(true)
      .optional()
      .describe('Somebody dismissed its failure: the field is still gone, and nobody is told again.'),
  })
  .meta({ id: 'FieldDrift', description: 'A mapped field that its system describes otherwise than before.' });
export type FieldDrift = z.infer<typeof FieldDrift>;

/** More room does no harm: it is shown, and is nobody's trouble. */
export function needsAttention({ what, accepted }: FieldDrift): boolean {
  return what !== 'longer' && accepted !== true;
}
