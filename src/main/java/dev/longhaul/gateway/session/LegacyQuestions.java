package dev.longhaul.gateway.session;

import dev.longhaul.gateway.rpc.RpcErrorException;
import dev.longhaul.tool.InputNeededException;
import dev.longhaul.tool.JobStoppedException;
import dev.longhaul.tool.Question;
import dev.longhaul.tool.ToolRefusedException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Answers requests of a legacy upstream by asking the client of the call that they belong to. */
final class LegacyQuestions {
  private final OpenCalls calls;

  LegacyQuestions(OpenCalls calls) {
    this.calls = calls;
  }

  /**
   * Answers a request that came on no call's stream.
   *
   * @throws RpcErrorException if it cannot be known which call it is about: a guess could send one
   *     caller's question to another
   */
  ObjectNode answer(String method, ObjectNode params) throws InterruptedException {
    return answer(calls.of(params), method, params);
  }

  /**
   * Answers a request.
   *
   * @param feed the call that it is about; null if unknown
   */
  static ObjectNode answer(@Nullable CallFeed feed, String method, ObjectNode params)
      throws InterruptedException {
    if (method.equals("ping")) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (!Question.METHODS.contains(method)) {
      throw refused("Method not found");
    }
    if (feed == null) {
      throw refused("The client cannot be asked, because the request belongs to no call.");
    }
    try {
      var question = new Question(null, method, plain(params));
      if (feed.ask(List.of(question)).getFirst() instanceof ObjectNode answer) {
        return answer;
      }
      throw new RpcErrorException(-32603, "The client's answer is no object.", null);
    } catch (ToolRefusedException | IllegalStateException e) {
      throw refused(String.valueOf(e.getMessage()));
    } catch (InputNeededException e) {
      throw new RpcErrorException(
          -32603, "The call is ended here, and made again with the client's answer.", null);
    } catch (JobStoppedException e) {
      throw new RpcErrorException(-32603, "The call has been stopped.", null);
    }
  }

  private static RpcErrorException refused(String why) {
    return new RpcErrorException(Eras.METHOD_NOT_FOUND, why, null);
  }

  // Which task it belongs to, and where its progress goes, has no meaning for the client.
  private static ObjectNode plain(ObjectNode params) {
    ObjectNode plain = JsonNodeFactory.instance.objectNode();
    var _ = plain.setAll(params);
    var _ = plain.remove(List.of("_meta", "task"));
    return plain;
  }
}
