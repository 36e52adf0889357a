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

  /** String: the encrypted token of a job; until the job or the token has ended. */
  String token(JobId job) {
    return tag + "token:" + job;
  }

  /** Hash: the login of an upstream, its content encrypted; until somebody logs out. */
  String login(String upstream) {
    return tag + "login:" + upstream;
  }

  /** String: the process that renews a login; for a minute at most. */
  String loginLock(String upstream) {
    return tag + "login-lock:" + upstream;
  }

  /** String: that an upstream has asked for a login; an hour. */
  String loginNeeded(String upstream) {
    return tag + "login-needed:" + upstream;
  }

  /** Hash: what is known of each upstream. */
  String catalogue() {
    return tag + "catalogue";
  }

  /** Hash: another text after each change of what is known of an upstream. */
  String versions() {
    return tag + "versions";
  }

  /** Set: the upstreams that an operator has switched off. */
  String switchedOff() {
    return tag + "off";
  }

  /** Set: the processes that have told a view. */
  String processes() {
    return tag + "processes";
  }

  /** String: what a process has of upstreams; as long as it lives. */
  String view(String process) {
    return tag + "view:" + process;
  }

  /** Set: the processes that have told which updates of resources they want. */
  String wanting() {
    return tag + "wanting";
  }

  /** String: the resources of upstreams whose updates a process wants; as long as it lives. */
  String wanted(String process) {
    return tag + "wanted:" + process;
  }

  /** Channel: that a process wants other updates, and that an upstream announces them. */
  String subscriptions() {
    return tag + "subscriptions";
  }

  /** Channel: what an operator has told a process to do. */
  String commands() {
    return tag + "commands";
  }
}
