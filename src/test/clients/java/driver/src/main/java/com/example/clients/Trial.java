package com.example.clients;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** A connected client. */
public interface Trial extends AutoCloseable {
  /** What the user says to a question. */
  Map<String, Object> ANSWER = Map.of("color", "blue");

  List<String> list() throws Exception;

  /**
   * What a program or a model reads of a result.
   *
   * @param progress run at each report of progress
   */
  String call(String tool, Map<String, Object> arguments, Runnable progress) throws Exception;

  /** The steps that its library has no way to do. */
  default Set<String> unable() {
    return Set.of();
  }

  /** A way to connect. */
  @FunctionalInterface
  interface Library {
    Trial connect(String url) throws Exception;
  }
}
