package dev.longhaul.builtin;

import dev.longhaul.catalog.ToolPolicy;
import dev.longhaul.tool.Execution;
import dev.longhaul.tool.InputRules;
import dev.longhaul.tool.JobContext;
import dev.longhaul.tool.LonghaulTool;
import dev.longhaul.tool.PermanentFailureException;
import dev.longhaul.tool.ToolAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpToolParam;
import org.springframework.util.unit.DataSize;

/** The tools compute_hash and compress_data. They are quick, so they run inline. */
public class TextTools {
  private static final int DEFAULT_LEVEL = 6;
  private static final int PIECE = 1 << 18;

  private final DataSize maxInline;

  TextTools(BuiltinProperties properties) {
    this.maxInline = properties.maxInline();
  }

  /** Digests text. */
  @McpTool(
      name = "compute_hash",
      title = "Compute a hash",
      description =
          "Computes the cryptographic hash of a text in UTF-8 and returns it in hexadecimal and"
              + " Base64.",
      generateOutputSchema = true,
      annotations =
          @McpTool.McpAnnotations(
              title = "Compute a hash",
              readOnlyHint = true,
              destructiveHint = false,
              idempotentHint = true,
              openWorldHint = false))
  @LonghaulTool(execution = Execution.INLINE, queue = ToolPolicy.CPU_QUEUE)
  @InputRules
  public ToolAnswer<HashResult> computeHash(
      @McpToolParam(description = "The text to hash", required = true) String data,
      @McpToolParam(
              description =
                  "Hash algorithm, default sha256. Use md5 and sha1 only to compare with existing"
                      + " checksums.",
              required = false)
          @Nullable HashAlgorithm algorithm)
      throws NoSuchAlgorithmException, IOException {
    InlineText.require("data", data, maxInline);
    HashAlgorithm chosen = Objects.requireNonNullElse(algorithm, HashAlgorithm.sha256);
    byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
    MessageDigest messageDigest = MessageDigest.getInstance(chosen.javaName());
    inPieces("hashing", bytes, messageDigest::update);
    byte[] digest = messageDigest.digest();
    String hex = HexFormat.of().formatHex(digest);
    return ToolAnswer.of(
        "The " + chosen.name() + " of " + bytes.length + " bytes is " + hex + ".",
        new HashResult(
            chosen.name(), hex, Base64.getEncoder().encodeToString(digest), bytes.length));
  }

  /** Compresses text. */
  @McpTool(
      name = "compress_data",
      title = "Compress data",
      description =
          "Compresses a text in UTF-8 and returns the compressed bytes in Base64, with both sizes.",
      generateOutputSchema = true,
      annotations =
          @McpTool.McpAnnotations(
              title = "Compress data",
              readOnlyHint = true,
              destructiveHint = false,
              idempotentHint = true,
              openWorldHint = false))
  @LonghaulTool(execution = Execution.INLINE, queue = ToolPolicy.CPU_QUEUE)
  @InputRules
  public ToolAnswer<CompressionResult> compressData(
      @McpToolParam(description = "The text to compress", required = true) String data,
      @McpToolParam(
              description = "gzip (default) or deflate (in the zlib format, as HTTP means it)",
              required = false)
          @Nullable CompressionAlgorithm algorithm,
      @McpToolParam(description = "From 1 (fastest) to 9 (smallest), default 6", required = false)
          @Nullable Integer level)
      throws IOException {
    InlineText.require("data", data, maxInline);
    int chosenLevel = Objects.requireNonNullElse(level, DEFAULT_LEVEL);
    if (chosenLevel < Deflater.BEST_SPEED || chosenLevel > Deflater.BEST_COMPRESSION) {
      throw new PermanentFailureException(
          "'level' is " + chosenLevel + "; give a whole number from 1 to 9.");
    }
    CompressionAlgorithm chosen = Objects.requireNonNullElse(algorithm, CompressionAlgorithm.gzip);
    byte[] original = data.getBytes(StandardCharsets.UTF_8);
    byte[] compressed = compress(original, chosen, chosenLevel);
    double ratio = original.length == 0 ? 1 : (double) compressed.length / original.length;
    return ToolAnswer.of(
        String.format(
            Locale.ROOT,
            "%d bytes became %d (%.1f %%).",
            original.length,
            compressed.length,
            ratio * 100),
        new CompressionResult(
            chosen.name(),
            chosenLevel,
            original.length,
            compressed.length,
            ratio,
            Base64.getEncoder().encodeToString(compressed)));
  }

  private static byte[] compress(byte[] data, CompressionAlgorithm algorithm, int level)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    switch (algorithm) {
      case gzip -> {
        try (GZIPOutputStream gzip = new LevelledGzip(out, level)) {
          inPieces("compressing", data, gzip::write);
        }
      }
      case deflate -> {
        Deflater deflater = new Deflater(level);
        try (DeflaterOutputStream deflate = new DeflaterOutputStream(out, deflater)) {
          inPieces("compressing", data, deflate::write);
        } finally {
          deflater.end();
        }
      }
    }
    return out.toByteArray();
  }

  /** Receives a part of the data. */
  private interface Sink {
    void take(byte[] bytes, int offset, int length) throws IOException;
  }

  // Between the pieces, checks whether the call was cancelled or has timed out.
  private static void inPieces(String step, byte[] data, Sink sink) throws IOException {
    Optional<JobContext> job = JobContext.find();
    for (int at = 0; at < data.length; at += PIECE) {
      job.ifPresent(context -> context.checkpoint(step));
      sink.take(data, at, Math.min(PIECE, data.length - at));
    }
  }

  // The JDK's stream lets only subclasses set the level.
  private static final class LevelledGzip extends GZIPOutputStream {
    LevelledGzip(ByteArrayOutputStream out, int level) throws IOException {
      super(out);
      def.setLevel(level);
    }
  }
}
