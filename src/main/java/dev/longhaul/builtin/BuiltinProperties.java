package dev.longhaul.builtin;

import dev.longhaul.builtin.dataset.ProfileLimits;
import dev.longhaul.builtin.fetch.FetchLimits;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the built-in tools.
 *
 * @param enabled whether the built-in tools are offered: in the application unless it is set to
 *     false, as a library only if it is set to true
 * @param dataDirectory the only directory that profile_dataset reads files from
 * @param maxInline longest text argument: data of compute_hash and compress_data, content of
 *     profile_dataset
 * @param profile limits of profile_dataset
 * @param fetch limits of fetch_urls
 */
@ConfigurationProperties("longhaul.builtin")
public record BuiltinProperties(
    @DefaultValue("false") boolean enabled,
    @DefaultValue("./data") Path dataDirectory,
    @DefaultValue("10MB") DataSize maxInline,
    @DefaultValue Profile profile,
    @DefaultValue Fetch fetch) {

  /**
   * Limits of profile_dataset; they bound its memory.
   *
   * @param maxColumns columns that profile_dataset describes; each takes up to about 200 kB
   * @param maxRow longest row of a dataset; longer ones count as malformed
   */
  public record Profile(@DefaultValue("256") int maxColumns, @DefaultValue("1MB") DataSize maxRow) {

    public Profile {
      if (maxColumns < 1 || maxColumns > 10_000) {
        throw new IllegalArgumentException(
            "longhaul.builtin.profile.max-columns is " + maxColumns + "; give 1 to 10000.");
      }
      if (maxRow.toBytes() < 1_024 || maxRow.toBytes() > 64L << 20) {
        throw new IllegalArgumentException(
            "longhaul.builtin.profile.max-row is " + maxRow + "; give 1KB to 64MB.");
      }
    }

    ProfileLimits limits() {
      return new ProfileLimits(maxColumns, (int) maxRow.toBytes());
    }
  }

  /**
   * Limits of fetch_urls.
   *
   * @param allowPrivateAddresses whether fetch_urls may reach addresses that are not on the public
   *     internet: callers can then reach everything that this machine can reach
   * @param maxUrls most URLs of one call of fetch_urls
   * @param maxBody the maximum size of one body, after decompression; the rest is cut off
   * @param maxTotal the maximum size of all bodies of one call together
   */
  public record Fetch(
      @DefaultValue("false") boolean allowPrivateAddresses,
      @DefaultValue("100") int maxUrls,
      @DefaultValue("5MB") DataSize maxBody,
      @DefaultValue("20MB") DataSize maxTotal) {

    public Fetch {
      if (maxUrls < 1) {
        throw new IllegalArgumentException(
            "longhaul.builtin.fetch.max-urls is " + maxUrls + "; give 1 or more.");
      }
      if (maxBody.toBytes() < 1 || maxBody.toBytes() > 1L << 30) {
        throw new IllegalArgumentException(
            "longhaul.builtin.fetch.max-body is " + maxBody + "; give 1B to 1GB.");
      }
    }

    FetchLimits limits() {
      return new FetchLimits((int) maxBody.toBytes(), maxTotal.toBytes());
    }
  }
}
