using System.Diagnostics;

namespace ClosedLoop.Diagnostics;

/// <summary>The library's activities, of the source <c>ClosedLoop</c>: its own work as it happens, and items' ways through their gates afterwards.</summary>
internal static class LoopActivities
{
    public const string SourceName = "ClosedLoop";

    public static ActivitySource Source { get; } = new(SourceName);

    /// <summary>A delivery that a source sent.</summary>
    public static Activity? Webhook(string source) => Source.StartActivity("webhook " + source)?.SetTag("closedloop.source", source);

    /// <summary>One round of reading a source.</summary>
    public static Activity? Probe(string source, int looks) => Source.StartActivity("probe " + source, ActivityKind.Client)?.SetTag("closedloop.source", source).SetTag("closedloop.looks", looks);

    /// <summary>One batch on its way into the store. It holds the work of many callers, so it belongs to the trace of none. Call it in the asynchronous method that commits.</summary>
    public static Activity? Commit(int submissions)
    {
        if (!Source.HasListeners()) return null;
        Activity.Current = null;
        return Source.StartActivity("commit")?.SetTag("closedloop.submissions", submissions);
    }
}
