"""What every client written in Python is put through; see suite.mjs for what it prints.

The adapter, named as the first argument, is a module of adapters/ with

    connect(url, answer)    an asynchronous context manager; answer(message) is what the user says to a question
      -> .list(), .call(name, arguments, progress=None) -> text, and the flags cancels, asks, reports
"""
import asyncio
import importlib
import json
import os
import re
import sys
import traceback

ADAPTER, PART = sys.argv[1], sys.argv[2]
URL, LABEL = os.environ["URL"], os.environ["LABEL"]
PATIENCE = 75
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
connect = importlib.import_module(f"adapters.{ADAPTER}").connect


def say(step, status, note=""):
    print(json.dumps({"step": step, "status": status, "note": str(note)[:400]}, separators=(",", ":")), flush=True)


def answer(message):
    return {"color": "blue"}


def must(condition, what):
    if not condition:
        raise AssertionError(str(what)[:300])


def reason(error):
    """The innermost causes: task groups wrap what happened."""
    while isinstance(error, BaseExceptionGroup) and error.exceptions:
        error = error.exceptions[0]
    return "".join(traceback.format_exception_only(error)).strip()


async def follow(client, text):
    """What a model does with an operation that was handed over: it calls the tool that the answer names."""
    handed = False
    for _ in range(40):
        # Some give JSON, in which the quotes are escaped.
        following = re.search(r"call the tool (\w+) with (\{[^}]*\})", text.replace('\\"', '"'), re.I)
        if not following:
            break
        handed = True
        text = await patiently(client.call(following[1], json.loads(following[2])))
    return text, handed


async def patiently(call):
    """As long as a user looks on: some clients wait for ever for an answer that was cut off."""
    try:
        return await asyncio.wait_for(call, PATIENCE)
    except (TimeoutError, asyncio.TimeoutError):
        raise AssertionError(f"no answer within {PATIENCE} s: the client goes on waiting") from None


async def list_tools(client):
    names = await client.list()
    must("nap" in names and "profile_dataset" in names, names)
    return "ok", f"{len(names)} tools"


async def quick(client):
    text = await client.call("echo", {"text": "hello"})
    must("Echo: hello" in text, text)
    return "ok", ""


async def progress(client):
    if not client.reports:
        return "unable", ""
    heard = []
    text = await client.call("nap", {"seconds": 4, "label": f"{LABEL}-progress"}, progress=heard.append)
    must("Slept 4" in text, text)
    must(heard, "no progress was heard")
    return "ok", f"{len(heard)} reports"


async def cancel(client):
    if not client.cancels:
        return "unable", ""
    call = asyncio.ensure_future(client.call("nap", {"seconds": 40, "label": f"{LABEL}-cancel"}))
    await asyncio.sleep(3)
    call.cancel()
    await asyncio.wait([call], timeout=10)
    await asyncio.sleep(24)  # a client of 2026-07-28 that left may come back; only then is the work stopped
    return "ok", ""


async def question(client):
    if not client.asks:
        return "unable", ""
    text = await client.call("ask_color", {"label": LABEL})
    must("blue" in text.lower(), text)
    return "ok", ""


async def large(client):
    text = await client.call("large", {"kilobytes": 2048})
    must("0123456789abcdef" in text, text)
    return "ok", f"{len(text)} characters"


async def slow(client):
    for attempt in range(1, client.tries + 1):
        try:
            text = await client.call("nap", {"seconds": 70, "label": f"{LABEL}-slow"})
            break
        except Exception:
            if attempt == client.tries:
                raise
            await asyncio.sleep(4)  # a model thinks before it repeats a call
    text, handed = await follow(client, text)
    must("Slept 70" in text, text)
    return "handed-over" if handed else "ok", f"at try {attempt}"


STEPS = {"list": list_tools, "quick": quick, "progress": progress, "cancel": cancel, "question": question, "large": large,
         "slow": slow}


async def steps():
    # A connection for each step: what one step broke is not the next one's failure.
    for name, step in STEPS.items():
        try:
            async with connect(URL, answer) as client:
                status, note = await step(client)
            say(name, status, note)
        except (Exception, asyncio.CancelledError) as e:
            say(name, "failed", reason(e))


async def nap(client):
    text = await patiently(client.call("nap", {"seconds": 20, "label": LABEL}))
    text, handed = await follow(client, text)
    must("Slept 20" in text, text)
    return "handed-over" if handed else "ok"


async def crash():
    answered = False
    try:
        async with connect(URL, answer) as client:
            await client.list()
            print("READY", flush=True)
            await asyncio.to_thread(sys.stdin.readline)
            say("crash", await nap(client))
            answered = True
    except (Exception, asyncio.CancelledError) as e:
        if not answered:
            say("crash", "failed", reason(e))
    if answered:
        say("repeat", "ok", "not needed")
        return
    await asyncio.sleep(4)  # a model thinks before it repeats a call
    last = None
    for attempt in range(1, 41):
        status = None
        try:
            async with connect(URL, answer) as client:
                status = await nap(client)
        except (Exception, asyncio.CancelledError) as e:
            last = e
        if status:
            say("repeat", status, f"at try {attempt}")
            return
        await asyncio.sleep(3)
    say("repeat", "failed", reason(last))


asyncio.run(crash() if PART == "crash" else steps())
sys.stdout.flush()
os._exit(0)  # some libraries leave threads behind that wait for a server
