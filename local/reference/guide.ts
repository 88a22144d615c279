/** What is the same for all operations, for somebody who writes a client. */
export const guide = `Keeps companies, persons and projects of a CRM in agreement with actors of ERP systems.

**Who calls.** \`Authorization: Bearer esk_…\`: an API key of a tenant. The tenant is that of the key, and nothing in path, query or body names another; a thing of another tenant is not found. A key has a role: \`admin\` sets up, \`service\` links, triggers and reads. A session has that of its key, or of its user: \`user\` is a user of the CRM, who reaches what belongs to connections in whose scope they are; all else is not found.

**Errors** are \`application/problem+json\` (RFC 9457). Decide by \`type\`, a stable word; \`detail\` and \`errors\` are for people. All faults of a request are named at once. A path that is not in this document is 404, a method that a path does not have is 405 with \`Allow\`. API Gateway itself answers 401 where there is no \`Authorization\` header, 429 above the rate of the whole service, and 503 where a function cannot be reached, each as \`{"message": "…"}\`.

**Lists** answer \`{items, nextCursor?}\`. Send \`nextCursor\` back as \`cursor\` with the same filter until there is none; a page may have fewer items than \`limit\`, even none, and not be the last.

**Changes.** Answers of things that are set up carry an \`ETag\`; send it as \`If-Match\` when you change or delete the thing: 428 without it, 412 when somebody changed it since. \`If-Match: *\` means whatever is there.

**Retries.** Send an \`Idempotency-Key\` with a POST and repeat it when in doubt: for 24 hours the same key with the same request gives the same answer (\`Idempotent-Replayed: true\`), with another request 409. What was refused and changed nothing is not kept: its key is free for the corrected request.

**Work that takes longer** answers 202 with a sync run: follow \`Location\` until \`endedAt\` is there.

**Secrets** go in and never come out: they read as \`{"set": true}\`, and sending that keeps what is stored.

**Forms.** JSON in UTF-8, at most 1 MB and 20 levels deep; properties that are not named here are refused. Times are ISO 8601 in UTC. New properties may come to answers, and new words to their lists of words: pass over what you do not know.`;
