export const usage = `Usage: npm run --silent config -- export [--file <file>]
       npm run --silent config -- plan --file <file> [--json]
       npm run --silent config -- apply --file <file> [--json]

  export   writes connectors and connections with their mappings, by names; secrets as \${env:NAME}
  plan     says what applying the file would make and change; stores nothing
  apply    makes it so, each connection whole or not at all; activates and deletes nothing

  --file   the YAML file; export without it writes to standard output
  --json   the answer as JSON
  --url    where the API is, e.g. https://sync.example.com; else ERP_SYNC_URL
  --key    an admin key; else ERP_SYNC_KEY, which stays out of the shell's history
  --demo   URL and key of npm start in this checkout, while it runs (with --state DIR: ERP_SYNC_STATE=DIR)
  --help   this

A file names a secret by a variable, \${env:NAME}, whose value is put in its place before anything is sent; a secret that
it leaves out stays as it is stored. The file is described by docs/config.schema.json and docs/config.md.

Exit codes: 0 nothing differs, or all is done; 1 failed, refused or not done in time; 2 wrong use; 3 plan: something differs.`;
