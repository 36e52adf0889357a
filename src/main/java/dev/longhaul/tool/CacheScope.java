package dev.longhaul.tool;

/** To whom an answer may be given again. */
public enum CacheScope {
  /** Only to the caller it was made for. */
  CALLER,
  /** To everybody: the tool answers the same whoever asks. */
  SHARED
}
