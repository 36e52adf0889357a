/** The tools, resources and prompts of upstreams: their names, policies, discovery and storage. */
@NullMarked
package dev.longhaul.gateway.catalog;

import org.jspecify.annotations.NullMarked;
