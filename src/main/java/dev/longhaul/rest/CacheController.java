package dev.longhaul.rest;

import dev.longhaul.intake.Caller;
import dev.longhaul.intake.cache.ResultCache;
import io.swagger.v3.oas.annotations.tags.Tag;
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

/** Shows how often cached results are used, and invalidates them. */
@RestController
@Tag(name = "cache", description = "Cached results: how many are used, and forgetting them.")
class CacheController {
  private static final int MAX_URI = 10_000;

  private final ResultCache cache;

  CacheController(ResultCache cache) {
    this.cache = cache;
  }

  @GetMapping(Routes.CACHE)
  CacheView getCache() {
    return CacheView.of(cache);
  }

  @DeleteMapping(Routes.CACHE + "/tools/{name}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void forgetTool(@PathVariable String name) {
    cache.forgetTool(name);
  }

  @PostMapping(
      path = Routes.CACHE + "/tools/{name}/forget",
      consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void forgetCall(
      @PathVariable String name, @JsonBody("forget.json") Forgotten call, Caller caller) {
    cache.forgetCall(caller, name, call.arguments());
  }

  @DeleteMapping(Routes.CACHE + "/resources")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void forgetResource(@RequestParam @Bounds(min = 1, max = MAX_URI) String uri) {
    cache.forgetResource(uri);
  }

  @DeleteMapping(Routes.CACHE + "/lists")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void forgetLists() {
    cache.forgetLists();
  }

  /** The call whose result is to be forgotten. */
  record Forgotten(ObjectNode arguments) {}
}
