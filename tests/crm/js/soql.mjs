/** Tells of each query on standard input, a JSON array, whether the parser from npm accepts it. */

import { readFileSync } from "node:fs";

import { isQueryValid } from "@jetstreamapp/soql-parser-js";

const queries = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(queries.map((query) => isQueryValid(query))));
