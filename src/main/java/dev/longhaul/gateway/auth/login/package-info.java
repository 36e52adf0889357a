/**
 * Logins of a person for upstreams (MCP, basic/authorization): OAuth 2.1 with an authorization
 * code. A login is made by a command and used by all processes.
 */
@NamedInterface("login")
@NullMarked
package dev.longhaul.gateway.auth.login;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
