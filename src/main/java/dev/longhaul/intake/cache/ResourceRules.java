package dev.longhaul.intake.cache;

import dev.longhaul.intake.cache.CacheProperties.ResourceRule;
import java.util.List;
import java.util.Optional;

/** Which resources may be kept; the first rule whose URI fits. */
final class ResourceRules {
  private final List<Fitting> rules;

  ResourceRules(List<ResourceRule> rules) {
    this.rules =
        rules.stream()
            .map(rule -> new Fitting(List.of(rule.uri().split("\\*", -1)), rule))
            .toList();
  }

  Optional<ResourceRule> of(String uri) {
    return rules.stream().filter(rule -> rule.fits(uri)).map(Fitting::rule).findFirst();
  }

  /**
   * A rule.
   *
   * @param parts what stands between its stars
   */
  private record Fitting(List<String> parts, ResourceRule rule) {

    // No regular expression: URIs come from outside, and this is linear for each star.
    boolean fits(String uri) {
      String first = parts.getFirst();
      if (parts.size() == 1) {
        return uri.equals(first);
      }
      String last = parts.getLast();
      if (!uri.startsWith(first)) {
        return false;
      }
      int at = first.length();
      for (String part : parts.subList(1, parts.size() - 1)) {
        int found = uri.indexOf(part, at);
        if (found < 0) {
          return false;
        }
        at = found + part.length();
      }
      return uri.length() - last.length() >= at && uri.endsWith(last);
    }
  }
}
