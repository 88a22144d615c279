import { frontPage } from '../front-page.ts';

/** What the CRM's address shows in a browser; its own door is where people of the demo read and edit records. */
export function crmPage({ tenant, controlUrl }: { tenant: string; controlUrl: string }): string {
  const records = `${controlUrl}/records`;
  return frontPage({
    title: 'SuperOffice, the CRM of the demo',
    text: `A simulator of SuperOffice's web services with invented data, of the tenant ${tenant}. This address is the one that the vendor's cloud has: ERP Sync calls it, as a system user.`,
    parts: [
      {
        heading: 'Signing in',
        text: 'Calls here want a ticket or an access token, as at the vendor. People of the demo need neither: they work at the door below, which is open to this machine alone. Users sign in to ERP Sync at the address that the start prints as Sign-in: anna, tom or eva, password demo.',
      },
      {
        heading: 'Reading and editing records',
        text: 'Companies, persons and projects; what is edited so counts as the edit of a user, and comes to the ERP with the next sync, within a minute.',
        commands: [
          `curl ${records}/company`,
          `curl ${records}/company/9`,
          `curl -X PATCH -d '{"phone":"+31 20 555 01 23"}' ${records}/company/9`,
          `curl ${records}/person`,
          `curl ${records}/project`,
        ],
      },
      {
        heading: 'Calls of the web services',
        text: `Below /${tenant.toLowerCase()}/api/v1: Contact, Person and Project by id, Archive, MDOList, User/currentPrincipal; /api/state/${tenant} tells where the tenant is.`,
      },
    ],
  });
}
