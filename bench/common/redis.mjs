import { connect } from 'node:net';

/** One command of Redis whose answer is a text. */
export function ask(port, ...words) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1').on('error', reject);
    let said = Buffer.alloc(0);
    socket.on('data', data => {
      said = Buffer.concat([said, data]);
      const line = said.indexOf('\r\n');
      const length = Number(said.toString('latin1', 1, line));
      if (line < 0 || said.length < line + 4 + length) return;
      socket.destroy();
      resolve(said.toString('utf8', line + 2, line + 2 + length));
    });
    socket.write(`*${words.length}\r\n${words.map(word => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`);
  });
}

/** How many commands a redis-server has executed: the calls of scripts with their time in µs, and all others, in scripts or not. */
export async function commands(port) {
  const text = await ask(port, 'INFO', 'commandstats');
  const all = [...text.matchAll(/^cmdstat_(\S+?):calls=(\d+),usec=(\d+)/gm)].map(([, name, calls, micros]) => ({
    name,
    calls: Number(calls),
    micros: Number(micros),
  }));
  const sum = (what, ...names) => all.filter(({ name }) => names.includes(name)).reduce((total, one) => total + one[what], 0);
  const scripts = sum('calls', 'evalsha', 'eval');
  return {
    scripts,
    scriptMicros: sum('micros', 'evalsha', 'eval'),
    others: all.reduce((total, { calls }) => total + calls, 0) - scripts - sum('calls', 'info'),
  };
}

/** ms from one bare PING to its answer, several times. */
export function ping(port, times) {
  return new Promise((resolve, reject) => {
    const taken = [];
    let from;
    const socket = connect(port, '127.0.0.1').setNoDelay(true).on('error', reject);
    const send = () => {
      from = performance.now();
      socket.write('PING\r\n');
    };
    socket.on('connect', send).on('data', () => {
      taken.push(performance.now() - from);
      if (taken.length < times) return void setTimeout(send, 20);
      socket.destroy();
      resolve(taken);
    });
  });
}
