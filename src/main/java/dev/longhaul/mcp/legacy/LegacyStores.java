package dev.longhaul.mcp.legacy;

/** What the earlier revisions keep where every process can reach it. */
public record LegacyStores(
    EventLog events,
    PushStreams pushStreams,
    Subscriptions subscriptions,
    QuestionStore questions,
    TaskTokens tokens,
    HolderLeases holders,
    SignalChannel signals) {}
