export const usage = `Usage: npm run bench -- [options]

Measures what the engine costs and how fast it is, and prints it; without options all of it.

  --only PART                 engine, calls, latency, client, lanes, bundles, cost; may be given more than once
  --report                    print the goals, too, with what was, must be and is
  --check                     fail where a count or ratio is worse than bench/baseline.json by more than a fifth
  --update                    write bench/baseline.json, of the parts that were measured
  --help                      this text`;
