package dev.longhaul.rest;

import dev.longhaul.gateway.UnknownUpstreamException;
import dev.longhaul.gateway.Upstreams;
import dev.longhaul.intake.IntakeException;
import dev.longhaul.intake.Refusal;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The upstreams, for the operator. */
@RestController
@Tag(name = "upstreams", description = "Other MCP servers whose tools are served here.")
class UpstreamsController {
  private final Upstreams upstreams;

  UpstreamsController(Upstreams upstreams) {
    this.upstreams = upstreams;
  }

  @GetMapping(Routes.UPSTREAMS)
  UpstreamStatus.All listUpstreams() {
    return with(() -> UpstreamStatus.All.of(upstreams.list(), upstreams.unknownSettings()));
  }

  @GetMapping(Routes.UPSTREAMS + "/{upstream}")
  UpstreamStatus getUpstream(@PathVariable String upstream) {
    return with(() -> UpstreamStatus.of(upstreams.get(upstream)));
  }

  @PostMapping(Routes.UPSTREAMS + "/reload")
  UpstreamStatus.All reloadUpstreams() {
    return with(() -> UpstreamStatus.All.of(upstreams.reload(), upstreams.unknownSettings()));
  }

  @PostMapping(Routes.UPSTREAMS + "/{upstream}/reconnect")
  UpstreamStatus reconnectUpstream(@PathVariable String upstream) {
    return with(() -> UpstreamStatus.of(upstreams.reconnect(upstream)));
  }

  @PostMapping(Routes.UPSTREAMS + "/{upstream}/enable")
  UpstreamStatus enableUpstream(@PathVariable String upstream) {
    return with(() -> UpstreamStatus.of(upstreams.enable(upstream)));
  }

  @PostMapping(Routes.UPSTREAMS + "/{upstream}/disable")
  UpstreamStatus disableUpstream(@PathVariable String upstream) {
    return with(() -> UpstreamStatus.of(upstreams.disable(upstream)));
  }

  private static <T> T with(Supplier<T> action) {
    try {
      return action.get();
    } catch (UnknownUpstreamException e) {
      throw new BadRequestException(ProblemType.UNKNOWN_UPSTREAM, String.valueOf(e.getMessage()));
    } catch (DataAccessException e) {
      throw new IntakeException(new Refusal.Unavailable("Redis could not be used; try again."), e);
    }
  }
}
