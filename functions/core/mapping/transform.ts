import * as z from 'zod';

/** What may be made of a value on its way: a closed list. Texts count in characters as people see them. */
export const Transform = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('trim') }),
  z.strictObject({ kind: z.literal('upper') }),
  z.strictObject({ kind: z.literal('lower') }),
  z.strictObject({ kind: z.literal('digits') }),
  z.strictObject({ kind: z.literal('first'), characters: z.number().int().min(1).max(8000) }),
  z.strictObject({ kind: z.literal('prefix'), text: z.string().min(1).max(50) }),
  z.strictObject({
    kind: z.literal('replace'),
    /** A value that it does not name stays as it is. */
    table: z
      .array(z.strictObject({ from: z.string().min(1).max(200), to: z.string().min(1).max(200) }))
      .min(1)
      .max(50)
      .readonly(),
  }),
]);
export type Transform = z.infer<typeof Transform>;

/** Those that can be taken back, so that the field may go both ways. */
export const undoable = ['prefix', 'replace'] as const satisfies readonly Transform['kind'][];

export function isUndoable({ kind }: Transform): boolean {
  return undoable.some((one) => one === kind);
}

/** In place of the field that a constant has no use for. */
export const constantSource = '=';
