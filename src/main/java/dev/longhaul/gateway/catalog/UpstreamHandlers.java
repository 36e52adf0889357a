package dev.longhaul.gateway.catalog;

import dev.longhaul.catalog.PrimitiveHandler;
import dev.longhaul.catalog.ToolHandler;
import tools.jackson.databind.node.ObjectNode;

/** Makes what runs calls of upstreams. All names are the upstream's own. */
public interface UpstreamHandlers {

  /** What may happen after a crash to a call that was under way. */
  enum Repeat {
    /** It may run again: hints of a trusted upstream or settings say so. */
    YES,
    /**
     * It may run again, but if the upstream has made a task of it, the next attempt follows that.
     */
    YES_OR_FOLLOW,
    /** It must not run again. */
    NO,
    /**
     * It must not run again, but the next attempt follows the task that the upstream has made of
     * it.
     */
    FOLLOW;

    /** Whether it may run again. */
    public boolean isAllowed() {
      return this == YES || this == YES_OR_FOLLOW;
    }

    /** Whether it may become a task that the next attempt follows. */
    public boolean follows() {
      return this == FOLLOW || this == YES_OR_FOLLOW;
    }
  }

  /**
   * Runs a tool.
   *
   * @param description its entry in the upstream's tools/list
   */
  ToolHandler tool(Upstream upstream, String tool, ObjectNode description, Repeat repeat);

  /** Reads its resources. */
  PrimitiveHandler resource(Upstream upstream);

  PrimitiveHandler prompt(Upstream upstream, String prompt);

  /**
   * Completes an argument.
   *
   * @param ref the prompt or resource template
   */
  PrimitiveHandler completion(Upstream upstream, ObjectNode ref);
}
