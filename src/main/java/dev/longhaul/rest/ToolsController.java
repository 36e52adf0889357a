package dev.longhaul.rest;

import dev.longhaul.catalog.ToolCatalogue;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Lists the tools. */
@RestController
@Tag(name = "tools", description = "What can be called.")
class ToolsController {
  private final ToolCatalogue tools;

  ToolsController(ToolCatalogue tools) {
    this.tools = tools;
  }

  @GetMapping(Routes.TOOLS)
  ToolView.All listTools() {
    tools.awaitFirst();
    return new ToolView.All(
        tools.all().stream()
            .filter(tool -> tool.listed() && !tool.policy().internal())
            .map(ToolView::of)
            .toList());
  }
}
