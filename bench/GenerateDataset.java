import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes shipments as CSV, or events as JSON lines if the file's name ends in .jsonl. The same
 * arguments give the same bytes on every machine. Needs nothing but Java 17 or later:
 *
 * <pre>java bench/GenerateDataset.java OUT SIZE [SEED]</pre>
 *
 * SIZE is how big the file gets, such as 400MB (the last row may pass it), or how many rows, such
 * as 2000rows.
 */
public final class GenerateDataset {
  private static final long DEFAULT_SEED = 20_260_101;
  private static final Pattern SIZE = Pattern.compile("(\\d+)(B|KB|MB|GB|ROWS)");
  private static final long FIRST_MOMENT = Instant.parse("2024-01-01T00:00:00Z").getEpochSecond();
  private static final int DAYS = 700;

  private static final String[] PORTS = {
    "Rotterdam", "Hamburg", "Antwerpen", "Le Havre", "Gdańsk", "Göteborg", "València", "Piraeus",
    "Singapore", "Shanghai", "Busan", "Los Angeles", "Santos", "Durban", "Nhava Sheva", "Tanger"
  };
  private static final String[] CARRIERS = {
    "Northwind Freight", "Blue Anchor", "Continental Rail", "Kestrel Air", "Meridian Lines"
  };
  private static final String[] CURRENCIES = {"EUR", "EUR", "EUR", "USD", "USD", "GBP", "SEK"};
  // Texts that are hard on a parser: quotes, separators, line breaks, more than one byte a letter.
  private static final String[] NOTES = {
    "fragile",
    "keep upright, do not stack",
    "customer says \"call first\"",
    "deliver to gate 4; ask for Zoë",
    "damaged packaging,\nphotos taken",
    "temperature ≤ 8 °C",
    "\"express\", paid in advance",
    "冷蔵便"
  };
  private static final String[] EVENTS = {
    "created", "picked_up", "in_transit", "customs", "out_for_delivery", "delivered"
  };

  private final SplittableRandom random;
  private final byte[][] ports = bytes(PORTS);
  private final byte[][] carriers = bytes(CARRIERS);
  private final byte[][] currencies = bytes(CURRENCIES);
  private final byte[][] csvNotes = new byte[NOTES.length][];
  private final byte[][] jsonNotes = new byte[NOTES.length][];
  private final byte[][] events = bytes(EVENTS);
  private final byte[][] days = new byte[DAYS][];
  private final Buffer out = new Buffer();

  private GenerateDataset(long seed) {
    random = new SplittableRandom(seed);
    for (int i = 0; i < NOTES.length; i++) {
      String note = NOTES[i];
      boolean quoted = note.matches("(?s).*[\",\\n].*");
      csvNotes[i] = utf8(quoted ? '"' + note.replace("\"", "\"\"") + '"' : note);
      jsonNotes[i] = utf8('"' + note.replace("\"", "\\\"").replace("\n", "\\n") + '"');
    }
    LocalDate first = LocalDate.ofInstant(Instant.ofEpochSecond(FIRST_MOMENT), ZoneOffset.UTC);
    for (int i = 0; i < DAYS; i++) {
      days[i] = utf8(first.plusDays(i).toString());
    }
  }

  public static void main(String[] args) throws IOException {
    Matcher size = args.length < 2 ? null : SIZE.matcher(args[1].toUpperCase(Locale.ROOT));
    if (size == null || args.length > 3 || !size.matches()) {
      System.err.println(
          "Usage: java bench/GenerateDataset.java OUT SIZE [SEED]\n"
              + "  OUT   the file to write; JSON lines if it ends in .jsonl, else CSV\n"
              + "  SIZE  such as 400MB, or 2000rows");
      System.exit(2);
      return;
    }
    Path file = Path.of(args[0]);
    long seed = args.length == 3 ? Long.parseLong(args[2]) : DEFAULT_SEED;
    long amount = Long.parseLong(size.group(1));
    boolean rows = size.group(2).equals("ROWS");
    long maxBytes = rows ? Long.MAX_VALUE : amount * unit(size.group(2));
    if (file.getParent() != null) {
      Files.createDirectories(file.getParent());
    }
    long started = System.nanoTime();
    long written;
    try (OutputStream to = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      written =
          new GenerateDataset(seed)
              .write(to, file.toString().endsWith(".jsonl"), maxBytes, rows ? amount : Long.MAX_VALUE);
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%s: %,d rows, %.1f MB in %.1f s%n",
        file,
        written,
        Files.size(file) / 1e6,
        seconds);
  }

  private static long unit(String name) {
    return switch (name) {
      case "KB" -> 1L << 10;
      case "MB" -> 1L << 20;
      case "GB" -> 1L << 30;
      default -> 1;
    };
  }

  private long write(OutputStream to, boolean json, long maxBytes, long maxRows) throws IOException {
    long bytes = 0;
    if (!json) {
      out.put(
          utf8(
              "shipment_id,shipped_on,created_at,origin,destination,carrier,weight_kg,price,"
                  + "currency,delivered,note\n"));
      bytes = out.drain(to);
    }
    long row = 0;
    for (; row < maxRows && bytes < maxBytes; row++) {
      if (json) {
        event(row);
      } else {
        shipment(row);
      }
      bytes += out.drain(to);
    }
    return row;
  }

  private void shipment(long row) {
    long moment = moment();
    boolean delivered = random.nextInt(10) < 8;
    out.number(100_000_000 + row).put(',');
    out.put(days[(int) (moment / 86_400)]).put(',');
    moment(moment);
    out.put(',').put(pick(ports)).put(',').put(pick(ports)).put(',').put(skewed(carriers));
    // Heavy ones are rare; some were never weighed.
    out.put(',');
    if (random.nextInt(50) != 0) {
      int grams = 200 + (int) (-Math.log(1 - random.nextDouble()) * 40_000);
      out.decimal(grams, 3);
    }
    out.put(',').decimal(499 + random.nextInt(500_000), 2);
    out.put(',').put(pick(currencies)).put(',').put(delivered ? TRUE : FALSE).put(',');
    if (random.nextInt(4) == 0) {
      out.put(skewed(csvNotes));
    }
    out.put('\n');
  }

  private void event(long row) {
    out.put(EVENT_ID).number(row + 1).put(AT);
    moment(moment());
    out.put(SHIPMENT).number(100_000_000 + random.nextInt(2_000)).put(EVENT).put(pick(events));
    out.put(PORT).put(pick(ports)).put(WEIGHT);
    if (random.nextInt(50) == 0) {
      out.put(NULL);
    } else {
      out.decimal(200 + random.nextInt(90_000), 3);
    }
    out.put(POSITION).decimal(random.nextInt(90_000), 3).put(LON).decimal(random.nextInt(180_000), 3);
    out.put('}');
    if (random.nextInt(4) == 0) {
      out.put(NOTE).put(skewed(jsonNotes));
    }
    out.put('}').put('\n');
  }

  private static final byte[] TRUE = utf8("true");
  private static final byte[] FALSE = utf8("false");
  private static final byte[] NULL = utf8("null");
  private static final byte[] EVENT_ID = utf8("{\"event_id\":");
  private static final byte[] AT = utf8(",\"at\":\"");
  private static final byte[] SHIPMENT = utf8("\",\"shipment_id\":");
  private static final byte[] EVENT = utf8(",\"event\":\"");
  private static final byte[] PORT = utf8("\",\"port\":\"");
  private static final byte[] WEIGHT = utf8("\",\"weight_kg\":");
  private static final byte[] POSITION = utf8(",\"position\":{\"lat\":");
  private static final byte[] LON = utf8(",\"lon\":");
  private static final byte[] NOTE = utf8(",\"note\":");

  /** Seconds after {@link #FIRST_MOMENT}. */
  private long moment() {
    return random.nextLong(DAYS * 86_400L);
  }

  private void moment(long seconds) {
    int ofDay = (int) (seconds % 86_400);
    out.put(days[(int) (seconds / 86_400)]).put('T');
    out.twoDigits(ofDay / 3_600).put(':').twoDigits(ofDay / 60 % 60).put(':');
    out.twoDigits(ofDay % 60).put('Z');
  }

  private byte[] pick(byte[][] from) {
    return from[random.nextInt(from.length)];
  }

  /** The first ones more often than the last. */
  private byte[] skewed(byte[][] from) {
    return from[Math.min(random.nextInt(from.length), random.nextInt(from.length))];
  }

  private static byte[][] bytes(String[] texts) {
    byte[][] bytes = new byte[texts.length][];
    for (int i = 0; i < texts.length; i++) {
      bytes[i] = utf8(texts[i]);
    }
    return bytes;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** One row as bytes, without a String on the way: a String a field would be ten times slower. */
  private static final class Buffer {
    private final byte[] bytes = new byte[4_096];
    private final byte[] digits = new byte[20];
    private int used;

    Buffer put(char ascii) {
      bytes[used++] = (byte) ascii;
      return this;
    }

    Buffer put(byte[] text) {
      System.arraycopy(text, 0, bytes, used, text.length);
      used += text.length;
      return this;
    }

    Buffer number(long value) {
      int at = digits.length;
      do {
        digits[--at] = (byte) ('0' + value % 10);
        value /= 10;
      } while (value > 0);
      System.arraycopy(digits, at, bytes, used, digits.length - at);
      used += digits.length - at;
      return this;
    }

    /** A number of which the last {@code places} digits come after the point. */
    Buffer decimal(long value, int places) {
      int unit = places == 2 ? 100 : 1_000;
      number(value / unit).put('.');
      long rest = value % unit;
      for (int power = unit / 10; power > 0; power /= 10) {
        put((char) ('0' + rest / power % 10));
      }
      return this;
    }

    Buffer twoDigits(int value) {
      return put((char) ('0' + value / 10)).put((char) ('0' + value % 10));
    }

    int drain(OutputStream to) throws IOException {
      int length = used;
      to.write(bytes, 0, length);
      used = 0;
      return length;
    }
  }
}
