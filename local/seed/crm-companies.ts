import { type Company, companies } from './companies.ts';
import {
  blankInCrm,
  blankInErp,
  conflicts,
  onlyInCrm,
  onlyInErp,
  phonesWrittenDifferently,
  refusedByErp,
} from './crm-differences.ts';

const differences = [...phonesWrittenDifferently, ...blankInCrm, ...blankInErp, ...conflicts, ...refusedByErp];
const differenceOf = new Map(differences.map((difference) => [difference.ref, difference]));

/** The companies as the CRM of the demo holds them before the first sync. */
export const crmCompanies: readonly Company[] = [
  ...companies.filter(({ ref }) => !onlyInErp.includes(ref)).map(withDifference),
  ...onlyInCrm,
];

function withDifference(company: Company): Company {
  const difference = differenceOf.get(company.ref);
  if (!difference) return company;
  if (difference.field === 'visitingStreet')
    return { ...company, visiting: { ...company.visiting, street: difference.crm } };
  return { ...company, [difference.field]: difference.crm };
}
