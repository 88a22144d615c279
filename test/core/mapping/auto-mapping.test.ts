import { expect, test } from 'vitest';
import { recordTypes } from '../../../functions/adapters/crm/superoffice/fields/record-types.ts';
import { autoMapping } from '../../../functions/core/mapping/auto-mapping.ts';
import type { FieldMetadata } from '../../../functions/core/model/field.ts';

function fields(...keys: string[]): FieldMetadata[] {
  return keys.map((key) => ({ key, label: key, type: 'text', maxLength: 0, access: 'normal', searchable: false }));
}

function pairs(rows: ReturnType<typeof autoMapping>): string[] {
  return rows.map((row) => `${row.erpField}=${row.crmField}`);
}

const crmFields = (type: 'company' | 'person' | 'project') => recordTypes[type].fields.map((field) => field.metadata);

test('the baseline keys of a company find their fields, whatever their case and punctuation', () => {
  const erp = fields('Name', 'NUMBER1', 'number2', 'VATNO', 'POSTAL_AD1', 'streetZip', 'COUNTRY', 'MOBILE');
  expect(pairs(autoMapping('company', erp, crmFields('company'), []))).toEqual([
    'Name=name',
    'NUMBER1=code',
    'number2=number',
    'VATNO=vatNo',
    'POSTAL_AD1=postal.address1',
    'streetZip=street.zip',
    'COUNTRY=country',
  ]);
});

test('every baseline key that the CRM has a field for is mapped', () => {
  const parts = ['AD1', 'AD2', 'AD3', 'ZIP', 'CITY', 'COUNTY', 'STATE'];
  const company = ['NAME', 'NUMBER1', 'NUMBER2', 'DEPARTMENT', 'PHONE', 'FAX', 'EMAIL', 'URL', 'VATNO', 'COUNTRY'];
  const addresses = ['POSTAL', 'STREET'].flatMap((prefix) => parts.map((part) => prefix + part));
  expect(autoMapping('company', fields(...company, ...addresses), crmFields('company'), [])).toHaveLength(24);
  const person = ['FIRSTNAME', 'MIDDLENAME', 'LASTNAME', 'TITLE', 'NUMBER', 'PHONE_DIRECT', 'PHONE_MOBILE', 'EMAIL'];
  const postal = ['POSTALAD1', 'POSTALCITY', 'POSTALCOUNTRY'];
  expect(autoMapping('person', fields(...person, ...postal), crmFields('person'), [])).toHaveLength(11);
  const project = fields('NAME', 'TEXT', 'NUMBER', 'URL', 'ENDDATE');
  expect(autoMapping('project', project, crmFields('project'), [])).toHaveLength(5);
});

test('directions are left unset, and what is mapped already is left alone', () => {
  const present = autoMapping('company', fields('NAME'), crmFields('company'), []);
  expect(present[0]).toMatchObject({ direction: 'none', showInSearch: false });
  const moved = [{ ...present[0], erpField: 'NAME', crmField: 'phone', direction: 'both' as const }];
  const rows = moved.map((row) => ({ showInSearch: false, showInErpTab: false, ...row }));
  expect(autoMapping('company', fields('NAME', 'PHONE'), crmFields('company'), rows)).toEqual([]);
});

test('a field gone from the ERP, or unknown to the CRM, is not mapped', () => {
  const gone = fields('NAME').map((field) => ({ ...field, missing: true }));
  expect(autoMapping('company', gone, crmFields('company'), [])).toEqual([]);
  expect(autoMapping('company', fields('NAME', 'constructor'), fields('other'), [])).toEqual([]);
});
