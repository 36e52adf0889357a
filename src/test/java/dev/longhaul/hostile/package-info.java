/**
 * The hostile suite: each attack on Longhaul that once worked, and kin of it, against the
 * application as a process of its own with a small heap. {@code make hostile} runs it, and {@code
 * .ci/run} does; plain {@code ./mvnw verify} does not, because the names end in {@code Attack}.
 *
 * <p>To add an attack: a class {@code …Attack} with {@link dev.longhaul.hostile.Hostile}, whose
 * methods take a {@link dev.longhaul.hostile.Target}. It attacks and asserts what is particular to
 * it. That the server still answers its health, a session's beginning and a call afterwards, and
 * has logged no {@code OutOfMemoryError} and no {@code StackOverflowError}, is asserted for every
 * attack after it. Classes with the same heap and settings share one process, so prefer the
 * defaults, and leave nothing behind that runs for long. A tool that no built-in one can stand for
 * goes into an auto-configuration, which {@code Hostile.tools} names. The whole suite should end
 * within five minutes on two processors.
 */
@NullMarked
package dev.longhaul.hostile;

import org.jspecify.annotations.NullMarked;
