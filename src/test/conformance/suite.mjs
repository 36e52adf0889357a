// Runs the public conformance suite against the fixture server and prints a table: all that revisions
// 2025-11-25 and 2026-07-28 require, what the suite only reports, and every scenario of the tasks extension.
// Then the gateway's sessions with upstreams as the client, in all scenarios for clients but those of OAuth.
//
//   npm test                                    starts the server, runs everything, stops it
//   npm test -- --gateway                       the same through a Longhaul without tools, whose upstream is the fixture server
//   npm test -- --gateway=stdio                 over standard input and output instead of HTTP
//   LONGHAUL_URL=http://127.0.0.1:8090/mcp npm test          against one that runs already
//   npm test -- tasks-lifecycle ping            only these scenarios
//
// A scenario has passed when its checks.json is there and says neither FAILURE nor WARNING; one that threw
// leaves none. What skips itself has not passed, except for the one that the suite always skips.
// What cannot pass through a gateway is named in gateway.json with the reason. If it passes all the same, that is a failure, too.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const HERE = import.meta.dirname;
const ROOT = join(HERE, "../../..");
const RESULTS = join(ROOT, "target/conformance");
const SUITE = join(HERE, "node_modules/@modelcontextprotocol/conformance/dist/index.js");
const REVISIONS = ["2025-11-25", "2026-07-28"];
const MAY_SKIP = new Set([
  "tasks-status-notifications",
  // They have checks for capabilities and requests that a client need not have.
  "request-metadata",
  "http-standard-headers",
]);
const CLIENT = {
  "2025-11-25": ["initialize", "tools_call", "elicitation-sep1034-client-defaults", "sse-retry", "json-schema-2020-12-preservation"],
  "2026-07-28": [
    "tools_call",
    "request-metadata",
    "sep-2322-client-request-state",
    "http-standard-headers",
    "http-custom-headers",
    "http-invalid-tool-headers",
    "json-schema-ref-no-deref",
    "json-schema-2020-12-preservation",
  ],
};
const START_LIMIT = 600_000;
const SCENARIO_LIMIT = 60_000;

const only = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const gateway = process.argv.includes("--gateway") ? "http" : process.argv.includes("--gateway=stdio") ? "stdio" : null;
const cannotPass = gateway ? JSON.parse(readFileSync(join(HERE, "gateway.json"), "utf8"))[gateway] : {};
const servers = [];
let failed = 0;
try {
  const url = process.env.LONGHAUL_URL ?? (await start());
  await warmUp(url);
  for (const revision of only.length > 0 ? [] : REVISIONS) {
    const out = join(RESULTS, revision);
    rmSync(out, { recursive: true, force: true });
    await suite(["server", "--url", url, "--requirements", revision, "-o", out]);
    for (const [kind, scenarios] of Object.entries(await scenariosOf(revision))) {
      report(`${revision} ${kind}`, scenarios, out);
    }
  }
  for (const scenario of only) {
    const out = join(RESULTS, "one");
    rmSync(out, { recursive: true, force: true });
    await suite(["server", "--url", url, "--scenario", scenario, "-o", out]);
    report("", [scenario], out);
  }
  if (only.length === 0 && !gateway) await clients();
} finally {
  for (const server of servers.reverse()) {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill("SIGTERM");
      await once(server, "exit");
    }
  }
}
console.log(failed === 0 ? "everything passed" : `${failed} FAILED`);
process.exitCode = failed === 0 ? 0 : 1;

function report(title, scenarios, out, prefix = "server-") {
  const results = scenarios.map((scenario) => [scenario, problemsOf(scenario, out, prefix), cannotPass[scenario]]);
  const passed = results.filter(([, lines]) => lines.length === 0);
  console.log(`\n${title}: ${passed.length}/${scenarios.length}`);
  for (const [scenario, lines, reason] of results) {
    const unexpected = (lines.length === 0) === (reason !== undefined);
    if (unexpected) failed += 1;
    console.log(`  ${unexpected ? "FAILED" : reason ? "cannot" : "passed"}  ${scenario}`);
    if (reason) console.log(`          ${unexpected ? "passed, although gateway.json says: " : ""}${reason}`);
    lines.forEach((line) => console.log(`          ${line}`));
  }
}

async function clients() {
  const made = spawn(join(HERE, "client"), { stdio: "inherit" });
  const [code] = await once(made, "exit");
  if (code !== 0) throw new Error("the client could not be made");
  for (const [revision, scenarios] of Object.entries(CLIENT)) {
    const out = join(RESULTS, `client-${revision}`);
    rmSync(out, { recursive: true, force: true });
    for (const scenario of scenarios) {
      await suite(["client", "--command", join(RESULTS, "client"), "--scenario", scenario, "--spec-version", revision, "-o", out]);
    }
    report(`${revision} as the client`, scenarios, out, "");
  }
}

function problemsOf(scenario, out, prefix) {
  let names;
  try {
    names = readdirSync(out).filter((name) => name.replace(/-\d{4}-\d\d-\d\dT.*/, "") === `${prefix}${scenario}`);
  } catch {
    names = [];
  }
  if (names.length === 0) return ["it was not run"];
  return names.flatMap((name) => {
    let checks;
    try {
      checks = JSON.parse(readFileSync(join(out, name, "checks.json"), "utf8"));
    } catch {
      return ["there is no checks.json: the scenario threw"];
    }
    if (!checks.some((check) => check.status !== "INFO" && (prefix !== "" || check.status !== "SKIPPED"))) return ["it checked nothing"];
    return checks
      .filter((check) => ["FAILURE", "WARNING"].includes(check.status) || (check.status === "SKIPPED" && !MAY_SKIP.has(scenario)))
      .map((check) => `${check.status} ${check.id}: ${check.errorMessage ?? check.name ?? ""}`);
  });
}

/** The server's scenarios of a revision, from the suite itself: { required, reported, tasks }. */
async function scenariosOf(revision) {
  const lines = (await suite(["list", "--requirements", revision])).split("\n");
  const required = [];
  const rest = [];
  let section = "";
  for (const line of lines) {
    if (/^\S/.test(line)) section = line;
    const name = line.match(/^ {2,}- ([\w/-]+)(?: \[(\w+)\])?$/);
    if (!name) continue;
    if (section.startsWith("Server scenarios")) required.push(name[1]);
    else if (section.startsWith("Run and reported") && name[2] === "server") rest.push(name[1]);
  }
  const tasks = rest.filter((name) => name.startsWith("tasks-"));
  const reported = rest.filter((name) => !name.startsWith("tasks-"));
  return tasks.length > 0 ? { required, reported, tasks } : { required, reported };
}

async function suite(args) {
  const run = spawn(process.execPath, [SUITE, ...args, ...(args[0] !== "list" ? ["--timeout", `${SCENARIO_LIMIT}`] : [])], {
    stdio: ["ignore", "pipe", args[0] === "client" ? "ignore" : "inherit"],
  });
  let output = "";
  run.stdout.on("data", (chunk) => (output += chunk));
  await once(run, "close");
  return output;
}

/** Starts the fixture server, and before it a gateway if one is to be tried; gives the URL for the suite. */
async function start() {
  const fixtures = await freePort();
  await serve("server", fixtures, []);
  if (!gateway) return mcp(fixtures);
  const fixture = "--longhaul.upstreams.fixtures";
  // Longhaul's own door makes the fixture server one that is started by a command; ./server sets the variables.
  const door = ["-XX:TieredStopAtLevel=1", "-cp", "${CLASS_PATH}", "dev.longhaul.LonghaulApplication", "stdio", "--url", mcp(fixtures)];
  const upstream =
    gateway === "http"
      ? [`${fixture}.url=${mcp(fixtures)}`]
      : [`${fixture}.command=\${JAVA}`, ...door.map((argument, i) => `${fixture}.args[${i}]=${argument}`)];
  const port = await freePort();
  await serve(`gateway-${gateway}`, port, [
    // It has no tools of its own; what the fixture server's settings say of its tools holds here as well.
    "--longhaul.tools.scan-packages=",
    "--longhaul.builtin.enabled=false",
    // A quick answer is never an event stream then, however slow the machine: one could not have the status of an error.
    "--longhaul.mcp.quiet=5s",
    ...upstream,
  ]);
  await upstreamIsKnown(port);
  return mcp(port);
}

function mcp(port) {
  return `http://127.0.0.1:${port}/mcp`;
}

async function serve(name, port, settings) {
  mkdirSync(RESULTS, { recursive: true });
  const file = join(RESULTS, `${name}.log`);
  const log = openSync(file, "w");
  const server = spawn(join(HERE, "server"), [`${port}`, ...settings], { stdio: ["ignore", log, log] });
  servers.push(server);
  const end = Date.now() + START_LIMIT;
  while (!(await answers(`http://127.0.0.1:${port}/actuator/health/readiness`))) {
    if (server.exitCode !== null || Date.now() > end) {
      throw new Error(`${name} did not start:\n${readFileSync(file, "utf8").slice(-4000)}`);
    }
    await sleep(300);
  }
}

async function upstreamIsKnown(port) {
  const end = Date.now() + START_LIMIT;
  for (;;) {
    const [upstream] = (await (await fetch(`http://127.0.0.1:${port}/api/v1/upstreams`)).json()).upstreams;
    if (upstream.tools.length > 0) return;
    if (Date.now() > end) throw new Error(`the upstream was not found: ${JSON.stringify(upstream)}`);
    await sleep(300);
  }
}

async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

// Some probes wait half a second only, and the first request of each kind loads classes.
async function warmUp(url) {
  for (let i = 0; i < 3; i++) {
    await post(url, "server/discover", {});
    await post(url, "tools/list", {});
    for (const name of ["test_simple_text", "test_tool_with_progress", "test_streaming_elicitation", "slow_compute"]) {
      await post(url, "tools/call", { name, arguments: name === "slow_compute" ? { seconds: 0 } : {} });
    }
    await post(url, "subscriptions/listen", { notifications: { toolsListChanged: true } });
  }
}

async function post(url, method, params) {
  const version = "2026-07-28";
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": version,
    "io.modelcontextprotocol/clientCapabilities": { elicitation: {}, extensions: { "io.modelcontextprotocol/tasks": {} } },
  };
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      "MCP-Protocol-Version": version,
      "Mcp-Method": method,
      ...(params.name ? { "Mcp-Name": params.name } : {}),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta } }),
  });
  const body = response.body.getReader();
  await body.read();
  await body.cancel();
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}
