package dev.longhaul.builtin;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** A digest. */
@JsonPropertyOrder({"algorithm", "hex", "base64", "size_bytes"})
public record HashResult(
    @JsonProperty("algorithm") String algorithm,
    @JsonProperty("hex") String hex,
    @JsonProperty("base64") String base64,
    @JsonProperty("size_bytes") long sizeBytes) {}
