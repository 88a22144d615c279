import { frontPage } from '../front-page.ts';

/** What the CRM's address shows in a browser; its own door is where people of the demo read and edit records. */
export function crmPage({ tenant, controlUrl }: { tenant: string; controlUrl: string }): string {
  const records = `${controlUrl}/records`;
  return frontPage({
    title: 'SuperOffice, the CRM of the demo',
    text: `A simulator of SuperOffice's web services with invented data, of the tenant ${tenant}. It has two addresses: one stands for the vendor's cloud, which ERP Sync calls as a system user; the other, ${controlUrl}, is for the people of the demo.`,
    parts: [
      {
        heading: 'Signing in',
        text: 'Calls of the cloud want a ticket or an access token, as at the vendor. People of the demo need neither: their address is open to this machine alone. How users sign in to ERP Sync tells the address that the start prints as Sign-in.',
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
        text: `At the address of the cloud, below /${tenant.toLowerCase()}/api/v1: Contact, Person and Project by id, Archive, MDOList, User/currentPrincipal; /api/state/${tenant} tells where the tenant is.`,
      },
    ],
  });
}
