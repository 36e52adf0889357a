// What else the machine does: a benchmark beside other work measures that work, too.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

// Of one processor. Up to that it hardly shows in ratios of interleaved rounds.
const OTHERS = 0.25;
const STOLEN = 0.15;

const accepted = process.env.BUSY === '1';

export const say = text => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);

const after = text => text.slice(text.lastIndexOf(')') + 2).split(' ');
// In ticks of 10 ms.
const ticks = (fields, ...positions) => positions.reduce((sum, position) => sum + Number(fields[position]), 0) / 100;

/** Seconds that a process used so far, and its children that ended. */
function withChildren(stat) {
  return ticks(after(stat), 11, 12, 13, 14);
}

/** Seconds of processor time that a process used so far. */
export const cpuOf = pid => ticks(after(readFileSync(`/proc/${pid}/stat`, 'utf8')), 11, 12);

/** MB that a process holds in memory. */
export const rssOf = pid => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

/** The same of this process and all that it started. */
function own() {
  const children = new Map();
  for (const id of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
      const parent = Number(after(stat)[1]);
      children.set(parent, [...(children.get(parent) ?? []), { id: Number(id), stat }]);
    } catch {
      // it ended meanwhile, and is in the sum of its parent
    }
  }
  const sum = ({ id, stat }) => (children.get(id) ?? []).reduce((all, child) => all + sum(child), withChildren(stat));
  return sum({ id: process.pid, stat: readFileSync('/proc/self/stat', 'utf8') });
}

function now() {
  const fields = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0].split(/ +/).slice(1);
  return { at: performance.now() / 1000, busy: ticks(fields, 0, 1, 2, 5, 6), stolen: ticks(fields, 7), own: own() };
}

const percent = share => `${(100 * share).toFixed(1)} %`;

/** What happens on the machine beside a run. */
export class Machine {
  #began;
  #load;

  /** Ends the process if the machine is busy and nobody said that this is accepted. */
  static async quiet() {
    const machine = new Machine();
    machine.#begin();
    await sleep(accepted ? 1_000 : 5_000);
    const refusal = machine.#refusal('before the run');
    if (refusal) refuse(refusal);
    machine.#begin();
    return machine;
  }

  #begin() {
    this.#began = now();
    // The load average of a minute has the compiler in it that just ran.
    this.#load = Number(process.env.LOAD_BEFORE ?? loadavg()[0]);
  }

  /** Shares of one processor since the run began. */
  #shares() {
    const [from, to] = [this.#began, now()];
    const seconds = to.at - from.at;
    const others = to.busy - from.busy - (to.own - from.own);
    return { others: Math.max(0, others / seconds), stolen: Math.max(0, (to.stolen - from.stolen) / seconds) };
  }

  #refusal(when) {
    const { others, stolen } = this.#shares();
    if (others <= OTHERS && stolen <= STOLEN) return '';
    const what =
      `The machine is busy: ${when} other work took ${percent(others)} of one processor (at most ${percent(OTHERS)}), ` +
      `and ${percent(stolen)} were stolen by other machines (at most ${percent(STOLEN)}); load average ${loadavg()[0].toFixed(1)}.`;
    if (!accepted) return what;
    say(`${what} This is accepted because of BUSY=1.`);
    return '';
  }

  /** What the report says of it. */
  end() {
    const refusal = this.#refusal('during the run');
    const { others, stolen } = this.#shares();
    return {
      refusal,
      processors: availableParallelism(),
      loadBefore: this.#load,
      loadAfter: loadavg()[0],
      others,
      stolen,
      busy: others > OTHERS || stolen > STOLEN,
      quick: process.env.QUICK === '1',
      from: new Date(Date.now() - (performance.now() / 1000 - this.#began.at) * 1000).toISOString(),
      to: new Date().toISOString(),
      commit: process.env.COMMIT ?? '',
    };
  }
}

/** The first line of a report. */
export function conditions({ processors, loadBefore, loadAfter, others, stolen, busy, quick, from, to, commit }) {
  const time = `${from.slice(0, 10)}, ${from.slice(11, 16)} to ${to.slice(11, 16)} UTC${commit ? `, commit ${commit}` : ''}`;
  return (
    `Run of ${time}. Load average ${loadBefore.toFixed(1)} before, ${loadAfter.toFixed(1)} after, which is the comparison itself; ` +
    `other work took ${percent(others)} of one of ${processors} processors, and ${percent(stolen)} were stolen.` +
    (busy || quick ? ` **${busy ? 'The machine was busy' : 'A short run'}: these figures only show that everything runs.**` : '')
  );
}

/** Ends the process without a report. */
function refuse(why) {
  process.stderr.write(`${why} No report is written. Wait until it is quiet, or run with BUSY=1, which accepts it.\n`);
  process.exit(3);
}

/** Prints a report, and keeps it with its figures in bench/results unless the machine was busy and nobody accepted that. */
export function keep(name, figures, report) {
  if (figures.machine.refusal) {
    process.stderr.write(report);
    refuse(figures.machine.refusal);
  }
  writeFileSync(`${process.env.RESULTS}/${name}.json`, JSON.stringify(figures, null, 1));
  writeFileSync(`${process.env.RESULTS}/${name}.md`, report);
  process.stdout.write(report);
}
