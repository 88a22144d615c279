// Comes before every entry of the npm scripts (node -r): Nodes that are too old could not even read those, but this.
'use strict';
if (Number(process.versions.node.split('.')[0]) < 20) {
  process.stderr.write(`Node 20 or newer is needed, but this is Node ${process.versions.node}.\n`);
  process.exit(1);
}
