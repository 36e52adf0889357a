package dev.longhaul.tool;

/** For whom a cached result may be used. */
public enum CacheScope {
  /** Only for the caller it was made for. */
  CALLER,
  /** For everybody: the result does not depend on who asks. */
  SHARED
}
