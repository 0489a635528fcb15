// Records what HTTP servers of this Node process are asked and answer, for `driftcheck traffic record --node`.
// Loaded with NODE_OPTIONS=--require; it must never change what the program does, and never throw.
"use strict";

const folder = process.env.DRIFTCHECK_RECORD_FOLDER;
if (folder && !globalThis[Symbol.for("driftcheck.preload")]) {
  globalThis[Symbol.for("driftcheck.preload")] = true;
  const fs = require("node:fs");
  const http = require("node:http");
  const https = require("node:https");
  const path = require("node:path");
  const Module = require("node:module");
  const file = path.join(folder, `${process.pid}-${require("node:worker_threads").threadId}.ndjson`);
  const limit = Number(process.env.DRIFTCHECK_RECORD_LIMIT) || 1 << 20;
  const state = { test: "" };

  const gathering = () => {
    const pieces = [];
    let size = 0;
    let cut = false;
    return {
      add(chunk, encoding) {
        if (cut || chunk === null || chunk === undefined || typeof chunk === "function") return;
        const bytes = Buffer.isBuffer(chunk)
          ? Buffer.from(chunk) // the program may use the memory again
          : Buffer.from(chunk, typeof encoding === "string" ? encoding : undefined);
        size += bytes.length;
        cut = size > limit;
        if (cut) pieces.length = 0;
        else pieces.push(bytes);
      },
      cut() { cut = true; },
      text: () => (cut ? null : Buffer.concat(pieces).toString("base64")),
    };
  };

  const quietly = (action) => { try { action(); } catch { /* recording never breaks a program */ } };

  const pairsOf = (raw) => {
    const pairs = [];
    for (let i = 0; i + 1 < raw.length; i += 2) pairs.push([raw[i], raw[i + 1]]);
    return pairs;
  };

  // `_header` is the block as it was sent; getHeaders() lacks what writeHead() was given.
  const headersOf = (response) => {
    const lines = String(response._header || "").split("\r\n").slice(1).filter(Boolean);
    if (!lines.length) {
      return Object.entries(response.getHeaders()).flatMap(([name, value]) =>
        [].concat(value).map((one) => [name, String(one)]));
    }
    return lines.map((line) => {
      const at = line.indexOf(":");
      return [line.slice(0, at), line.slice(at + 1).trim()];
    });
  };

  const watch = (request, response, scheme) => {
    const sent = gathering();
    const got = gathering();
    const time = Date.now() / 1000;
    const test = state.test;
    let written = false;
    const write = () => {
      if (written || !(response.headersSent || response._header)) return;
      written = true;
      const host = String(request.headers.host || "127.0.0.1").replace(/^(127\.0\.0\.1|localhost|\[::1?\]):\d+$/, "$1");
      const line = {
        time, test, consumer: process.env.npm_package_name || "",
        method: request.method, url: `${scheme}://${host}${request.url0}`,
        requestHeaders: pairsOf(request.rawHeaders), sent: sent.text(),
        status: response.statusCode, headers: headersOf(response), got: got.text(),
      };
      fs.appendFileSync(file, JSON.stringify(line) + "\n", { mode: 0o600 });
    };
    Object.defineProperty(request, "url0", { value: request.url }); // frameworks rewrite `url`
    const push = request.push;
    request.push = function (chunk, encoding) {
      quietly(() => sent.add(chunk, encoding));
      return push.apply(this, arguments);
    };
    const { write: writeBody, end } = response;
    let inside = false; // end(chunk) may call write(chunk)
    const around = (original, after) => function (chunk, encoding) {
      const outer = !inside;
      if (outer) quietly(() => got.add(chunk, encoding));
      inside = true;
      try {
        return original.apply(this, arguments);
      } finally {
        if (outer) inside = false;
        if (outer && after) quietly(after);
      }
    };
    response.write = around(writeBody);
    response.end = around(end, write);
    response.once("close", () => quietly(() => { got.cut(); write(); }));
  };

  for (const [module, scheme] of [[http, "http"], [https, "https"]]) {
    const emit = module.Server.prototype.emit;
    module.Server.prototype.emit = function (event, request, response) {
      if (event === "request") quietly(() => watch(request, response, scheme));
      return emit.apply(this, arguments);
    };
  }

  // Mocha sets these globals before it loads tests: a hook of the root suite tells each test's name.
  for (const [name, each] of [["beforeEach", true], ["setup", true]]) {
    let value = globalThis[name];
    let told = false;
    Object.defineProperty(globalThis, name, {
      configurable: true,
      enumerable: true,
      get: () => value,
      set(given) {
        value = given;
        if (told || !each || typeof given !== "function") return;
        told = true;
        quietly(() => given(function () {
          state.test = (this && this.currentTest && this.currentTest.fullTitle()) || "";
        }));
      },
    });
  }

  // Jest runs tests in a sandbox, and tells its environment of each: by an event of jest-circus.
  const named = new WeakSet();
  const nameTests = (environment) => {
    if (typeof environment !== "function" || named.has(environment)) return;
    named.add(environment);
    const other = environment.prototype.handleTestEvent;
    environment.prototype.handleTestEvent = async function (event) {
      if (event.name === "test_start") {
        const names = [];
        for (let one = event.test; one && one.parent; one = one.parent) names.unshift(one.name);
        state.test = names.join(" ");
      } else if (event.name === "test_done") state.test = "";
      return other && other.apply(this, arguments);
    };
  };
  const load = Module._load;
  Module._load = function (request) {
    const loaded = load.apply(this, arguments);
    if (typeof request === "string" && request.includes("jest-environment")) {
      quietly(() => nameTests(loaded.TestEnvironment || loaded.default || loaded));
    }
    return loaded;
  };
}
