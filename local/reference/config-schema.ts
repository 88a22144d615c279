import * as z from 'zod';
import { ConfigFile } from '../../functions/http/schemas/config-file.ts';

/** Of a secret a file has the name of a variable alone. */
const configValue = { type: ['string', 'number', 'boolean'], maxLength: 10_000 };

/** What the API's document shows of configuration values is not all for files. */
function asInFiles(name: string, part: unknown): unknown {
  if (name !== 'config' || typeof part !== 'object' || part === null || !('override' in part)) return part;
  const { description } = part as { readonly description?: string };
  return { description, default: {}, type: 'object', additionalProperties: configValue };
}

/** The JSON Schema of a file, for editors: what its writer may leave out is not required. */
export function configSchema(): unknown {
  const schema = z.toJSONSchema(ConfigFile, { io: 'input', target: 'draft-7', unrepresentable: 'any' });
  return JSON.parse(JSON.stringify(schema), asInFiles);
}
