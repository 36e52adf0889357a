package dev.longhaul.intake;

/** The intake for a front door that submits calls, holds them open and shows their jobs. */
public interface Intake extends CallIntake, Operations, HeldOperations {}
