/** Logins of the demo's CRM. What the others get of connections depends on their groups. */
export const demoAdministrator = 'anna';
export const demoUsers = ['tom', 'eva'] as const;
