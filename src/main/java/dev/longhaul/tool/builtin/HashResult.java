package dev.longhaul.tool.builtin;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** A digest. */
@JsonPropertyOrder({"algorithm", "hex", "base64", "size_bytes"})
public record HashResult(
    @JsonProperty("algorithm") String algorithm,
    @JsonProperty("hex") @JsonPropertyDescription("The digest in lower-case hexadecimal")
        String hex,
    @JsonProperty("base64") @JsonPropertyDescription("The same digest in Base64") String base64,
    @JsonProperty("size_bytes") @JsonPropertyDescription("Size of the data in UTF-8")
        long sizeBytes) {}
