import * as z from 'zod';

/** What may be made of a value on its way: a closed list. Texts count in characters as people see them. */
const simple = <Kind extends string>(kind: Kind, id: string, description: string) =>
  z.strictObject({ kind: z.literal(kind) }).meta({ id, description });

export const Transform = z.discriminatedUnion('kind', [
  simple('trim', 'TrimTransform', 'Without spaces at both ends.'),
  simple('upper', 'UpperTransform', 'In capitals.'),
  simple('lower', 'LowerTransform', 'In small letters.'),
  simple('digits', 'DigitsTransform', 'Its digits alone.'),
  z
    .strictObject({ kind: z.literal('first'), characters: z.number().int().min(1).max(8000).describe('How many.') })
    .meta({ id: 'FirstTransform', description: 'Its first characters, as people see them.' }),
  z
    .strictObject({
      kind: z.literal('prefix'),
      text: z
        .string()
        .min(1)
        .max(50)
        .meta({ description: 'What is put before it.', examples: ['NL'] }),
    })
    .meta({ id: 'PrefixTransform', description: 'With a text before it; can be undone.' }),
  z
    .strictObject({
      kind: z.literal('replace'),
      table: z
        .array(
          z.strictObject({
            from: z
              .string()
              .min(1)
              .max(200)
              .meta({ examples: ['A'] }),
            to: z
              .string()
              .min(1)
              .max(200)
              .meta({ examples: ['Active'] }),
          }),
        )
        .min(1)
        .max(50)
        .readonly()
        .describe('A value that it does not name stays as it is.'),
    })
    .meta({ id: 'ReplaceTransform', description: 'Another text in its place; can be undone where it is one to one.' }),
]);
export type Transform = z.infer<typeof Transform>;

/** Those that can be taken back, so that the field may go both ways. */
export const undoable = ['prefix', 'replace'] as const satisfies readonly Transform['kind'][];

export function isUndoable({ kind }: Transform): boolean {
  return undoable.some((one) => one === kind);
}

/** In place of the field that a constant has no use for. */
export const constantSource = '=';
