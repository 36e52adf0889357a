package dev.longhaul.rest;

import static dev.longhaul.rest.ProblemType.UNKNOWN_TOOL;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.cache.ResultCache;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Size;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** Kept answers: what they are good for, and forgetting them. */
@RestController
@Tag(name = "cache", description = "Kept answers: how many are used, and forgetting them.")
class CacheController {
  private static final int MAX_URI = 10_000;

  private final ResultCache cache;

  CacheController(ResultCache cache) {
    this.cache = cache;
  }

  @GetMapping(Routes.CACHE)
  @Operation(
      summary = "Shows the cache",
      description = "How much is kept in the memory of the process that answers, and how often.")
  CacheView getCache() {
    return CacheView.of(cache);
  }

  @DeleteMapping(Routes.CACHE + "/tools/{name}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Forgets all answers of a tool",
      description =
          "Those of all callers, in all processes. What is being made now is not kept either.")
  @Refuses(UNKNOWN_TOOL)
  void forgetTool(@PathVariable("name") String name) {
    cache.forgetTool(name);
  }

  @PostMapping(
      path = Routes.CACHE + "/tools/{name}/forget",
      consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Forgets the answer to one call",
      description =
          "The caller's own, or the one that is everybody's if the tool's cache-scope is shared."
              + " A POST, because arguments do not fit into a URL.")
  @Refuses(UNKNOWN_TOOL)
  void forgetCall(
      @PathVariable("name") String name, @JsonBody("forget.json") Forgotten call, Caller caller) {
    cache.forgetCall(caller, name, call.arguments());
  }

  @DeleteMapping(Routes.CACHE + "/resources")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Forgets what a resource reads",
      description = "For all callers, in all processes.")
  void forgetResource(@RequestParam(name = "uri") @Size(min = 1, max = MAX_URI) String uri) {
    cache.forgetResource(uri);
  }

  @DeleteMapping(Routes.CACHE + "/lists")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Forgets the lists",
      description = "Those of resources, resource templates and prompts, in all processes.")
  void forgetLists() {
    cache.forgetLists();
  }

  /** The call whose answer is to be forgotten. */
  record Forgotten(ObjectNode arguments) {}
}
