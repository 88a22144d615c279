export const usage = `Usage: npm run openapi

Writes docs/openapi.json and docs/rights.md anew from the schemas and the registry. It has no options.`;
