import * as z from 'zod';
import { ConfigFile } from '../../functions/http/schemas/config-file.ts';

/** A schema that is more than a form says of itself how it is to be shown. */
function asShown(_: string, part: unknown): unknown {
  if (typeof part !== 'object' || part === null || !('override' in part)) return part;
  const { override, ...rest } = part;
  return { ...rest, ...(typeof override === 'object' ? override : {}) };
}

/** The JSON Schema of a file, for editors: what its writer may leave out is not required. */
export function configSchema(): unknown {
  const schema = z.toJSONSchema(ConfigFile, { io: 'input', target: 'draft-7', unrepresentable: 'any' });
  return JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '#/definitions/'), asShown);
}
