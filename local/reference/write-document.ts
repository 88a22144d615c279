/** `npm run openapi`: writes docs/openapi.json anew from the schemas. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { allRoutes } from '../../functions/http/all-routes.ts';
import { openApiDocument } from './document.ts';

const file = path.resolve(import.meta.dirname, '../../docs/openapi.json');
writeFileSync(file, `${JSON.stringify(openApiDocument(allRoutes), null, 2)}\n`);
console.log(file);
