"""A client of MCP that hides nothing: JSON as it came, over stdio, streamable HTTP and HTTP with SSE, in both eras.

Libraries leave out fields that they do not know and read 1.0 as 1, so what is compared is not read by one.
"""

import http.client
import json
import queue
import subprocess
import threading
from urllib.parse import urlsplit, urljoin

MODERN, LEGACY = "2026-07-28", "2025-11-25"
META = "io.modelcontextprotocol/"
CAPABILITIES = {"elicitation": {"form": {}, "url": {}}, "sampling": {}, "roots": {}}
TASKS = {"extensions": {META + "tasks": {}}}
INFO = {"name": "gateway-diff", "version": "1.0.0"}
LIMIT = 120  # seconds without which a call counts as never answered


class Number(str):
    """A number in the digits in which it came."""


def parse(text):
    return json.loads(text, parse_int=Number, parse_float=Number)


def plain(number):
    return float(str.__str__(number)) if isinstance(number, Number) else number


def write(value, indent=""):
    """JSON with its keys in the order and its numbers in the digits in which they came."""
    deeper = indent + " "
    if isinstance(value, Number):
        return str.__str__(value)
    if isinstance(value, dict):
        parts = [f"\n{deeper}{json.dumps(key, ensure_ascii=False)}: {write(part, deeper)}" for key, part in value.items()]
        return "{" + ",".join(parts) + "}"
    if isinstance(value, list):
        return "[" + ",".join(f"\n{deeper}{write(part, deeper)}" for part in value) + "]"
    return json.dumps(value, ensure_ascii=False)


class Lost(Exception):
    """No answer came."""


class Stdio:
    """A child process that speaks on its standard streams."""

    def __init__(self, command, cwd, env, log, receive):
        self.child = subprocess.Popen(
            command, cwd=cwd, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, encoding="utf-8"
        )
        threading.Thread(target=self._read, args=(receive,), daemon=True).start()

    def _read(self, receive):
        for line in self.child.stdout:
            receive(parse(line))

    def send(self, message, headers):
        self.child.stdin.write(json.dumps(message, ensure_ascii=False) + "\n")
        self.child.stdin.flush()

    def close(self):
        self.child.stdin.close()
        try:
            self.child.wait(3)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()


def events(response):
    """The data of each event of a stream."""
    data = []
    for line in response:
        line = line.decode().rstrip("\r\n")
        if line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
        elif not line and data:
            yield "\n".join(data)
            data = []


class Http:
    """Streamable HTTP; with `listen`, also the session's own stream."""

    def __init__(self, url, receive):
        self.url = url
        self.receive = receive
        self.session = None
        self.streams = []

    def _open(self, method, headers, body=None):
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=LIMIT)
        if self.session:
            headers = {**headers, "Mcp-Session-Id": self.session}
        connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, headers)
        return connection, connection.getresponse()

    def send(self, message, headers):
        both = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        body = json.dumps(message, ensure_ascii=False).encode()
        threading.Thread(target=self._exchange, args=(message, {**both, **headers}, body), daemon=True).start()

    def _exchange(self, message, headers, body):
        connection, response = self._open("POST", headers, body)
        self.session = response.getheader("Mcp-Session-Id") or self.session
        if response.getheader("Content-Type", "").startswith("text/event-stream"):
            for data in events(response):
                if data:
                    self.receive(parse(data))
        else:
            text = response.read().decode()
            if "id" in message and "method" in message:
                try:
                    answer = parse(text)
                except ValueError:
                    answer = {"error": {"status": response.status, "text": text}}
                self.receive({**answer, "id": message["id"]})  # errors of HTTP name no request
        connection.close()

    def listen(self):
        connection, response = self._open("GET", {"Accept": "text/event-stream", "MCP-Protocol-Version": LEGACY})
        if response.status == 200:
            self.streams.append(connection)
            threading.Thread(target=self._listen, args=(response,), daemon=True).start()

    def _listen(self, response):
        try:
            for data in events(response):
                if data:
                    self.receive(parse(data))
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass  # closed

    def close(self):
        if self.session:
            self._open("DELETE", {"MCP-Protocol-Version": LEGACY})
        for stream in self.streams:
            if stream.sock:
                stream.sock.close()


class Sse(Http):
    """HTTP with SSE of 2024-11-05: everything comes on one stream."""

    def __init__(self, url, receive):
        super().__init__(url, receive)
        self.stream, response = self._open("GET", {"Accept": "text/event-stream"})
        self.streams.append(self.stream)
        arriving = events(response)
        self.url = urljoin(url, next(arriving))
        threading.Thread(target=self._each, args=(arriving,), daemon=True).start()

    def _each(self, arriving):
        try:
            for data in arriving:
                self.receive(parse(data))
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass  # closed

    def _exchange(self, message, headers, body):
        connection, response = self._open("POST", headers, body)
        response.read()
        connection.close()

    def listen(self):
        pass


class Client:
    """One client of one era; one call at a time, and what came during it.

    `connect` is called with the function that receives messages and gives a transport.
    """

    def __init__(self, era, connect, tasks=False):
        self.era = era
        self.capabilities = {**CAPABILITIES, **(TASKS if tasks else {})}
        self.ids = 0
        self.waiting = {}
        self.seen = []
        self.answers = {}
        self.transport = connect(self._receive)
        if era == LEGACY:
            params = {"protocolVersion": LEGACY, "capabilities": self.capabilities, "clientInfo": INFO}
            self.server = self._ask("initialize", params)
            self._send({"jsonrpc": "2.0", "method": "notifications/initialized"})
            if isinstance(self.transport, Http):
                self.transport.listen()
            if "logging" in self.server.get("result", {}).get("capabilities", {}):
                self._ask("logging/setLevel", {"level": "debug"})
        else:
            self.server = self._ask("server/discover", self._modern({}))

    def _modern(self, params):
        meta = {
            META + "protocolVersion": MODERN,
            META + "clientInfo": INFO,
            META + "clientCapabilities": self.capabilities,
            META + "logLevel": "debug",
        }
        return {**params, "_meta": {**meta, **params.get("_meta", {})}}

    def _receive(self, message):
        if "method" in message and "id" in message:
            self.seen.append({"question": message["method"], "params": message.get("params", {})})
            answer = self._answer(message["method"], message.get("params"))
            number = message["id"]
            self._send({"jsonrpc": "2.0", "id": int(number) if isinstance(number, Number) else number, **answer})
        elif "method" in message:
            self.seen.append({"notification": message["method"], "params": message.get("params", {})})
        elif str(message.get("id")) in self.waiting:
            self.waiting.pop(str(message["id"])).put(message)

    def _answer(self, method, params):
        if method == "ping":
            return {"result": {}}
        known = self.answers.get(method)
        return {"result": known} if known else {"error": {"code": -32601, "message": "the client cannot"}}

    def _headers(self, method, params):
        if self.era == LEGACY:
            return {} if method == "initialize" else {"MCP-Protocol-Version": LEGACY}
        name = params.get("name", params.get("uri", params.get("taskId")))
        named = {"Mcp-Name": name} if isinstance(name, str) and method != "completion/complete" else {}
        return {"MCP-Protocol-Version": MODERN, "Mcp-Method": method, **named}

    def _send(self, message, headers=None):
        self.transport.send(message, headers or self._headers(message.get("method", ""), message.get("params", {})))

    def _ask(self, method, params):
        self.ids += 1
        box = self.waiting[str(self.ids)] = queue.Queue()
        self._send({"jsonrpc": "2.0", "id": self.ids, "method": method, "params": params})
        try:
            answer = box.get(timeout=LIMIT)
        except queue.Empty:
            raise Lost(f"{method} was not answered in {LIMIT} s; it has seen {self.seen}") from None
        return {key: answer[key] for key in ("result", "error") if key in answer}

    def call(self, method, params, answers=None):
        """The answer, with what was asked, reported and logged before it; questions get `answers`, by their method."""
        self.answers = answers or {}
        self.seen = []
        if method == "tools/call":
            params = {**params, "_meta": {"progressToken": "a-token", **params.get("_meta", {})}}
        if self.era == LEGACY:
            answer = self._ask(method, params)
            if "task" in answer.get("result", {}):
                answer = self._ask("tasks/result", {"taskId": answer["result"]["task"]["taskId"]})
        else:
            answer = self._modern_call(method, params)
        return {**answer, "seen": self.seen}

    def _modern_call(self, method, params):
        while True:
            answer = self._ask(method, self._modern(params))
            result = answer.get("result", {})
            if result.get("resultType") == "input_required":
                params = {**params, "inputResponses": self._responses(result.get("inputRequests", {}))}
                if "requestState" in result:
                    params["requestState"] = result["requestState"]
            elif result.get("resultType") == "task":
                return self._follow(result)
            else:
                return answer

    def _responses(self, questions):
        responses = {}
        for key, asked in questions.items():
            self.seen.append({"question": asked["method"], "params": asked.get("params", {})})
            responses[key] = self.answers.get(asked["method"], {})
        return responses

    def _follow(self, task):
        """The result of a task, as tasks/get shows it; its questions are answered by tasks/update."""
        self.seen.append({"task": task["status"]})
        named = {"taskId": task["taskId"]}
        pause = threading.Event()
        answered = set()
        for _ in range(10 * LIMIT):
            answer = self._ask("tasks/get", self._modern(named))
            state = answer.get("result", {})
            if state.get("status") == "input_required":
                asked = {key: asked for key, asked in state.get("inputRequests", {}).items() if key not in answered}
                answered.update(asked)
                if asked:
                    self._ask("tasks/update", self._modern({**named, "inputResponses": self._responses(asked)}))
            elif state.get("status") != "working":
                self.seen.append({"task": state.get("status")})
                return {key: state[key] for key in ("result", "error") if key in state} or answer
            pause.wait(0.1)
        raise Lost("the task never ended")

    def list(self, method, kind):
        """All entries of a list, page by page."""
        entries, params = [], {}
        while True:
            answer = self._ask(method, params if self.era == LEGACY else self._modern(params))
            if "error" in answer:
                return []
            entries += answer["result"].get(kind, [])
            cursor = answer["result"].get("nextCursor")
            if not cursor:
                return entries
            params = {"cursor": cursor}

    def close(self):
        self.transport.close()
