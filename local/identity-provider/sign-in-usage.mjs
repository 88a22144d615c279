export const usage = `Usage: npm run --silent sign-in -- anna | tom | eva

Signs a user of the demo's CRM in, as a browser would, and prints their session: it stands where a key does,
Authorization: Bearer ess_…, while npm start runs.`;
