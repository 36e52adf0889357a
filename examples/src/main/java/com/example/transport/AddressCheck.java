package com.example.transport;

import dev.longhaul.tool.LonghaulTool;
import dev.longhaul.tool.ToolAnswer;
import dev.longhaul.tool.work.ItemOutcome;
import dev.longhaul.tool.work.ParallelMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpToolParam;

/** The tool for many items: one wrong item spoils nothing for the others. */
public class AddressCheck {
  private static final int ERRORS_SHOWN = 20;
  private static final Map<String, Pattern> POSTCODES =
      Map.of(
          "CH", Pattern.compile("[1-9][0-9]{3}"),
          "DE", Pattern.compile("[0-9]{5}"),
          "GB", Pattern.compile("[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}"),
          "NL", Pattern.compile("[1-9][0-9]{3} [A-Z]{2}"));

  /** What came out of a list of addresses. */
  public record Checked(List<String> good, List<String> bad) {}

  @McpTool(
      name = "check_addresses",
      description = "Checks addresses of the form \"street, postcode, city, country code\".",
      generateOutputSchema = true,
      annotations = @McpTool.McpAnnotations(readOnlyHint = true))
  @LonghaulTool(timeout = "2m", estimate = "2s")
  public ToolAnswer<Checked> check(
      @McpToolParam(description = "the addresses") List<String> addresses) {
    List<String> good = new ArrayList<>();
    List<ItemOutcome.Failed<String, String>> bad = new ArrayList<>();
    // Several at once; it reports the progress, and stops when the call is cancelled.
    for (ItemOutcome<String, String> outcome :
        ParallelMap.over(addresses).called("addresses").map(AddressCheck::checked)) {
      switch (outcome) {
        case ItemOutcome.Done<String, String> done -> good.add(done.value());
        case ItemOutcome.Failed<String, String> failed -> bad.add(failed);
      }
    }
    ToolAnswer<Checked> answer =
        ToolAnswer.of(
                good.size() + " of " + addresses.size() + " addresses are good.",
                new Checked(good, bad.stream().map(ItemOutcome.Failed::item).toList()))
            .count("good", good.size())
            .count("bad", bad.size());
    for (var failed : bad.subList(0, Math.min(bad.size(), ERRORS_SHOWN))) {
      answer =
          answer.error(
              "BAD_ADDRESS",
              "input",
              failed.item() + ": " + failed.error().getMessage() + ".",
              "Correct it and check it again.");
    }
    return answer;
  }

  private static String checked(String address) {
    String[] parts = address.split("\\s*,\\s*", -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException("it has " + parts.length + " parts instead of 4");
    }
    Pattern postcode = POSTCODES.get(parts[3]);
    if (postcode == null) {
      throw new IllegalArgumentException("the country " + parts[3] + " is not served");
    }
    if (!postcode.matcher(parts[1]).matches()) {
      throw new IllegalArgumentException(parts[1] + " is no postcode of " + parts[3]);
    }
    return String.join(", ", parts);
  }
}
