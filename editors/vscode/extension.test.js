// Tests the activation with stand-ins for VS Code and its client: run `node --test` in this folder.
"use strict";

const assert = require("node:assert");
const Module = require("node:module");
const { beforeEach, test } = require("node:test");

const clients = [];
const shown = [];
const commands = {};
let setting;
let fails = false;
let changed;

class LanguageClient {
  constructor(id, name, server, options) {
    Object.assign(this, { id, name, server, options, state: "new" });
    clients.push(this);
  }
  async start() {
    if (fails) throw new Error("spawn ENOENT");
    this.state = "running";
  }
  async stop() {
    this.state = "stopped";
  }
}

const vscode = {
  commands: { registerCommand: (name, run) => ((commands[name] = run), { dispose() {} }) },
  window: { showErrorMessage: (text) => shown.push(text) },
  workspace: {
    getConfiguration: (section) => ({
      get: (key) => (section === "slugline" && key === "command" ? setting : undefined),
    }),
    onDidChangeConfiguration: (run) => ((changed = run), { dispose() {} }),
  },
};

const load = Module._load;
Module._load = (request, ...rest) => {
  if (request === "vscode") return vscode;
  if (request === "vscode-languageclient/node") return { LanguageClient };
  return load(request, ...rest);
};
const extension = require("./extension.js");
const manifest = require("./package.json");

beforeEach(async () => {
  await extension.deactivate();
  clients.length = shown.length = 0;
  setting = undefined;
  fails = false;
});

const activate = async () => {
  const context = { subscriptions: [] };
  await extension.activate(context);
  return context;
};

test("it starts the server for records and site.yaml", async () => {
  const context = await activate();
  const [client] = clients;
  assert.deepStrictEqual(client.server, { command: "slugline", args: ["lsp"] });
  assert.strictEqual(client.state, "running");
  const languages = client.options.documentSelector.map((one) => `${one.language} ${one.pattern}`);
  assert.deepStrictEqual(languages, ["markdown **/content/**", "yaml **/site.yaml"]);
  assert.strictEqual(context.subscriptions.length, 2);
  await extension.deactivate();
  assert.strictEqual(client.state, "stopped");
});

test("it starts the program of the setting, again if that changes", async () => {
  setting = "/opt/venv/bin/slugline";
  await activate();
  assert.strictEqual(clients[0].server.command, "/opt/venv/bin/slugline");
  setting = "other";
  await changed({ affectsConfiguration: (name) => name === "editor.fontSize" });
  assert.strictEqual(clients.length, 1);
  await changed({ affectsConfiguration: (name) => name === "slugline.command" });
  assert.deepStrictEqual(clients.map((one) => one.state), ["stopped", "running"]);
  assert.strictEqual(clients[1].server.command, "other");
  await commands["slugline.restart"]();
  assert.strictEqual(clients.length, 3);
});

test("it says how to install a program that is missing", async () => {
  fails = true;
  await activate();
  assert.match(shown[0], /ENOENT.*pip install "slugline\[lsp\]"/s);
  await extension.deactivate();
});

test("the manifest names what the code registers", () => {
  const names = manifest.contributes.commands.map((one) => one.command);
  assert.deepStrictEqual(names, Object.keys(commands));
  // A workspace must not choose the program that is run.
  assert.strictEqual(manifest.contributes.configuration.properties["slugline.command"].scope, "machine");
  assert.strictEqual(manifest.capabilities.untrustedWorkspaces.supported, false);
});
