// What every client written in JavaScript is put through. The adapter, named as the first argument, says how the
// library does each thing:
//
//   connect(url, { answer })   answer(message) is what the user says to a question: { color: 'blue' }
//     -> { list(), call(name, args, { progress, signal }), close(), cancels, asks, reports }
//   call gives { text, raw }: what a program or a model would read of the result.
//   cancels, asks, reports: false where the library has no way to cancel a call, to be asked, to hear of progress.
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const [adapter, part] = process.argv.slice(2);
const { URL: url, LABEL: label } = process.env;
const { connect } = await import(`./adapters/${adapter}.mjs`);

const say = (step, status, note = '') => console.log(JSON.stringify({ step, status, note: String(note).slice(0, 400) }));

// As long as a user looks on. Some clients wait for ever for an answer that was cut off.
const PATIENCE = 75_000;

async function patiently(call) {
  const ended = new AbortController();
  const over = sleep(PATIENCE, undefined, { signal: ended.signal }).then(
    () => Promise.reject(new Error(`no answer within ${PATIENCE / 1000} s: the client goes on waiting`)),
    () => {},
  );
  try {
    return await Promise.race([call, over]);
  } finally {
    ended.abort();
  }
}

// What a model does with an operation that was handed over: it calls the tool that the answer names, as it says.
async function follow(client, first) {
  let result = first;
  let handed = false;
  for (let i = 0; i < 40; i++) {
    const next = /call the tool (\w+) with (\{[^}]*\})/i.exec(result.text.replaceAll('\\"', '"')); // some give JSON
    if (!next) return { ...result, handed };
    handed = true;
    result = await patiently(client.call(next[1], JSON.parse(next[2]), {}));
  }
  return { ...result, handed };
}

async function step(name, body) {
  try {
    const { status = 'ok', note } = (await body()) ?? {};
    say(name, status, note);
  } catch (e) {
    say(name, 'failed', reason(e));
  }
}

// Why a step failed, and why that.
function reason(e) {
  return e?.cause ? `${e.message}, because of ${e.cause.stack ?? e.cause}` : (e?.stack ?? e);
}

function must(condition, what) {
  if (!condition) throw new Error(what);
}

async function steps() {
  const client = await connect(url, { answer: () => ({ color: 'blue' }) });
  await step('list', async () => {
    const names = await client.list();
    must(names.includes('nap') && names.includes('profile_dataset'), `listed ${names}`);
    return { note: `${names.length} tools` };
  });
  await step('quick', async () => {
    const { text } = await client.call('echo', { text: 'hello' }, {});
    must(text.includes('Echo: hello'), text);
  });
  await step('progress', async () => {
    if (client.reports === false) return { status: 'unable' };
    let heard = 0;
    const { text } = await client.call('nap', { seconds: 4, label: `${label}-progress` }, { progress: () => heard++ });
    must(text.includes('Slept 4'), text);
    must(heard > 0, 'no progress was heard');
    return { note: `${heard} reports` };
  });
  await step('cancel', async () => {
    if (client.cancels === false) return { status: 'unable' };
    const stop = new AbortController();
    const call = client.call('nap', { seconds: 40, label: `${label}-cancel` }, { signal: stop.signal });
    call.catch(() => {});
    await sleep(3000);
    stop.abort();
    await call.then(() => {}, () => {});
    await sleep(24_000); // a client of 2026-07-28 that left may come back; only then is the work stopped
  });
  await step('question', async () => {
    if (client.asks === false) return { status: 'unable' };
    const { text } = await client.call('ask_color', { label }, {});
    must(/blue/i.test(text), text);
  });
  await step('large', async () => {
    const { text } = await client.call('large', { kilobytes: 2048 }, {});
    must(text.includes('0123456789abcdef'), text.slice(0, 300));
    return { note: `${text.length} characters` };
  });
  await step('slow', async () => {
    const { text, handed } = await follow(client, await client.call('nap', { seconds: 70, label: `${label}-slow` }, {}));
    must(text.includes('Slept 70'), text);
    return { status: handed ? 'handed-over' : 'ok' };
  });
  await client.close();
}

async function crash() {
  let client = await connect(url, { answer: () => ({ color: 'blue' }) });
  await client.list();
  console.log('READY');
  await new Promise((resolve) => createInterface({ input: process.stdin }).once('line', resolve));
  const args = { seconds: 20, label };
  let answered = false;
  try {
    const result = await follow(client, await patiently(client.call('nap', args, {})));
    must(result.text.includes('Slept 20'), result.text);
    say('crash', result.handed ? 'handed-over' : 'ok');
    answered = true;
  } catch (e) {
    say('crash', 'failed', reason(e));
  }
  if (answered) return say('repeat', 'ok', 'not needed');
  let last;
  for (let i = 0; i < 40; i++) {
    try {
      const result = await follow(client, await patiently(client.call('nap', args, {})));
      must(result.text.includes('Slept 20'), result.text);
      say('repeat', result.handed ? 'handed-over' : 'ok', `at try ${i + 1}`);
      return;
    } catch (e) {
      last = e;
      await sleep(3000);
      try {
        await client.close().catch(() => {});
        client = await connect(url, { answer: () => ({ color: 'blue' }) });
      } catch {
        // the server is not back yet
      }
    }
  }
  say('repeat', 'failed', reason(last));
}

await (part === 'crash' ? crash() : steps());
process.exit(0);
