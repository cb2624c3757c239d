// SPDX-License-Identifier: GPL-3.0-or-later
// A bot that quotes both sides of one symbol, trades, and loses its connection now and then. Orders have a
// client_order_id before they are sent; what was not answered is sent again under it, and `since_seq` brings
// what happened meanwhile: nothing is lost and nothing is doubled.
//
// usage: node bot.mjs --url http://127.0.0.1:8001 --user NAME --password TEXT [--symbol DEMO]
//                     [--rounds 20] [--drops 3]
import { parseArgs } from "node:util";
import WebSocket from "ws";

const { values: options } = parseArgs({
  options: {
    url: { type: "string", default: "http://127.0.0.1:8001" },
    user: { type: "string" },
    password: { type: "string" },
    symbol: { type: "string", default: "DEMO" },
    rounds: { type: "string", default: "20" },
    drops: { type: "string", default: "3" },
  },
});
const base = options.url + "/api/v1";
let token;

async function call(method, path, body) {
  const headers = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = "Bearer " + token;
  const answer = await fetch(base + path, { method, headers, body: body && JSON.stringify(body) });
  const content = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${content.code}: ${content.message}`);
  return content.data;
}

const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

class Bot {
  sent = new Map(); // client_order_id -> body; chosen before anything is sent
  orders = new Map(); // client_order_id -> the order as last seen
  refused = new Map(); // client_order_id -> code
  executions = new Map(); // execution_id -> execution
  seq = {}; // channel -> the last seq seen
  replaying = new Set();
  cancelling = new Set();
  socket = null;

  learn(message) {
    const { type, channel } = message;
    if ((channel === "orders" || channel === "executions") && type !== "ack") {
      for (const order of message.orders ?? []) this.keep(order);
      for (const execution of message.executions ?? []) this.executions.set(execution.execution_id, execution);
      this.seq[channel] = Math.max(this.seq[channel] ?? 0, message.seq);
      if (type !== "update" && !message.more) this.replaying.delete(channel);
    } else if (type === "ack" && message.order) {
      this.keep(message.order);
      this.cancelling.delete(message.id);
    } else if (type === "error") {
      const again = ["OVERLOADED", "SHUTTING_DOWN"].includes(message.code);
      if (message.op === "order.place" && !again) this.refused.set(message.id, message.code);
      this.cancelling.delete(message.id);
    }
  }

  // Changes may arrive twice and out of turn; an order's version only grows.
  keep(order) {
    const known = this.orders.get(order.client_order_id);
    if (this.sent.has(order.client_order_id) && (!known || known.version <= order.version))
      this.orders.set(order.client_order_id, order);
  }

  unanswered() {
    return [...this.sent.keys()].filter((name) => !this.orders.has(name) && !this.refused.has(name));
  }

  send(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  place(name, body) {
    this.sent.set(name, { ...body, client_order_id: name });
    this.sendAgain(name);
  }

  sendAgain(name) {
    this.send({ op: "order.place", id: name, ...this.sent.get(name) });
  }

  cancel(name) {
    const order = this.orders.get(name);
    if (!order?.is_active) return;
    this.cancelling.add("cancel " + name);
    this.send({ op: "order.cancel", id: "cancel " + name, order_id: order.order_id });
  }

  // Connects, learns what happened since, and sends again what nobody has answered.
  async connect() {
    const socket = new WebSocket(options.url.replace(/^http/, "ws") + "/ws/v1", {
      headers: { Authorization: "Bearer " + token },
    });
    this.socket = socket;
    socket.on("message", (data) => this.learn(JSON.parse(data)));
    socket.on("error", () => {}); // `close` follows
    await new Promise((open, lost) => socket.once("open", open).once("close", lost));
    this.cancelling.clear();
    for (const channel of ["orders", "executions"]) {
      this.replaying.add(channel);
      this.send({ op: "subscribe", id: channel, channel, since_seq: this.seq[channel] });
    }
    await this.until(() => this.replaying.size === 0);
    for (const name of this.unanswered()) this.sendAgain(name);
    await this.until(() => this.unanswered().length === 0);
  }

  // Waits for something; connects again when the connection is lost meanwhile.
  async until(reached, milliseconds = 20_000) {
    const end = Date.now() + milliseconds;
    while (!reached() && Date.now() < end) {
      if (this.socket.readyState !== WebSocket.OPEN) return this.connect();
      await sleep(2);
    }
  }

  // Every order sent is there once, or was refused; what traded is what was told of trades.
  async check() {
    const traded = new Map();
    for (const { order_id, quantity } of this.executions.values())
      traded.set(order_id, (traded.get(order_id) ?? 0) + Number(quantity));
    const problems = [];
    for (const name of this.sent.keys()) {
      const found = await call("GET", "/orders?client_order_id=" + encodeURIComponent(name));
      if (found.total_count !== (this.refused.has(name) ? 0 : 1)) problems.push(`${name}: ${found.total_count} orders`);
      for (const order of found.orders) {
        if (Math.abs(Number(order.traded_quantity) - (traded.get(order.order_id) ?? 0)) > 1e-9)
          problems.push(`${name}: traded ${order.traded_quantity}, told of ${traded.get(order.order_id) ?? 0}`);
      }
    }
    return problems;
  }
}

token = (await call("POST", "/auth/login", { username: options.user, password: options.password })).access_token;
const instrument = await call("GET", "/instruments/" + options.symbol);
const decimals = instrument.price_scale;
const tick = Number(instrument.tick_table.at(-1).tick);
const middle = Number(instrument.reference);
const run = `node-${process.pid}-${Date.now()}`;
const rounds = Number(options.rounds);
const dropAt = new Set(Array.from({ length: Number(options.drops) }, (_, i) => 1 + (((i + 1) * (rounds - 1)) / (Number(options.drops) + 1)) | 0));

const bot = new Bot();
await bot.connect();
let quotes = [];
for (let round = 0; round < rounds; ++round) {
  quotes.forEach((name) => bot.cancel(name));
  await bot.until(() => bot.cancelling.size === 0, 5_000);
  const offset = tick * (2 + (round % 5));
  quotes = [`${run}-${round}-bid`, `${run}-${round}-ask`];
  bot.place(quotes[0], { symbol: options.symbol, side: "BUY", quantity: "1", price: (middle - offset).toFixed(decimals) });
  bot.place(quotes[1], { symbol: options.symbol, side: "SELL", quantity: "1", price: (middle + offset).toFixed(decimals) });
  if (dropAt.has(round)) {
    await sleep(round % 3); // before, while or after the orders are answered
    bot.socket.terminate();
    await bot.until(() => false, 5);
  }
  await bot.until(() => bot.unanswered().length === 0, 5_000);
  await sleep(50);
}
await call("DELETE", "/orders?symbol=" + options.symbol);
await bot.until(() => ![...bot.orders.values()].some((order) => order.is_active), 2_000);
await sleep(200);
const problems = await bot.check();
console.log(
  `${bot.sent.size} orders, ${bot.executions.size} executions, ${dropAt.size} drops, ` +
    `${bot.refused.size} refused, ${problems.length} wrong`,
);
problems.forEach((problem) => console.log("WRONG", problem));
bot.socket.close();
process.exitCode = problems.length ? 1 : 0;
