// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

// Calls the real clients; prints one JSON object per line: {call, result} or {call, status, error}.
// With "loop": true a call is repeated with the cursor of its answer, as the clients' documentation
// shows it, and its result is the list of all answers.
const [baseUrl, token] = process.argv.slice(2);
const { Client } = require("@upstash/workflow");
const { Client: QStash } = require("@upstash/qstash");
console.error = () => {};

const workflow = new Client({ baseUrl, token, retry: false, devMode: false }).dlq;
const qstash = new QStash({ baseUrl, token, retry: false, devMode: false }).dlq;

async function all(dlq, method, request) {
  const answers = [];
  let cursor;
  do {
    const answer = await dlq[method]({ ...request, cursor });
    answers.push(answer);
    cursor = answer.cursor;
  } while (cursor && answers.length < 100);
  return answers;
}

async function main() {
  const lines = require("fs").readFileSync(0, "utf8").trim().split("\n");
  for (const line of lines) {
    const { client, method, args, loop } = JSON.parse(line);
    const call = `${client}.${method}`;
    const dlq = client === "workflow" ? workflow : qstash;
    try {
      const result = loop ? await all(dlq, method, args[0]) : await dlq[method](...args);
      console.log(JSON.stringify({ call, result: result === undefined ? null : result }));
    } catch (e) {
      console.log(JSON.stringify({ call, status: e.status ?? 0, error: String(e.message) }));
    }
  }
}
main();
