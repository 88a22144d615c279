/** `npm run openapi`: writes docs/openapi.json, docs/config.schema.json and docs/rights.md anew from the schemas and the registry. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { allRoutes } from '../../functions/http/all-routes.ts';
import { configSchema } from './config-schema.ts';
import { openApiDocument } from './document.ts';
import { rightsPage } from './rights.ts';
import { usage } from './write-document-usage.mjs';

const args = process.argv.slice(2);
if (args.length > 0) {
  console.log(usage);
  process.exit(args.includes('--help') ? 0 : 2);
}

const made = {
  'openapi.json': `${JSON.stringify(openApiDocument(allRoutes), null, 2)}\n`,
  'config.schema.json': `${JSON.stringify(configSchema(), null, 2)}\n`,
  'rights.md': rightsPage(allRoutes),
};
for (const [name, text] of Object.entries(made)) {
  const file = path.resolve(import.meta.dirname, '../../docs', name);
  writeFileSync(file, text);
  console.log(file);
}
