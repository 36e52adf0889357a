export const median = numbers => at(sorted(numbers), 0.5);

export const sorted = numbers => [...numbers].sort((a, b) => a - b);

/** The value below which that share of sorted numbers lies; the middle one is the mean of two where there are two. */
export function at(numbers, share) {
  if (numbers.length === 0) return NaN;
  const half = numbers.length / 2;
  if (share === 0.5 && Number.isInteger(half)) return (numbers[half - 1] + numbers[half]) / 2;
  return numbers[Math.min(numbers.length - 1, Math.floor(numbers.length * share))];
}

export const whole = number => Math.round(number).toLocaleString('en');
