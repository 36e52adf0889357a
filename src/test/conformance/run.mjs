// Runs scenarios of the public conformance suite against the packaged jar (LONGHAUL_JAR) and prints a
// table. Only those that need no fixture: the others come with the conformance server of the test
// sources. A scenario passes when its checks.json is there and says neither FAILURE nor WARNING;
// one that threw leaves no checks.json, which is a failure.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SCENARIOS = [
  "server-initialize",
  "ping",
  "tools-list",
  "server-session-lifecycle",
  "server-sse-multiple-streams",
  "dns-rebinding-protection",
  "http-header-validation",
];
const SUITE = join(import.meta.dirname, "node_modules/@modelcontextprotocol/conformance/dist/index.js");
const START_LIMIT = 120_000;

const port = await freePort();
const work = mkdtempSync(join(tmpdir(), "longhaul-conformance-"));
const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, "bin/java") : "java";
const server = spawn(java, ["-jar", process.env.LONGHAUL_JAR, `--server.port=${port}`], {
  cwd: work,
  stdio: "ignore",
});
let failed = 0;
try {
  await ready(`http://127.0.0.1:${port}/actuator/health/readiness`);
  for (const scenario of SCENARIOS) {
    const out = join(work, scenario);
    const run = spawn(
      process.execPath,
      [SUITE, "server", "--url", `http://127.0.0.1:${port}/mcp`, "--scenario", scenario, "-o", out],
      { stdio: "ignore" },
    );
    await once(run, "exit");
    const bad = problems(out);
    if (bad.length > 0) failed++;
    console.log(`${bad.length === 0 ? "passed" : "FAILED"}  ${scenario}`);
    bad.forEach((line) => console.log(`        ${line}`));
  }
} finally {
  if (server.exitCode === null) {
    server.kill("SIGTERM");
    await once(server, "exit");
  }
  rmSync(work, { recursive: true, force: true });
}
console.log(`${SCENARIOS.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function problems(out) {
  let directories;
  try {
    directories = readdirSync(out);
  } catch {
    return ["the suite wrote nothing"];
  }
  if (directories.length === 0) return ["the suite wrote nothing"];
  return directories.flatMap((directory) => {
    let checks;
    try {
      checks = JSON.parse(readFileSync(join(out, directory, "checks.json"), "utf8"));
    } catch {
      return [`${directory} has no checks.json: the scenario threw`];
    }
    if (checks.length === 0) return [`${directory} checked nothing`];
    return checks
      .filter((check) => check.status === "FAILURE" || check.status === "WARNING")
      .map((check) => `${check.status} ${check.id}: ${check.errorMessage ?? ""}`);
  });
}

async function ready(url) {
  const end = Date.now() + START_LIMIT;
  while (Date.now() < end) {
    if (server.exitCode !== null) throw new Error("the server did not start");
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // not listening yet
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error(`the server was not ready within ${START_LIMIT} ms`);
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  return port;
}
