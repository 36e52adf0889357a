package dev.longhaul.worker;

/** The place of a running job in its pool. */
interface Slot {
  /** Another job may run in its place. */
  void release();

  /** The job runs on, even if its place has been given away: for a moment one more runs. */
  void take();
}
