package dev.longhaul.builtin.fetch;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/** The outcome of one URL. Null fields are left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
  "url",
  "ok",
  "status",
  "final_url",
  "content_type",
  "bytes",
  "body",
  "truncated",
  "note",
  "error"
})
public record UrlOutcome(
    @JsonProperty("url") String url,
    @JsonProperty("ok") @JsonPropertyDescription("A 2xx") boolean ok,
    @JsonProperty(value = "status", required = false) @Nullable Integer status,
    @JsonProperty(value = "final_url", required = false)
        @JsonPropertyDescription("Where redirects led")
        @Nullable String finalUrl,
    @JsonProperty(value = "content_type", required = false) @Nullable String contentType,
    @JsonProperty(value = "bytes", required = false)
        @JsonPropertyDescription("Of the decompressed body, as far as read")
        @Nullable Long bytes,
    @JsonProperty(value = "body", required = false) @Nullable String body,
    @JsonProperty("truncated") boolean truncated,
    @JsonProperty(value = "note", required = false)
        @JsonPropertyDescription("Why there is no body, or not all")
        @Nullable String note,
    @JsonProperty(value = "error", required = false) @Nullable FetchError error) {

  static UrlOutcome failed(String url, FetchError error) {
    return new UrlOutcome(url, false, null, null, null, null, null, false, null, error);
  }
}
