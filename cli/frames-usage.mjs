export const usage = `Usage: aws logs tail … | npm run --silent frames -- [--maps DIR]

Copies log lines from its input to its output, with the places in bundles said as files and lines of the sources.

  --maps DIR  where the source maps are (default: build/maps, where a synthesis leaves them)`;
