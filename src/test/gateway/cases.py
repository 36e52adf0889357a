"""What is asked of each server: at least every tool, resource, template, prompt and completion, and ways to fail."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    method: str
    params: dict
    answers: dict = field(default_factory=dict)
    task: bool = False

    def __str__(self):
        what = self.params.get("name") or self.params.get("uri") or self.params["ref"].get("name") or self.params["ref"]["uri"]
        return f"{self.method} {what}"


def tool(name, arguments=None, answers=None, task=False, **more):
    return Case("tools/call", {"name": name, "arguments": arguments or {}, **more}, answers or {}, task)


def read(uri):
    return Case("resources/read", {"uri": uri})


def prompt(name, /, **arguments):
    return Case("prompts/get", {"name": name, "arguments": arguments})


def complete(kind, name, argument, value, /, **context):
    ref = {"type": "ref/prompt", "name": name} if kind == "prompt" else {"type": "ref/resource", "uri": name}
    params = {"ref": ref, "argument": {"name": argument, "value": value}}
    return Case("completion/complete", {**params, "context": {"arguments": context}} if context else params)


def elicited(action, **content):
    return {"elicitation/create": {"action": action, "content": content} if content else {"action": action}}


SAMPLED = {
    "sampling/createMessage": {
        "role": "assistant", "content": {"type": "text", "text": "a sample"}, "model": "m", "stopReason": "endTurn",
    }
}
ROOTS = {"roots/list": {"roots": [{"uri": "file:///tmp/a-root", "name": "A root"}]}}
PERSON = {"name": "Ann", "check": True, "color": "red", "email": "a@example.com", "integer": 7, "number": 2.5, "petType": "pet-1"}

EVERYTHING = [
    tool("echo", {"message": "hällo ☃ \u2028 \\ \" 𝄞"}),
    tool("echo"),
    tool("echo", {"message": 5}),
    tool("no-such-tool"),
    *(tool("get-annotated-message", {"messageType": kind, "includeImage": True}) for kind in ("error", "success", "debug")),
    tool("get-env"),
    tool("get-resource-links", {"count": 4}),
    tool("get-resource-reference", {"resourceType": "Blob", "resourceId": 3}),
    tool("get-resource-reference", {"resourceType": "Text", "resourceId": -1}),
    tool("get-structured-content", {"location": "Chicago"}),
    tool("get-sum", {"a": 1.5, "b": 10**15}),
    tool("get-tiny-image"),
    tool("gzip-file-as-resource", {"name": "a.gz", "data": "data:text/plain,hello", "outputType": "resource"}),
    tool("gzip-file-as-resource", {"name": "b.gz", "data": "data:text/plain,hello", "outputType": "resourceLink"}),
    tool("toggle-simulated-logging"),
    tool("toggle-simulated-logging"),
    tool("toggle-subscriber-updates"),
    tool("toggle-subscriber-updates"),
    tool("trigger-long-running-operation", {"duration": 1, "steps": 4}),
    tool("get-roots-list", answers=ROOTS),
    tool("trigger-elicitation-request", answers=elicited("accept", **PERSON)),
    tool("trigger-elicitation-request", answers=elicited("decline")),
    tool("trigger-elicitation-request", answers=elicited("cancel")),
    tool("trigger-url-elicitation", {"url": "https://example.com/a", "elicitationId": "e1"}, elicited("accept")),
    tool("trigger-url-elicitation", {"url": "https://example.com/a", "elicitationId": "e2", "errorPath": True}),
    tool("trigger-sampling-request", {"prompt": "say it", "maxTokens": 10}, SAMPLED),
    tool("simulate-research-query", {"topic": "clocks"}, task=True),
    tool("simulate-research-query", {"topic": "python", "ambiguous": True}, elicited("accept", interpretation="programming"), task=True),
    *(read(f"demo://resource/static/document/{name}.md") for name in (
        "architecture", "extension", "features", "how-it-works", "instructions", "startup", "structure")),
    read("demo://resource/dynamic/text/1"),
    read("demo://resource/dynamic/blob/2"),
    read("demo://resource/dynamic/text/none"),
    read("demo://no/such/resource"),
    prompt("simple-prompt"),
    prompt("args-prompt", city="Oslo", state="Norway"),
    prompt("args-prompt"),
    prompt("completable-prompt", department="Sales", name="Eve"),
    prompt("resource-prompt", resourceType="Text", resourceId="1"),
    prompt("resource-prompt", resourceType="none", resourceId="1"),
    prompt("no-such-prompt"),
    complete("prompt", "completable-prompt", "department", "S"),
    complete("prompt", "completable-prompt", "name", "", department="Sales"),
    complete("prompt", "resource-prompt", "resourceId", "1"),
    complete("resource", "demo://resource/dynamic/text/{resourceId}", "resourceId", "1"),
    complete("resource", "demo://resource/dynamic/blob/{resourceId}", "resourceId", "x"),
    complete("prompt", "no-such-prompt", "a", ""),
]

FILESYSTEM = [
    tool("list_allowed_directories"),
    tool("read_file", {"path": "$DIR/a.txt"}),
    tool("read_text_file", {"path": "$DIR/a.txt", "tail": 1}),
    tool("read_text_file", {"path": "$DIR/a.txt", "tail": 1, "head": 1}),
    tool("read_text_file", {"path": "/etc/passwd"}),
    tool("read_text_file", {"path": "$DIR/none.txt"}),
    tool("read_text_file", {}),
    tool("read_media_file", {"path": "$DIR/dot.png"}),
    tool("read_multiple_files", {"paths": ["$DIR/a.txt", "$DIR/none.txt"]}),
    tool("create_directory", {"path": "$DIR/sub/deep"}),
    tool("write_file", {"path": "$DIR/sub/new.txt", "content": "one\ntwo ☃\n"}),
    tool("edit_file", {"path": "$DIR/sub/new.txt", "edits": [{"oldText": "two", "newText": "three"}], "dryRun": True}),
    tool("edit_file", {"path": "$DIR/sub/new.txt", "edits": [{"oldText": "two", "newText": "three"}]}),
    tool("edit_file", {"path": "$DIR/sub/new.txt", "edits": [{"oldText": "not there", "newText": "x"}]}),
    tool("move_file", {"source": "$DIR/sub/new.txt", "destination": "$DIR/sub/moved.txt"}),
    tool("move_file", {"source": "$DIR/none", "destination": "$DIR/other"}),
    tool("read_text_file", {"path": "$DIR/sub/moved.txt"}),
    tool("list_directory", {"path": "$DIR"}),
    tool("list_directory_with_sizes", {"path": "$DIR", "sortBy": "size"}),
    tool("directory_tree", {"path": "$DIR", "excludePatterns": ["*.png"]}),
    tool("search_files", {"path": "$DIR", "pattern": "**/*.txt"}),
    tool("get_file_info", {"path": "$DIR/a.txt"}),
    tool("no_such_tool"),
]

ANN = {"name": "Ann", "entityType": "person", "observations": ["likes ☃", "is 4.0 feet"]}
BOB = {"name": "Bob", "entityType": "person", "observations": []}
KNOWS = {"from": "Ann", "to": "Bob", "relationType": "knows"}
MEMORY = [
    tool("read_graph"),
    tool("create_entities", {"entities": [ANN, BOB]}),
    tool("create_entities", {"entities": [ANN]}),
    tool("create_relations", {"relations": [KNOWS]}),
    tool("add_observations", {"observations": [{"entityName": "Bob", "contents": ["sleeps"]}]}),
    tool("add_observations", {"observations": [{"entityName": "nobody", "contents": ["sleeps"]}]}),
    tool("add_observations", {"observations": "wrong"}),
    tool("search_nodes", {"query": "sleeps"}),
    tool("open_nodes", {"names": ["Ann", "none"]}),
    tool("read_graph"),
    read("memory://knowledge-graph"),
    tool("delete_observations", {"deletions": [{"entityName": "Bob", "observations": ["sleeps"]}]}),
    tool("delete_relations", {"relations": [KNOWS]}),
    tool("delete_entities", {"entityNames": ["Ann", "none"]}),
    tool("read_graph"),
    read("memory://knowledge-graph"),
    read("memory://none"),
    tool("no_such_tool"),
]

TIME = [
    tool("get_current_time", {"timezone": "Asia/Tokyo"}),
    tool("get_current_time", {"timezone": "No/Where"}),
    tool("get_current_time"),
    tool("convert_time", {"source_timezone": "Asia/Tokyo", "time": "16:30", "target_timezone": "Asia/Kolkata"}),
    tool("convert_time", {"source_timezone": "Asia/Tokyo", "time": "99:99", "target_timezone": "Asia/Kolkata"}),
    tool("convert_time", {"source_timezone": 5}),
    tool("no_such_tool"),
]

GIT = [
    tool("git_status", {"repo_path": "$DIR"}),
    tool("git_status", {"repo_path": "/none"}),
    tool("git_status"),
    tool("git_diff_unstaged", {"repo_path": "$DIR"}),
    tool("git_add", {"repo_path": "$DIR", "files": ["a.txt"]}),
    tool("git_add", {"repo_path": "$DIR", "files": ["none.txt"]}),
    tool("git_diff_staged", {"repo_path": "$DIR", "context_lines": 1}),
    tool("git_reset", {"repo_path": "$DIR"}),
    tool("git_add", {"repo_path": "$DIR", "files": ["."]}),
    tool("git_commit", {"repo_path": "$DIR", "message": "second ☃"}),
    tool("git_log", {"repo_path": "$DIR", "max_count": 5}),
    tool("git_show", {"repo_path": "$DIR", "revision": "HEAD"}),
    tool("git_show", {"repo_path": "$DIR", "revision": "none"}),
    tool("git_create_branch", {"repo_path": "$DIR", "branch_name": "other"}),
    tool("git_checkout", {"repo_path": "$DIR", "branch_name": "other"}),
    tool("git_checkout", {"repo_path": "$DIR", "branch_name": "none"}),
    tool("git_branch", {"repo_path": "$DIR", "branch_type": "local"}),
    tool("git_diff", {"repo_path": "$DIR", "target": "HEAD~1"}),
    tool("no_such_tool"),
]

FASTMCP = [
    tool("numbers"),
    tool("area", {"size": {"width": 2.0, "height": 3}}),
    tool("area", {"size": {"width": "wide", "height": 3}}),
    tool("area", {"size": {"width": 2, "height": 3}, "other": 1}),
    tool("fails", {"how": "tool"}),
    tool("fails", {"how": "code"}),
    tool("steps", {"count": 3}),
    tool("asks", answers=elicited("accept", value="blue")),
    tool("asks", answers=elicited("decline")),
    tool("durable", {"text": "plain"}),
    tool("durable", {"text": "as a task"}, task=True),
    tool("durable_failure", task=True),
    tool("no_such_tool"),
    read("fixture://text"),
    read("fixture://bytes"),
    read("fixture://greeting/Ann"),
    read("fixture://none"),
    prompt("ask", topic="time"),
    prompt("ask", topic="time", depth="3"),
    prompt("ask"),
    prompt("no_such_prompt"),
]
