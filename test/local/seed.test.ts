import { expect, test } from 'vitest';
import { companies } from '../../local/seed/companies.ts';
import { countries } from '../../local/seed/countries.ts';
import { crmCompanies } from '../../local/seed/crm-companies.ts';
import {
  blankInCrm,
  blankInErp,
  type ComparedField,
  conflicts,
  onlyInCrm,
  onlyInErp,
  phonesWrittenDifferently,
  refusedByErp,
} from '../../local/seed/crm-differences.ts';
import { persons } from '../../local/seed/persons.ts';
import { projects } from '../../local/seed/projects.ts';

const company = (ref: string) => {
  const found = companies.find((candidate) => candidate.ref === ref);
  if (!found) throw new Error(`no company ${ref}`);
  return found;
};
const inErp = (ref: string, field: ComparedField) =>
  field === 'visitingStreet' ? company(ref).visiting.street : company(ref)[field];
const digits = (phone: string) => phone.replace(/[^+\d]/g, '');

test('the demo holds at least 200 parties and refs and codes are unique', () => {
  expect(companies.length + persons.length).toBeGreaterThanOrEqual(200);
  const refs = [...companies, ...persons, ...projects, ...onlyInCrm].map(({ ref }) => ref);
  expect(new Set(refs).size).toBe(refs.length);
  const codes = [...companies, ...persons].map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
});

test('every country used is a country of the demo ERP', () => {
  expect(countries.size).toBeGreaterThanOrEqual(30);
  for (const { country } of [...companies, ...onlyInCrm]) expect(countries.has(country)).toBe(true);
});

test('persons and projects belong to companies that both sides have', () => {
  for (const { company: ref } of [...persons, ...projects]) {
    expect(company(ref).ref).toBe(ref);
    expect(onlyInErp).not.toContain(ref);
  }
});

test('a phone written differently has the same digits and the same plus', () => {
  for (const { ref, crm } of phonesWrittenDifferently) {
    expect(crm).not.toBe(company(ref).phone);
    expect(digits(crm)).toBe(digits(company(ref).phone));
  }
});

test('a blank is blank on the side it names and filled on the other', () => {
  for (const { ref, field, crm } of blankInCrm) expect([crm, inErp(ref, field) !== '']).toEqual(['', true]);
  for (const { ref, field, crm } of [...blankInErp, ...refusedByErp])
    expect([crm !== '', inErp(ref, field)]).toEqual([true, '']);
});

test('a conflict has two different values', () => {
  for (const { ref, field, crm } of conflicts) {
    expect(crm).not.toBe('');
    expect(inErp(ref, field)).not.toBe('');
    expect(crm).not.toBe(inErp(ref, field));
  }
});

test('the CRM differs in the listed companies and no others', () => {
  const listed = [...phonesWrittenDifferently, ...blankInCrm, ...blankInErp, ...conflicts, ...refusedByErp].map(
    ({ ref }) => ref,
  );
  expect(new Set(listed).size).toBe(listed.length);
  expect(crmCompanies).toHaveLength(companies.length - onlyInErp.length + onlyInCrm.length);
  const changed = crmCompanies.filter((crm) => !onlyInCrm.includes(crm) && !companies.includes(crm));
  expect(changed.map(({ ref }) => ref).sort()).toEqual(listed.sort());
});
