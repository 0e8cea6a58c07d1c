// Mercurius 16 with its JIT and loaders: node mercurius.mjs ADDRESS_OF_THE_DATABASE. Prints its port.
import Fastify from "fastify";
import mercurius from "mercurius";
import pg from "pg";

pg.types.setTypeParser(20, Number); // milliseconds and counts: all of them are safe as numbers
const pool = new pg.Pool({ connectionString: process.argv[2] });
const rows = async (name, text, values) => (await pool.query({ name, text, values })).rows;
const WORKSPACE = "main";
const encoded = (type, id) => Buffer.from(`${type}:${WORKSPACE}:${id}`).toString("base64url");
const decoded = (id) => Buffer.from(id, "base64url").toString().split(":")[2];
const instant = (milliseconds) => (milliseconds === null ? null : new Date(milliseconds).toISOString());

const schema = `
  scalar DateTime
  scalar PhoneNumber
  input DateTimeRange { from: DateTime to: DateTime }
  input CallFilter { startedAt: DateTimeRange }
  input AgentFilter { ids: [ID!] }
  type Query {
    call(id: ID!): Call
    calls(first: Int, filter: CallFilter): CallConnection!
    agents(first: Int, filter: AgentFilter): AgentConnection!
    callCounts(phoneNumbers: [PhoneNumber!]!, filter: CallFilter): [CallCount!]!
  }
  type CallConnection { nodes: [Call!]! }
  type AgentConnection { nodes: [Agent!]! }
  type Call {
    id: ID! startedAt: DateTime! endedAt: DateTime direction: String! outcome: String! durationSeconds: Int
    talkSeconds: Int phoneNumber: PhoneNumber dialedNumber: PhoneNumber queueName: String agent: Agent contact: Contact
  }
  type Agent { id: ID! name: String calls(first: Int): CallConnection! }
  type Contact { id: ID! name: String }
  type CallCount { phoneNumber: PhoneNumber total: Int! inbound: Int! outbound: Int! internal: Int! }
`;

const COLUMNS = `id, started_at AS "startedAt", ended_at AS "endedAt", direction, outcome, phone_number AS "phoneNumber",
  duration_seconds AS "durationSeconds", talk_seconds AS "talkSeconds", dialed_number AS "dialedNumber",
  queue_name AS "queueName", agent_id, contact_id`;
const between = ({ from, to }) => [Date.parse(from), Date.parse(to)];
const byId = async (name, table, keys) => {
  const text = `SELECT id, name FROM ${table} WHERE workspace_id = '${WORKSPACE}' AND id = ANY($1)`;
  return new Map((await rows(name, text, [keys])).map((row) => [row.id, row]));
};

const resolvers = {
  Query: {
    call: async (_, { id }) =>
      (await rows("call", `SELECT ${COLUMNS} FROM calls WHERE workspace_id = '${WORKSPACE}' AND id = $1`, [decoded(id)]))[0],
    calls: async (_, { first, filter }) => ({
      nodes: await rows(
        "calls",
        `SELECT ${COLUMNS} FROM calls WHERE workspace_id = '${WORKSPACE}' AND started_at >= $1 AND started_at < $2
         ORDER BY started_at DESC, id DESC LIMIT $3`,
        [...between(filter.startedAt), first],
      ),
    }),
    agents: async (_, { first, filter }) => ({
      nodes: await rows(
        "agents",
        `SELECT id, name FROM agents WHERE workspace_id = '${WORKSPACE}' AND id = ANY($1) ORDER BY name_key, id LIMIT $2`,
        [filter.ids.map(decoded), first],
      ),
    }),
    callCounts: async (_, { phoneNumbers, filter }) => {
      const text = `SELECT phone_number, direction, count(*)::int AS calls FROM calls WHERE workspace_id = '${WORKSPACE}'
        AND phone_number = ANY($1) AND started_at >= $2 AND started_at < $3 GROUP BY phone_number, direction`;
      const found = new Map(phoneNumbers.map((one) => [one, { INBOUND: 0, OUTBOUND: 0, INTERNAL: 0 }]));
      for (const row of await rows("counts", text, [phoneNumbers, ...between(filter.startedAt)]))
        found.get(row.phone_number)[row.direction] = row.calls;
      return phoneNumbers.map((phoneNumber) => {
        const { INBOUND: inbound, OUTBOUND: outbound, INTERNAL: internal } = found.get(phoneNumber);
        return { phoneNumber, total: inbound + outbound + internal, inbound, outbound, internal };
      });
    },
  },
  Call: {
    id: (call) => encoded("Call", call.id),
    startedAt: (call) => instant(call.startedAt),
    endedAt: (call) => instant(call.endedAt),
  },
  Agent: { id: (agent) => encoded("Agent", agent.id) },
  Contact: { id: (contact) => encoded("Contact", contact.id) },
};

// Without the loaders' own cache, whose keys are whole rows as JSON: the keys are made unique here, which is quicker.
const uncached = (loader) => ({ loader, opts: { cache: false } });
const unique = (queries, column) => [...new Set(queries.map(({ obj }) => obj[column]))];
const loaders = {
  Call: {
    agent: uncached(async (queries) => {
      const found = await byId("agents by id", "agents", unique(queries, "agent_id"));
      return queries.map(({ obj }) => found.get(obj.agent_id) ?? null);
    }),
    contact: uncached(async (queries) => {
      const found = await byId("contacts by id", "contacts", unique(queries, "contact_id"));
      return queries.map(({ obj }) => found.get(obj.contact_id) ?? null);
    }),
  },
  Agent: {
    calls: uncached(async (queries) => {
      const text = `SELECT page.* FROM unnest($1::text[]) AS asked CROSS JOIN LATERAL (SELECT ${COLUMNS} FROM calls
        WHERE workspace_id = '${WORKSPACE}' AND agent_id = asked ORDER BY started_at DESC, id DESC LIMIT $2) AS page`;
      const found = new Map(queries.map(({ obj }) => [obj.id, []]));
      for (const row of await rows("calls of agents", text, [[...found.keys()], queries[0].params.first]))
        found.get(row.agent_id).push(row);
      return queries.map(({ obj }) => ({ nodes: found.get(obj.id) }));
    }),
  },
};

const app = Fastify();
app.register(mercurius, { schema, resolvers, loaders, jit: 1 });
await app.listen({ port: 0, host: "127.0.0.1" });
console.log(app.server.address().port);
