package dev.longhaul.cli.bench;

/** One way to call a server; used by many threads at once. */
@FunctionalInterface
interface Caller {
  /**
   * Makes one call and returns when its result is here.
   *
   * @param number which call of the run it is, from 0
   * @throws RuntimeException when it failed; the message says why
   */
  void call(Target target, int number);
}
