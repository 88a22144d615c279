export const usage = `Usage: npm run tenant -- create --stage <stage> --crm-context <key> [--table <name>] [--endpoint-url <url>]
       npm run tenant -- delete --stage <stage> --tenant <id> [--yes] [--table <name>] [--endpoint-url <url>]

  --stage         dev, prod or local: the tenant is in the table erp-sync-<stage>
  --table         where the stage's data is since a restore (docs/deploy.md)
  --crm-context   the CRM system that the tenant is, e.g. Cust12345; one tenant per context
  --tenant        the id of the tenant, which is deleted with all that it has, at once and for good
  --yes           do not ask for the CRM context to be typed
  --endpoint-url  another AWS endpoint than the region's own, e.g. an emulator's

Account and region come from your AWS credentials. A new key goes to standard output, all else to standard error.
An interrupted delete goes on when the same command is given again.`;
