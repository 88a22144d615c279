import type { Address, Company } from './companies.ts';
import { crmCompanies } from './crm-companies.ts';
import { onlyInCrm } from './crm-differences.ts';
import { crmName, type Person, persons } from './persons.ts';
import { projects } from './projects.ts';

/** The records of the demo's CRM, as the simulator takes them; ids are given, so that they are the same each time. */
export function crmSeed() {
  const idOf = new Map(crmCompanies.map(({ ref }, at) => [ref, at + 1]));
  return {
    companies: crmCompanies.map((company, at) => ({ id: at + 1, ...asContact(company) })),
    persons: persons.map((person, at) => ({ id: at + 1, ...asPerson(person, idOf.get(person.company) ?? 0) })),
    projects: projects.map(({ name, description }, at) => ({ id: at + 1, name, description })),
  };
}

function asContact(company: Company) {
  const { name, code, vat, phone, email, url, country, postal, visiting } = company;
  return {
    ...{ name, code, orgNr: vat, phone, email, url, country },
    postal: asLines(postal),
    street: asLines(visiting),
    category: categoryOf(company),
  };
}

function asLines({ street, zip, city }: Address) {
  return { line1: street, zip, city };
}

function categoryOf(company: Company): string {
  if (onlyInCrm.includes(company)) return 'Prospect';
  return company.kind === 'supplier' ? 'Supplier' : 'Customer';
}

function asPerson(person: Person, companyId: number) {
  const { code, phone, mobile, email } = person;
  return { companyId, ...crmName(person), number: code, phoneDirect: phone, phoneMobile: mobile, email };
}
