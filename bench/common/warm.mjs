import { say } from './machine.mjs';

// A system is warm when the best of its last rounds is hardly better than the best round before them.
const LAST = 3;
const HARDLY = 1.03;

const rises = rates => rates.length <= LAST || Math.max(...rates.slice(-LAST)) > HARDLY * Math.max(...rates.slice(0, -LAST));

/**
 * Has systems take turns, and prints each round, until the rates of none of them rise any more: every system has the same number of rounds.
 *
 * @param round runs one round of a system, and returns its rates: one, or several by name
 * @param most after that many rounds a system counts as warm
 * @returns how many rounds it took, and whether all were warm before the most
 */
export async function untilWarm(what, systems, round, most) {
  const rates = systems.map(() => ({}));
  for (let rounds = 1; ; rounds++) {
    for (const [i, system] of systems.entries()) {
      const now = await round(system);
      for (const [name, rate] of Object.entries(typeof now === 'number' ? { rate: now } : now)) (rates[i][name] ??= []).push(rate);
    }
    const rising = systems.some((_, i) => Object.values(rates[i]).some(rises));
    const last = rates.map(one => Object.values(one).map(all => Math.round(all.at(-1))).join('/')).join(', ');
    const state = !rising ? ': warm' : rounds < most ? '' : ': not warm yet, but that is enough';
    say(`${what}, round ${rounds} of warming up: ${last} a second${state}`);
    if (!rising || rounds >= most) return { rounds, warm: !rising };
  }
}
