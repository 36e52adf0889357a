package dev.longhaul.mcp.legacy;

/** The stores of the earlier revisions, shared by all processes. */
public record LegacyStores(
    EventLog events,
    PushStreams pushStreams,
    Subscriptions subscriptions,
    QuestionStore questions,
    TaskTokens tokens,
    LeaseStore leases,
    SignalChannel signals) {}
