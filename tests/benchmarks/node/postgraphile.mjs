// PostGraphile 5 on the tables as they are: node postgraphile.mjs ADDRESS_OF_THE_DATABASE. Prints its port.
import { createServer } from "node:http";
import { PgSimplifyInflectionPreset } from "@graphile/simplify-inflection";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { PostGraphileConnectionFilterPreset } from "postgraphile-plugin-connection-filter";

const preset = {
  extends: [PostGraphileAmberPreset, PgSimplifyInflectionPreset, PostGraphileConnectionFilterPreset],
  pgServices: [makePgService({ connectionString: process.argv[2], schemas: ["public"] })],
  grafserv: { graphiql: false, websockets: false, watch: false },
  grafast: { explain: false },
};
const made = postgraphile(preset);
const served = made.createServ(grafserv);
const server = createServer();
await served.addTo(server);
if (process.argv[3] === "--schema") {
  const { printSchema } = await import("graphql");
  const text = printSchema((await made.getSchemaResult()).schema);
  process.stdout.write(`${text}\n`, () => process.exit()); // not before a pipe has taken all of it
} else {
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));
}
