package dev.longhaul.gateway.redis;

import dev.longhaul.job.JobId;
import dev.longhaul.redis.KeyTags;

/**
 * The Redis keys of the gateway. All begin with one hash tag, so that a script can use several of
 * them in a Redis Cluster.
 *
 * @param tag {@code {lh:<namespace>}:up:}
 */
record GatewayKeys(String tag) {

  static GatewayKeys of(KeyTags tags) {
    return new GatewayKeys(tags.tag() + ":up:");
  }

  /** String: the process that runs a stdio upstream; as long as its lease. */
  String lease(String upstream) {
    return tag + "lease:" + upstream;
  }

  /** String: how far the call of a job has got; until the call has ended. */
  String call(JobId job) {
    return tag + "call:" + job;
  }
}
