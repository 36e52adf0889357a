package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters a request is about ({@code dead-letters-replay.json}, {@code
 * dead-letters-drop.json}): some by their ids, or a page of those of a tool.
 *
 * @param ids not empty unless there is a tool
 * @param cursor where the page begins, or null for the first
 */
record DeadLetterBatch(
    @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> ids,
    @Nullable String tool,
    @Nullable String cursor) {}
