/** The least (or most) that a value may be. */
export const atLeast = (name, value, bound) => ({ name, value, bound, more: true });
export const atMost = (name, value, bound) => ({ name, value, bound, more: false });

const digits = value => (Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 10 ? 2 : 3);

/** One line of the report: name, value, target, and whether it is met. */
export function line({ name, value, bound, more }) {
  if (value === null || value === undefined || Number.isNaN(value)) return `${name} not measured`;
  const met = more ? value >= bound : value <= bound;
  return `${name} ${value.toFixed(digits(value))} ${more ? '≥' : '≤'} ${bound} ${met ? 'met' : 'short'}`;
}
