package dev.longhaul.production;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What a check found. Never contains a secret.
 *
 * @param check a short name of what was looked at, such as {@code persistence}
 * @param observed what was found, as a sentence
 * @param remedy what the operator can do, naming the setting; null if it passed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Finding(
    @JsonProperty("check") String check,
    @JsonProperty("verdict") Verdict verdict,
    @JsonProperty("observed") String observed,
    @JsonProperty("remedy") @Nullable String remedy) {

  public static Finding pass(String check, String observed) {
    return new Finding(check, Verdict.PASS, observed, null);
  }

  public static Finding warn(String check, String observed, String remedy) {
    return new Finding(check, Verdict.WARN, observed, remedy);
  }

  public static Finding fail(String check, String observed, String remedy) {
    return new Finding(check, Verdict.FAIL, observed, remedy);
  }
}
