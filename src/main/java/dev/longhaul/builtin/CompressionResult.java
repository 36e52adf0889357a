package dev.longhaul.builtin;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** Compressed data. */
@JsonPropertyOrder({"algorithm", "level", "original_bytes", "compressed_bytes", "ratio", "base64"})
public record CompressionResult(
    @JsonProperty("algorithm") String algorithm,
    @JsonProperty("level") int level,
    @JsonProperty("original_bytes") long originalBytes,
    @JsonProperty("compressed_bytes") long compressedBytes,
    @JsonProperty("ratio") @JsonPropertyDescription("compressed / original") double ratio,
    @JsonProperty("base64") String base64) {}
