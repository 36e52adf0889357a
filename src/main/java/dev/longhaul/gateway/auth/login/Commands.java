package dev.longhaul.gateway.auth.login;

/** What to type, for messages. */
final class Commands {
  private Commands() {}

  /** The command that logs in. */
  static String login(String upstream) {
    return "java -jar longhaul.jar upstreams login " + upstream;
  }
}
