// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

// Calls the real clients; prints one JSON object per line: {call, result} or {call, status, error}.
const [baseUrl, token] = process.argv.slice(2);
const { Client } = require("@upstash/workflow");
const { Client: QStash } = require("@upstash/qstash");
console.error = () => {};

const workflow = new Client({ baseUrl, token, retry: false, devMode: false }).dlq;
const qstash = new QStash({ baseUrl, token, retry: false, devMode: false }).dlq;

async function main() {
  const lines = require("fs").readFileSync(0, "utf8").trim().split("\n");
  for (const line of lines) {
    const { client, method, args } = JSON.parse(line);
    const call = `${client}.${method}`;
    try {
      const result = await (client === "workflow" ? workflow : qstash)[method](...args);
      console.log(JSON.stringify({ call, result: result === undefined ? null : result }));
    } catch (e) {
      console.log(JSON.stringify({ call, status: e.status ?? 0, error: String(e.message) }));
    }
  }
}
main();
