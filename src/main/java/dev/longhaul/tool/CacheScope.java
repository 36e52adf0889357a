package dev.longhaul.tool;

/** For whom a cached result may be used. */
public enum CacheScope {
  /** Only for the caller whose call produced it. */
  CALLER,
  /** For all callers: the result does not depend on the caller. */
  SHARED
}
