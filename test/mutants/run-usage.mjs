export const usage = `Usage: npm run test:mutants -- [options]

Breaks one rule of the engine at a time, in a copy of the tree, and sees that the tests named for it fail.

  --only ID     only these, or those that begin so; may be given more than once
  --list        print them, and try none
  --workers N   so many at a time (default: 2)
  --help        this text`;
