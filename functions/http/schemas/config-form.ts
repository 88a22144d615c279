/** `ConfigValue` as docs/openapi.json shows it, where the pipe around it would hide it. */
const configValueForms = [
  { type: 'string' as const, maxLength: 10_000 },
  { type: 'number' as const },
  { type: 'boolean' as const },
  { $ref: '#/components/schemas/SecretSet' },
];

/** Values by the keys of configuration fields. */
export const configForm = { type: 'object' as const, additionalProperties: { anyOf: configValueForms } };

/** As a merge patch: null removes a value. */
export const configPatchForm = {
  type: 'object' as const,
  additionalProperties: { anyOf: [...configValueForms, { type: 'null' as const }] },
};
