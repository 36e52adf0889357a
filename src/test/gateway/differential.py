#!/usr/bin/env python3
"""Foreign MCP servers, called directly and through Longhaul: every answer must be equal as JSON, order of keys and digits of numbers included.

Usage: differential.py [--write] [NAME …]   with GATEWAY_NODE, GATEWAY_PYTHON and GATEWAY_LONGHAUL (a command) set by `run`

Each server is started twice for each client era, on separate but identical directories: once for a client of ours, once
(named in an mcp.json) for one Longhaul process, to which the same client speaks. What differs by chance is in MASKS, what
may differ is in DOCUMENTED; anything else fails.
"""

import concurrent.futures
import difflib
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import cases
from client import LEGACY, META, MODERN, Client, Http, Lost, Number, Sse, Stdio, plain, write

HERE = Path(__file__).parent
NODE, PYTHON = os.environ["GATEWAY_NODE"], os.environ["GATEWAY_PYTHON"]
MODULES = Path(os.environ["GATEWAY_MODULES"]) / "@modelcontextprotocol"
WORK = Path(tempfile.mkdtemp(prefix="gateway-diff-"))
# What a child of Longhaul gets, too.
ENV = {name: os.environ[name] for name in ("HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER") if name in os.environ}
LISTS = {"tools/list": "tools", "resources/list": "resources", "resources/templates/list": "resourceTemplates", "prompts/list": "prompts"}

# (server, what differs by chance, what stands there instead), in the text of the answers
MASKS = [
    ("everything", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID"),
    ("everything", r"\d{1,2}:\d\d:\d\d [AP]M", "TIME"),
    ("filesystem", r"(?m)^(created|modified|accessed): .*|(created|modified|accessed): [^\\\"]*", "TIMES"),
    ("time", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", "TIME"),
    ("time", r"(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day", "DAY"),
    ("everything", r'"blob": "UmVz[^"]*"', "BLOB"),
    ("git", r"\b[0-9a-f]{40}\b", "COMMIT"),
    ("git", r"\b[0-9a-f]{7}\b", "COMMIT"),
    ("git", r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d|datetime.datetime\([^)]*\)", "TIME"),
]

@dataclass(frozen=True, eq=False)
class Server:
    """A server; its process speaks on stdio, or on a port that `PORT` in its command or environment names."""

    name: str
    transport: str
    command: tuple
    cases: list
    prepare: object = lambda directory: None
    env: tuple = ()
    stateless: bool = False  # may be called once more, in the era in which Longhaul speaks to it

    def __str__(self):
        return f"{self.name}-{self.transport}"

    def fill(self, value, directory, port=0):
        return value.replace("$DIR", str(directory)).replace("$PORT", str(port))


def files(directory):
    (directory / "a.txt").write_text("first\nsecond\nthird\n")
    (directory / "dot.png").write_bytes(bytes.fromhex("89504e470d0a1a0a"))


def repository(directory):
    (directory / "a.txt").write_text("first\nsecond\nthird\n")
    who = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER")
           for key, value in (("NAME", "Ann"), ("EMAIL", "a@example.com"), ("DATE", "2026-01-02T03:04:05Z"))}
    for command in ("init -q -b main", "config user.name Ann", "config user.email a@example.com", "add .", "commit -q -m first"):
        subprocess.run(["git", *command.split()], cwd=directory, env={**os.environ, **who}, check=True)
    (directory / "a.txt").write_text("first\nchanged ☃\nthird\n")


def node(package, *arguments):
    return (NODE, str(MODULES / package / "dist" / "index.js"), *arguments)


def python(module):
    return (PYTHON, "-m", module)


FASTMCP = (PYTHON, str(HERE / "fastmcp_server.py"))
SERVERS = [
    Server("everything", "stdio", node("server-everything"), cases.EVERYTHING),
    Server("everything", "http", node("server-everything", "streamableHttp"), cases.EVERYTHING, env=(("PORT", "$PORT"),)),
    Server("everything", "sse", node("server-everything", "sse"), cases.EVERYTHING, env=(("PORT", "$PORT"),)),
    Server("filesystem", "stdio", node("server-filesystem", "$DIR"), cases.FILESYSTEM, files),
    Server("memory", "stdio", node("server-memory"), cases.MEMORY, env=(("MEMORY_FILE_PATH", "$DIR/memory.jsonl"),)),
    Server("time", "stdio", python("mcp_server_time"), cases.TIME),
    Server("git", "stdio", python("mcp_server_git"), cases.GIT, repository),
    Server("fastmcp", "stdio", FASTMCP, cases.FASTMCP, stateless=True),
    Server("fastmcp", "http", (*FASTMCP, "$PORT"), cases.FASTMCP, stateless=True),
]


def directory(server, era, side):
    """A new directory for one process; the names have one length, for answers that are padded."""
    path = WORK / side / f"{server}-{era}"
    path.mkdir(parents=True)
    server.prepare(path)
    return path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(what, done, process=None, limit=180):
    end = time.monotonic() + limit
    while not (answer := done()):
        if time.monotonic() > end or (process and process.poll() is not None):
            raise SystemExit(f"{what} did not start; logs are in {WORK}")
        time.sleep(0.2)
    return answer


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Side:
    """Where the calls of one client go: the server itself, or Longhaul, which serves it under the name `upstream`."""

    def __init__(self, server, era, home, connect, upstream=None):
        self.server, self.era, self.home, self.connect, self.upstream = server, era, home, connect, upstream
        self.client = Client(era, connect)
        self.with_tasks = None

    def tasks(self):
        if self.era == LEGACY:
            return self.client
        self.with_tasks = self.with_tasks or Client(self.era, self.connect, tasks=True)
        return self.with_tasks

    def call(self, case, served):
        client = self.tasks() if case.task else self.client
        params = json.loads(json.dumps(case.params).replace("$DIR", str(self.home)))
        if case.task and self.era == LEGACY:
            params["task"] = {"ttl": 60000}
        if self.upstream:
            params = served.params(params)
        try:
            return client.call(case.method, params, case.answers)
        except Lost as lost:
            return {"lost": str(lost)}

    def close(self):
        self.client.close()
        if self.with_tasks:
            self.with_tasks.close()


class Served:
    """How an upstream's names and URIs are served by Longhaul, found from its lists."""

    def __init__(self, upstream, lists):
        self.upstream = upstream
        self.uris = {entry.get("uri", entry.get("uriTemplate"))
                     for method in ("resources/list", "resources/templates/list") for entry in lists[method]}

    def name(self, name):
        return f"{self.upstream}_{name}"

    def uri(self, uri):
        own = f"x-{self.upstream}+"
        return own + uri if any(served.startswith(own) for served in self.uris) else uri

    def params(self, params):
        if "ref" in params:
            return {**params, "ref": self.params(params["ref"])}
        named = {"name": self.name(params["name"])} if "name" in params else {"uri": self.uri(params["uri"])}
        return {**params, **named}

    def own(self, direct, entries):
        """The entries of this upstream among all that Longhaul lists, in its order, under the upstream's own names."""
        named, others = {}, {entry["name"]: entry for entry in entries if "uri" not in entry and "uriTemplate" not in entry}
        for entry in entries:
            uri = entry.get("uri", entry.get("uriTemplate"))
            if uri is not None:
                named[uri] = entry
        own = []
        for entry in direct:
            kind = "uri" if "uri" in entry else "uriTemplate" if "uriTemplate" in entry else "name"
            key = entry[kind]
            found = named.get(self.uri(key)) if kind != "name" else others.get(self.name(key)) or others.get(key)
            if found:
                own.append({field: key if field == kind else value for field, value in found.items()})
        known = {entry["name"] for entry in direct}
        for entry in entries:
            if entry["name"].startswith(self.name("")) and entry["name"].removeprefix(self.name("")) not in known:
                own.append(entry)
        return own


def without(value, *names):
    return {key: part for key, part in value.items() if key not in names} if isinstance(value, dict) else value


# What may differ: each takes it out of an answer of either side; its first line is what docs/gateway.md says.


def era_fields(answer, what):
    """`resultType`, `ttlMs`, `cacheScope` and, in `_meta`, `serverInfo` and `related-task` are those of the server that answers; on 2026-07-28 the code -32042, which it forbids, is -32603."""
    error = answer.get("error", {})
    if error.get("code") == "-32042":
        answer = {**answer, "error": {**error, "code": Number("-32603")}}
    result = without(answer.get("result"), "resultType", "ttlMs", "cacheScope")
    if isinstance(result, dict) and isinstance(result.get("_meta"), dict):
        meta = without(result["_meta"], META + "serverInfo", META + "related-task")
        result = {**without(result, "_meta"), **({"_meta": meta} if meta else {})}
    return {**answer, "result": result} if "result" in answer else answer


def jobs(answer, what):
    """A tool in a list says that it runs as a job: a line of `description`, the alternative in `outputSchema` for an operation, `execution`, `dev.longhaul/…` in `_meta`."""
    if what != "tools/list":
        return answer
    return {**answer, "result": {"tools": [as_no_job(tool) for tool in answer["result"]["tools"]]}}


def as_no_job(tool):
    meta = {key: value for key, value in tool.get("_meta", {}).items() if not key.startswith("dev.longhaul/")}
    description = re.sub(r"\n?Runs as a job: .*$", "", tool.get("description", ""))
    schema = tool.get("outputSchema")
    if schema and "An operation: go on with next." in json.dumps(schema):
        schema = {**without(schema, "type", "anyOf"), **schema["anyOf"][0]}
    if schema:  # in Longhaul's, definitions stand first
        schema = {**{key: schema[key] for key in ("$schema", "$defs") if key in schema}, **schema}
    parts = {"description": description, "outputSchema": schema, "_meta": meta}
    return {**without(tool, "execution", *parts), **{key: value for key, value in parts.items() if value}}


def unknown(answer, what):
    """What nobody has listed (a tool, a prompt, a URI) is refused by Longhaul, in its own words; a tool as an error, where some servers give a result with `isError`."""
    refused = "error" in answer or (isinstance(answer.get("result"), dict) and answer["result"].get("isError"))
    return {"refused": True} if refused and re.search(r"no-such|no_such|/none$|no/such", what) else answer


def progress(answer, what):
    """Progress is told as a fraction of 1 where its total is known, and what comes faster than it is told is merged into the latest."""
    seen = answer.get("seen", [])
    told = [each for each in seen if each.get("notification") == "notifications/progress"]
    rest = [each for each in seen if each not in told]
    if not told:
        return answer
    last = told[-1]["params"]
    share = round(plain(last["progress"]) / plain(last.get("total", 1)), 3)
    return {**answer, "seen": rest, "progress": {"share": share, "message": last.get("message")}}


def announcements(answer, what):
    """Notifications that belong to no call come at another time: changed lists once Longhaul has read them again, the state of tasks as that of the job; what a server asks or logs when its session begins, with its first call. A question carries no id of the upstream's task."""
    aside = ("/list_changed", "notifications/tasks/status")
    seen = [each for each in answer.get("seen", []) if "task" not in each and not each.get("notification", "").endswith(aside)]
    if "get-roots-list" not in what:
        seen = [each for each in seen if each.get("question") != "roots/list"]
    # Of server-everything: simulated messages of any level every 5 s, and one that it has roots.
    seen = [each for each in seen if not re.search("[- ]level[- ]message|Roots updated", json.dumps(each))]
    return {**answer, "seen": [{**each, "params": without_task(each["params"])} for each in seen]}


def without_task(params):
    meta = without(params.get("_meta", {}), META + "related-task")
    return {**without(params, "_meta"), **({"_meta": meta} if meta else {})}


def task_progress(answer, what):
    """The messages of an upstream's task come as those of the job."""
    return without(answer, "progress") if "simulate-research-query" in what else answer


def environment(answer, what):
    """The order of a process's environment variables."""
    if "get-env" not in what or "result" not in answer:
        return answer
    return {"environment": sorted(json.loads(answer["result"]["content"][0]["text"]).items())}


DOCUMENTED = [era_fields, jobs, unknown, announcements, progress, task_progress, environment]
OTHERS = [
    "Where names or URIs are taken by another upstream, they have the upstream's name before them, in answers too.",
    "The era in which Longhaul speaks to a server does not depend on its client: the answer is then the one that a client of that era gets (FastMCP asks and runs tasks in one era only).",
]


def masked(server, side, answer):
    text = write(answer).replace(str(side.home), "$DIR")
    for name, pattern, instead in MASKS:
        if name == server.name:
            text = re.sub(pattern, instead, text)
    return text


def compare(what, server, direct, through, direct_side, through_side):
    """'equal', 'documented', or a text that shows what differs."""
    left, right = masked(server, direct_side, direct), masked(server, through_side, through)
    if left == right:
        return "equal"
    for rule in DOCUMENTED:
        direct, through = rule(direct, what), rule(through, what)
    left, right = masked(server, direct_side, direct), masked(server, through_side, through)
    right = right.replace(f"x-{through_side.upstream}+", "").replace(f"{through_side.upstream}_", "")
    if left == right:
        return "documented"
    return "\n".join(difflib.unified_diff(left.splitlines(), right.splitlines(), "direct", "through Longhaul", lineterm="", n=2))


def combination(server, era, ports, longhaul):
    """All lists and cases of one server, transport and era: [(what, outcome)]."""
    name = f"{server}-{era}"
    home = directory(server, era, "directly")
    log = open(WORK / f"{name}.log", "w")
    env = {**ENV, **{key: server.fill(value, home) for key, value in server.env}}
    command = [server.fill(part, home) for part in server.command]
    url = f"http://127.0.0.1:{ports.get(server)}/{'sse' if server.transport == 'sse' else 'mcp'}"
    connect = {
        "stdio": lambda receive: Stdio(command, home, env, log, receive),
        "http": lambda receive: Http(url, receive),
        "sse": lambda receive: Sse(url, receive),
    }[server.transport]
    version = {"legacy": LEGACY, "modern": MODERN}[era]
    spoken = LEGACY if server.transport == "sse" else version
    direct = Side(server, spoken, home, connect)
    if "error" in direct.client.server:  # the server does not speak this era
        direct.close()
        spoken = LEGACY
        direct = Side(server, spoken, home, connect)
    through = Side(server, version, WORK / "longhaul" / name, lambda receive: Http(longhaul, receive), name)
    modern = Side(server, MODERN, home, connect) if server.transport != "sse" else None
    if modern and "error" in modern.client.server:
        modern.close()
        modern = None
    outcomes = []
    if server.name == "everything":
        time.sleep(2)  # it registers a tool when it has the roots
    lists = {method: through.client.list(method, kind) for method, kind in LISTS.items()}
    served = Served(name, lists)
    for method, kind in LISTS.items():
        entries = direct.client.list(method, kind)
        own = served.own(entries, lists[method])
        outcome = compare(method, server, {"result": {kind: entries}}, {"result": {kind: own}}, direct, through)
        if modern and outcome not in ("equal", "documented"):
            entries = modern.client.list(method, kind)
            outcome = compare(method, server, {"result": {kind: entries}}, {"result": {kind: own}}, modern, through)
        outcomes.append((method, outcome))
        tried = json.dumps([case.params for case in server.cases])
        for entry in entries:
            if method != "resources/templates/list" and json.dumps(entry.get("uri", entry["name"])) not in tried:
                outcomes.append((f"{method} {entry['name']}", "no case tries it"))
    for case in server.cases:
        got = through.call(case, served)
        outcome = compare(str(case), server, direct.call(case, served), got, direct, through)
        if modern and server.stateless and outcome not in ("equal", "documented"):
            other = compare(str(case), server, modern.call(replace(case, task=True), served), got, modern, through)
            outcome = "documented" if other in ("equal", "documented") else outcome
        outcomes.append((str(case), outcome))
    for side in (direct, through, modern):
        if side:
            side.close()
    return spoken, outcomes


class Longhaul:
    def __init__(self, upstreams):
        home = WORK / "server"
        home.mkdir()
        (home / "mcp.json").write_text(json.dumps({"mcpServers": upstreams}, indent=1))
        port = free_port()
        sessions = [f"--longhaul.upstreams.{name}.session=caller" for name in upstreams]
        self.log = open(home / "server.log", "w")
        self.process = subprocess.Popen(
            [*shlex.split(os.environ["GATEWAY_LONGHAUL"]), f"--server.port={port}", *sessions], cwd=home,
            env={**os.environ, "LONGHAUL_MCP_SERVERS": str(home / "mcp.json")}, stdout=self.log, stderr=self.log)
        self.base = f"http://127.0.0.1:{port}"
        self.names = set(upstreams)

    def ready(self):
        wait_for("Longhaul", lambda: self.get("/actuator/health/readiness"), self.process)
        self.state = wait_for("an upstream", self.discovered, self.process)

    def get(self, path):
        try:
            with urllib.request.urlopen(self.base + path, timeout=10) as answer:
                return json.load(answer)
        except OSError:
            return None

    def discovered(self):
        upstreams = (self.get("/api/v1/upstreams") or {}).get("upstreams", [])
        return upstreams if {one["name"] for one in upstreams if one.get("tools")} >= self.names else None

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()


def main():
    wanted = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    servers = [server for server in SERVERS if not wanted or server.name in wanted or str(server) in wanted]
    processes, ports, upstreams = [], {}, {}
    for server in servers:
        if server.transport != "stdio":
            ports[server] = free_port()
            home = directory(server, "serving", "directly")
            env = {**ENV, **{key: server.fill(value, home, ports[server]) for key, value in server.env}}
            log = open(WORK / f"{server}.log", "w")
            command = [server.fill(part, home, ports[server]) for part in server.command]
            processes.append(subprocess.Popen(command, env=env, cwd=home, stdout=log, stderr=log))
        for era in ("legacy", "modern"):
            home = directory(server, era, "longhaul")
            if server.transport == "stdio":
                command, *arguments = [server.fill(part, home) for part in server.command]
                env = {key: server.fill(value, home) for key, value in server.env}
                upstreams[f"{server}-{era}"] = {"command": command, "args": arguments, "env": env, "cwd": str(home)}
            else:
                kind, path = ("sse", "sse") if server.transport == "sse" else ("http", "mcp")
                upstreams[f"{server}-{era}"] = {"type": kind, "url": f"http://127.0.0.1:{ports[server]}/{path}"}
    longhaul = None
    try:
        for server, port in ports.items():
            wait_for(str(server), lambda port=port: listens(port))
        longhaul = Longhaul(upstreams)
        longhaul.ready()
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            running = {(server, era): pool.submit(combination, server, era, ports, longhaul.base + "/mcp")
                       for server in servers for era in ("legacy", "modern")}
            results = {key: future.result() for key, future in running.items()}
    finally:
        if longhaul:
            longhaul.stop()
        for process in processes:
            process.terminate()
    return report(results)


def report(results):
    failures = 0
    rows = ["| server | transport | client | server speaks to it | equal | documented difference | failure |", "| --- | --- | --- | --- | ---: | ---: | ---: |"]
    for (server, era), (spoken, outcomes) in results.items():
        kinds = Counter("equal" if outcome == "equal" else "documented" if outcome == "documented" else "failure" for _, outcome in outcomes)
        failures += kinds["failure"]
        rows.append(f"| {server.name} | {server.transport} | {era} | {spoken} | {kinds['equal']} | {kinds['documented']} | {kinds['failure']} |")
        for what, outcome in outcomes:
            if outcome not in ("equal", "documented"):
                print(f"--- {server} {era}: {what}\n{outcome[:4000]}\n")
    table = "\n".join(rows)
    print(table)
    if "--write" in sys.argv and not failures:
        document = HERE / "../../../docs/gateway.md"
        text = document.read_text()
        chance = "Masked on both sides, because they change from call to call: " + ", ".join(
            f"{what} of {name}" for name, what in dict.fromkeys((name, instead) for name, _, instead in MASKS)) + "."
        documented = [*(rule.__doc__ for rule in DOCUMENTED), *OTHERS, chance]
        differences = "What is documented:\n\n" + "\n".join(f"- {sentence}" for sentence in documented)
        begin, end = "<!-- gateway-diff -->", "<!-- /gateway-diff -->"
        head, rest = text.split(begin)
        document.write_text(head + begin + "\n" + table + "\n\n" + differences + "\n" + end + rest.split(end)[1])
    print(f"{failures} failed; {WORK}" if failures else "all equal but for documented differences")
    if not failures:
        shutil.rmtree(WORK)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
