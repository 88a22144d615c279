/** Users of the CRM. The system user is the one behind a ticket; the others edit through the control door. */
export const systemUserId = 99;
export const defaultUserId = 10;

const names: Readonly<Record<number, [login: string, fullName: string]>> = {
  5: ['TOM', 'Tom Berg'],
  7: ['EVA', 'Eva Bos'],
  [defaultUserId]: ['ANNA', 'Anna Lund'],
  [systemUserId]: ['SYNC', 'ERP Sync system user'],
};

export const associateLogin = (id: number): string => names[id]?.[0] ?? `USER${id}`;
export const associateFullName = (id: number): string => names[id]?.[1] ?? `User ${id}`;
