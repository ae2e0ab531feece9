using System.Collections.Immutable;

namespace ClosedLoop.Adapters.Jenkins;

/// <summary>What a webhook's body says: a build and what was seen of it, or why there is none.</summary>
internal sealed record ReportedBuild(string Event)
{
    public JobRule? Job { get; init; }

    public long Number { get; init; }

    /// <summary>The item of the queue that it is about, when it is about one instead of a build.</summary>
    public long? QueueItem { get; init; }

    /// <summary>What it says of the build; null when it says only that there is something to read.</summary>
    public BuildReading? Reading { get; init; }

    public string? Malformed { get; init; }

    public string? Ignored { get; init; }

    public ImmutableArray<string> Diagnostics { get; init; } = [];
}
