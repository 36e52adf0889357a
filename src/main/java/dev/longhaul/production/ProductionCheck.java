package dev.longhaul.production;

import java.util.List;

/**
 * Checks of one subject, as a bean. It only looks: it starts nothing and changes nothing. A host
 * application may bring its own.
 */
public interface ProductionCheck {
  /** What there is to say now; also that all is well. */
  List<Finding> findings();
}
