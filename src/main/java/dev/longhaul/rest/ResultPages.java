package dev.longhaul.rest;

import dev.longhaul.intake.ResultPage;
import dev.longhaul.job.JobId;
import dev.longhaul.schema.Violation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.util.unit.DataSize;
import org.springframework.web.util.UriUtils;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Pages of {@code GET /jobs/{id}/result}. */
final class ResultPages {
  /** The header that marks a body as a page and not the whole result. */
  static final String PAGE = "Longhaul-Result-Page";

  /** Room for everything but the data. */
  private static final long FRAME = 5_000;

  private final long room;
  private final Routes routes;

  /**
   * @param most how large an answer may be
   */
  ResultPages(DataSize most, Routes routes) {
    this.room = most.toBytes() - FRAME;
    this.routes = routes;
  }

  /** The page as JSON. */
  String page(JobId job, ResultDocument document, ResultPage.Asked asked) {
    ResultPage page;
    try {
      page = ResultPage.of(document.json(), asked, room);
    } catch (ResultPage.Refused e) {
      throw new BadRequestException(
          List.of(new Violation(e.field(), String.valueOf(e.getMessage()))));
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("job_id", job.value()).put("state", document.state());
    page.write(answer);
    String self = routes.job(job.value());
    ObjectNode links = answer.putObject("links").put("job", self);
    page.next().ifPresent(next -> links.put("next", next(self, page, asked, next)));
    return answer.toString();
  }

  private static String next(String self, ResultPage page, ResultPage.Asked asked, int offset) {
    StringBuilder url = new StringBuilder(self).append("/result?offset=").append(offset);
    if (asked.limit() != null) {
      url.append("&limit=").append(asked.limit());
    }
    if (!page.pointer().isEmpty()) {
      url.append("&pointer=").append(UriUtils.encode(page.pointer(), StandardCharsets.UTF_8));
    }
    return url.toString();
  }
}
