package dev.longhaul.intake;

/**
 * The way in, for a front door that submits calls, holds them open and shows what became of them.
 */
public interface Intake extends CallIntake, Operations, HeldOperations {}
