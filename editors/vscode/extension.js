// Starts `slugline lsp` for the records and the site.yaml of every site in the workspace.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

const DOCUMENTS = [
  { scheme: "file", language: "markdown", pattern: "**/content/**" },
  { scheme: "file", language: "yaml", pattern: "**/site.yaml" },
];

let client;

function create() {
  const command = vscode.workspace.getConfiguration("slugline").get("command") || "slugline";
  const server = { command, args: ["lsp"] };
  return new LanguageClient("slugline", "Slugline", server, { documentSelector: DOCUMENTS });
}

async function start() {
  client = create();
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    vscode.window.showErrorMessage(
      `Slugline did not start: ${error.message}. Install it with pip install "slugline[lsp]",` +
        " and set slugline.command to the path of the program if it is not found.",
    );
  }
}

async function stop() {
  const running = client;
  client = undefined;
  if (running) await running.stop();
}

async function restart() {
  await stop();
  await start();
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand("slugline.restart", restart),
    vscode.workspace.onDidChangeConfiguration((event) =>
      event.affectsConfiguration("slugline.command") ? restart() : undefined,
    ),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
