package dev.longhaul.builtin.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the rows of JSON lines, one object per line. The members of an object within it become
 * separate columns, named {@code outer.inner}; arrays and deeper objects are values of type json.
 */
final class JsonRows implements RowReader {
  private static final char[] NOTHING = new char[0];

  private final Table table;
  private final Lines lines;
  private final InputStream in;
  private final JsonFactory json = new JsonFactory();
  private final RowBuffer row;
  private final Names top = new Names("");

  JsonRows(Table table, InputStream in) {
    this.table = table;
    this.in = in;
    this.lines = new Lines(in, table.limits().maxRowSize());
    this.row = new RowBuffer(table.limits().maxRowSize());
  }

  @Override
  public boolean next() throws IOException {
    if (!lines.next()) {
      return false;
    }
    if (lines.tooLong()) {
      table.malformed(lines.number(), "is longer than " + table.limits().maxRowSize() + " bytes");
    } else if (!blank()) {
      read();
    }
    return true;
  }

  private boolean blank() {
    for (int i = 0; i < lines.length(); i++) {
      if (lines.buffer()[lines.start() + i] > ' ' || lines.buffer()[lines.start() + i] < 0) {
        return false;
      }
    }
    return true;
  }

  private void read() {
    row.clear();
    try (JsonParser parser =
        json.createParser(
            ObjectReadContext.empty(), lines.buffer(), lines.start(), lines.length())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        table.malformed(lines.number(), "is not a JSON object");
        return;
      }
      readObject(parser, top, true);
      if (parser.nextToken() != null) {
        table.malformed(lines.number(), "has more after its JSON object");
      } else if (row.overflow()) {
        table.malformed(lines.number(), "is too long");
      } else {
        table.commit(row);
      }
    } catch (JacksonException e) {
      // The exception's message is not used: it quotes the data and may be very long.
      table.malformed(lines.number(), "is not valid JSON");
    }
  }

  private void readObject(JsonParser parser, Names names, boolean flatten) {
    String name;
    while ((name = parser.nextName()) != null) {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.START_OBJECT && flatten) {
        readObject(parser, names.inside(name), false);
      } else {
        Column column = names.column(name);
        if (column == null) {
          parser.skipChildren();
        } else {
          readValue(parser, token, column);
        }
      }
    }
  }

  private void readValue(JsonParser parser, @Nullable JsonToken token, Column column) {
    switch (token) {
      case VALUE_STRING -> addText(parser, column, Column.Origin.STRING);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> addText(parser, column, Column.Origin.NUMBER);
      case VALUE_TRUE, VALUE_FALSE -> addText(parser, column, Column.Origin.BOOLEAN);
      case VALUE_NULL -> row.add(column, Column.Origin.NULL, NOTHING, 0, 0);
      case START_OBJECT, START_ARRAY -> addRaw(parser, column);
      case null, default -> throw new IllegalStateException("A value cannot begin with " + token);
    }
  }

  private void addText(JsonParser parser, Column column, Column.Origin origin) {
    row.add(
        column,
        origin,
        parser.getStringCharacters(),
        parser.getStringOffset(),
        parser.getStringLength());
  }

  // The raw text: two values are equal if their texts are.
  private void addRaw(JsonParser parser, Column column) {
    int from = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    int to = (int) parser.currentLocation().getByteOffset();
    char[] text =
        new String(lines.buffer(), lines.start() + from, to - from, StandardCharsets.UTF_8)
            .toCharArray();
    row.add(column, Column.Origin.JSON, text, 0, text.length);
  }

  @Override
  public boolean complete() {
    return true;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** The columns of one nesting level, by property name. */
  private final class Names {
    private final String prefix;
    private final Map<String, Column> columns = new HashMap<>();
    private final Map<String, Names> inner = new HashMap<>();

    Names(String prefix) {
      this.prefix = prefix;
    }

    @Nullable Column column(String name) {
      Column column = columns.get(name);
      if (column == null) {
        column = table.addColumn(prefix + name);
        if (column != null) {
          columns.put(name, column);
        }
      }
      return column;
    }

    // Limited like the columns, so that keys that never repeat do not fill the memory.
    Names inside(String name) {
      Names names = inner.get(name);
      if (names == null) {
        names = new Names(prefix + name + ".");
        if (inner.size() < table.limits().maxColumns()) {
          inner.put(name, names);
        }
      }
      return names;
    }
  }
}
