export type Side = 'crm' | 'erp';
