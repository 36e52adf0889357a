package dev.longhaul.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Scripts consist of what they use and nothing else. */
class ScriptTextTest {
  private static final Pattern DEFINED = Pattern.compile("(?m)^ *local function (\\w+)");
  private static final Pattern CALLED = Pattern.compile("(?<![.:\\w])(\\w+)\\(");
  private static final Pattern DECLARED =
      Pattern.compile("local (?:function )?([\\w, ]+)|function\\(([\\w, ]*)\\)|\\(([\\w, ]*)\\)");
  private static final Set<String> BUILT_IN =
      Set.of(
          "ipairs",
          "next",
          "pairs",
          "tonumber",
          "tostring",
          "unpack",
          "type",
          "function",
          "and",
          "or",
          "if",
          "in",
          "return",
          "not",
          "then",
          "elseif",
          "while",
          "error");

  @ParameterizedTest
  @EnumSource(Script.class)
  void aScriptHasNoFunctionThatItDoesNotUse(Script script) {
    String text = script.source();
    for (String name : all(DEFINED, text)) {
      assertThat(Pattern.compile("\\b" + name + "\\b").matcher(text).results())
          .as("%s names %s", script, name)
          .hasSizeGreaterThan(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Script.class)
  void aScriptHasEveryFunctionThatItCalls(Script script) {
    String text = script.source().replaceAll("'[^'\n]*'", "''");
    Set<String> declared =
        DECLARED
            .matcher(text)
            .results()
            .flatMap(match -> Pattern.compile("\\w+").matcher(match.group()).results())
            .map(MatchResult::group)
            .collect(Collectors.toSet());
    assertThat(all(CALLED, text))
        .allMatch(
            name -> BUILT_IN.contains(name) || declared.contains(name), "is defined in " + script);
  }

  @Test
  void definitionsComeWithWhatTheyNeedAndThoseOfAFunctionOnDemandAreMadeInIt() {
    String shared =
        """
        -- About a.
        local function a() return 1 end
        local b = a() + 1

        local function c()
          return b
        end
        local later
        later = function() return c() end
        """;

    assertThat(ScriptText.assemble(List.of(shared), "return b\n"))
        .isEqualTo("local function a() return 1 end\nlocal b = a() + 1\nreturn b\n");
    assertThat(
            ScriptText.assemble(
                List.of(shared),
                """
                local function rare()
                  -- Definitions
                  return later
                end
                return a() == 2 and rare()()
                """))
        .isEqualTo(
            """
            local function a() return 1 end
            local function rare()
            local b = a() + 1
            local function c()
              return b
            end
            local later
            later = function() return c() end
              return later
            end
            return a() == 2 and rare()()
            """);
  }

  private static Set<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1)).collect(Collectors.toSet());
  }
}
