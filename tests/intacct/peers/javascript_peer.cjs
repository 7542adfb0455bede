// Drives Sage's own npm client `@intacct/intacct-sdk`, unmodified, and prints what it saw as JSON.
//
// The client goes only to hosts under intacct.com, over http as well as https; so it is given such a name, and in
// this process that name is this machine.
"use strict";
const dns = require("node:dns");
dns.lookup = (host, options, callback) => {
  const done = typeof options === "function" ? options : callback;
  const all = typeof options === "object" && options.all;
  return all ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4);
};

const { parseArgs } = require("node:util");
const names = ["endpoint", "sender-id", "sender-password", "company-id", "user-id", "password", "start", "end", "fields"];
const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: Object.fromEntries(names.map((name) => [name, { type: "string", default: "" }])),
});
const sdk = require("@intacct/intacct-sdk");
const { Filter, AndOperator } = require("@intacct/intacct-sdk/dist/Functions/Common/NewQuery/QueryFilter");
const { SelectBuilder } = require("@intacct/intacct-sdk/dist/Functions/Common/NewQuery/QuerySelect");
const { OrderBuilder } = require("@intacct/intacct-sdk/dist/Functions/Common/NewQuery/QueryOrderBy");
const common = sdk.Functions.Common;

async function signedIn(password) {
  const config = new sdk.ClientConfig();
  config.endpointUrl = given.endpoint.replace("127.0.0.1", "sandbox.intacct.com");
  config.senderId = given["sender-id"];
  config.senderPassword = given["sender-password"];
  config.companyId = given["company-id"];
  config.userId = given["user-id"];
  config.userPassword = password;
  return new sdk.OnlineClient(await sdk.SessionProvider.factory(config));
}

function query(objectName, fields, filter, pageSize) {
  const made = new common.NewQuery.Query();
  made.fromObject = objectName;
  made.selectFields = new SelectBuilder().addFields(fields).selects;
  made.orderBy = new OrderBuilder().addAscending("RECORDNO").orders;
  made.filter = filter;
  made.pageSize = pageSize;
  return made;
}

async function pages(client, objectName, fields, filters, pageSize, each) {
  for (let last = null; ; ) {
    const conditions = last === null ? filters : [...filters, new Filter("RECORDNO").greaterThan(last)];
    const filter = conditions.length > 1 ? new AndOperator(conditions) : conditions[0];
    const result = (await client.execute(query(objectName, fields, filter, pageSize))).getResult();
    result.data.forEach(each);
    if (!result.numRemaining) return;
    last = result.data[result.data.length - 1]["RECORDNO"];
  }
}

async function listed(client, objectName, field) {
  const found = [];
  await pages(client, objectName, ["RECORDNO", field], [], 3, (row) => found.push(String(row[field])));
  return found;
}

async function failure(act) {
  try {
    await act();
  } catch (error) {
    return { name: error.constructor.name, text: String(error.message) + " " + (error.errors || []).join(" ") };
  }
  return { name: "", text: "" };
}

const window = () => new Filter("ENTRY_DATE").between(given.start, given.end);

async function exercise() {
  const client = await signedIn(given.password);
  const lines = [];
  const fields = ["RECORDNO", "ENTRY_DATE", "ACCOUNTNO", "AMOUNT"];
  await pages(client, "GLDETAIL", fields, [window()], 4, (row) => lines.push(fields.map((field) => String(row[field]))));
  const read = new common.Read();
  read.objectName = "GLACCOUNT";
  read.fields = ["RECORDNO", "TITLE"];
  read.keys = [11];
  const one = (await client.execute(read)).getResult().data[0];
  return {
    accounts: await listed(client, "GLACCOUNT", "ACCOUNTNO"),
    entities: await listed(client, "LOCATIONENTITY", "LOCATIONID"),
    lines: lines.sort(),
    one,
    unknown: await failure(() => client.execute(query("NOSUCHOBJECT", ["RECORDNO"], undefined, 1))),
    wrong_password: await failure(() => signedIn("not-the-password")),
  };
}

async function detail() {
  const client = await signedIn(given.password);
  const started = process.hrtime.bigint();
  let rows = 0;
  await pages(client, "GLDETAIL", given.fields.split(","), [window()], 2000, () => { rows += 1; });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  return { rows, seconds, peak_kib: process.resourceUsage().maxRSS };
}

(positionals[0] === "exercise" ? exercise() : detail())
  .then((answer) => { console.log(JSON.stringify(answer)); process.exit(0); })
  .catch((error) => { console.error(error); process.exit(1); });
