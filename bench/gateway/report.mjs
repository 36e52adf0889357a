// The table of a run and its targets.
import { conditions } from '../common/machine.mjs';
import { median } from '../common/statistics.mjs';
import { atMost, line } from '../common/targets.mjs';

const WAYS = { direct: 'without a gateway', inline: 'Longhaul, inline', queued: 'Longhaul, queued', fastmcp: "FastMCP 4.1.4's proxy" };
const TRANSPORTS = { http: 'over HTTP', stdio: 'started by a command' };
const row = (...values) => `| ${values.join(' | ')} |`;

export function report({ reps, warm, rounds, configured, memory, machine }) {
  const of = (transport, way, field) => median(rounds.map(round => round[transport][way][field]));
  // Within a round, so that what slows the machine down slows both.
  const added = (transport, way, field) => median(rounds.map(round => round[transport][way][field] - round[transport].direct[field]));
  const lines = [`${conditions(machine)} ${reps} repetitions, one call after the other; medians. Rounds of warming up: ${warm.rounds}${warm.warm ? '' : ' (some rate still rose)'}.`];
  for (const [transport, label] of Object.entries(TRANSPORTS)) {
    lines.push('', row(`upstream ${label}`, 'p50, ms', 'p99, ms', 'added p50, ms', 'added p99, ms', 'added CPU a call, µs'), '|---|---|---|---|---|---|');
    for (const [way, name] of Object.entries(WAYS)) {
      const more = way === 'direct' ? ['', '', ''] : [added(transport, way, 'p50').toFixed(2), added(transport, way, 'p99').toFixed(2), of(transport, way, 'cpu').toFixed(0)];
      lines.push(row(name, of(transport, way, 'p50').toFixed(2), of(transport, way, 'p99').toFixed(2), ...more));
    }
  }
  const each = what => (memory.many[what] - memory.one[what]) / configured;
  lines.push('', `${configured} more configured upstreams: ${(1000 * each('heap')).toFixed(0)} kB of heap and ${(1000 * each('rss')).toFixed(0)} kB of memory each, their processes aside.`, '');
  const targets = Object.entries(TRANSPORTS).flatMap(([transport, label]) => [
    atMost(`inline call, upstream ${label}: added p50, ms`, added(transport, 'inline', 'p50'), 1),
    atMost(`queued call, upstream ${label}: added p50, ms`, added(transport, 'queued', 'p50'), 2.5),
  ]);
  targets.push(atMost(`each of ${configured} configured upstreams: MB of memory`, each('rss'), 1));
  lines.push(...targets.map(target => `    ${line(target)}`));
  return `${lines.join('\n')}\n`;
}
