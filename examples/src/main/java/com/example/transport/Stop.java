package com.example.transport;

/**
 * A place on the map.
 *
 * @param name what it is called
 * @param x kilometres to the east
 * @param y kilometres to the north
 */
public record Stop(String name, double x, double y) {
  double distanceTo(Stop other) {
    return Math.hypot(x - other.x, y - other.y);
  }
}
