package dev.longhaul.job;

/**
 * The id of a job, which is also its task id and operation id.
 *
 * <p>38 characters of Crockford's base 32: 10 for the time of submission in milliseconds (so that
 * ids sort by age), 2 for the shard, 26 random ones (130 bits: an id cannot be guessed, as the
 * tasks extension demands of task ids).
 *
 * @param value the 38 characters, lower case
 */
public record JobId(String value) implements Comparable<JobId> {
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int TIME_CHARS = 10;
  private static final int SHARD_CHARS = 2;
  private static final int RANDOM_CHARS = 26;
  private static final int MAX_SHARD = 1023;
  private static final RandomChars RANDOM = new RandomChars();
  private static final boolean[] KNOWN = new boolean['z' + 1];

  static {
    ALPHABET.chars().forEach(c -> KNOWN[c] = true);
  }

  public JobId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a job id");
    }
  }

  /**
   * Makes a new id.
   *
   * @param epochMillis when the job was submitted
   * @param shard the shard that keeps the job, 0 to 1023
   */
  public static JobId create(long epochMillis, int shard) {
    if (shard < 0 || shard > MAX_SHARD) {
      throw new IllegalArgumentException("shard must be 0 to " + MAX_SHARD + ", not " + shard);
    }
    char[] chars = new char[TIME_CHARS + SHARD_CHARS + RANDOM_CHARS];
    encode(epochMillis, chars, 0, TIME_CHARS);
    encode(shard, chars, TIME_CHARS, SHARD_CHARS);
    RANDOM.fill(chars, TIME_CHARS + SHARD_CHARS);
    return new JobId(new String(chars));
  }

  /** Whether an untrusted text has the form of an id, even if there is no such job. */
  public static boolean isValid(String text) {
    if (text.length() != TIME_CHARS + SHARD_CHARS + RANDOM_CHARS) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= KNOWN.length || !KNOWN[c]) {
        return false;
      }
    }
    return true;
  }

  /** The shard that keeps this job. */
  public int shard() {
    return (int) decode(TIME_CHARS, SHARD_CHARS);
  }

  /** When the job was submitted, in milliseconds since the epoch. */
  public long epochMillis() {
    return decode(0, TIME_CHARS);
  }

  @Override
  public int compareTo(JobId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }

  private static void encode(long number, char[] into, int from, int count) {
    long rest = number;
    for (int i = count - 1; i >= 0; i--) {
      into[from + i] = ALPHABET.charAt((int) (rest & 31));
      rest >>>= 5;
    }
  }

  private long decode(int from, int count) {
    long number = 0;
    for (int i = from; i < from + count; i++) {
      number = (number << 5) | ALPHABET.indexOf(value.charAt(i));
    }
    return number;
  }

  /**
   * Characters from a buffer of random bytes, because a system call for each id costs more than all
   * the rest.
   */
  private static final class RandomChars {
    private final byte[] store = new byte[RANDOM_CHARS * 128];
    private int used = store.length;

    synchronized void fill(char[] into, int from) {
      if (used == store.length) {
        RandomText.fill(store);
        used = 0;
      }
      for (int i = 0; i < RANDOM_CHARS; i++) {
        into[from + i] = ALPHABET.charAt(store[used] & 31);
        store[used++] = 0; // so that the id cannot be read from memory later
      }
    }
  }
}
