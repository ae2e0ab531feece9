using System.Text.Json;

namespace ClosedLoop.Adapters.Jenkins;

/// <summary>What one look at an item of Jenkins' queue showed.</summary>
internal sealed record QueueReading
{
    /// <summary>The fields that are asked for.</summary>
    public const string Tree = "id,why,blocked,buildable,stuck,cancelled,inQueueSince,task[url],executable[number,url]";

    private const int MaxWhyLength = 200;

    public required JobRule Job { get; init; }

    public required long Id { get; init; }

    public required QueueState State { get; init; }

    /// <summary>What Jenkins says that it waits for, made fit for a message.</summary>
    public string? Why { get; init; }

    /// <summary>Since when, in Unix milliseconds by Jenkins' clock.</summary>
    public long? Since { get; init; }

    /// <summary>The build that came of it.</summary>
    public long? Build { get; init; }

    public string Detail => State switch
    {
        QueueState.Cancelled => "the next build was cancelled in Jenkins' queue",
        QueueState.Left when Build is { } number => $"left Jenkins' queue as #{number}",
        QueueState.Left => "left Jenkins' queue",
        QueueState.Stuck => $"the next build is stuck in Jenkins' queue{Reason}",
        _ => $"the next build waits in Jenkins' queue{Reason}",
    };

    private string Reason => Why is null ? "" : ": " + Why;

    /// <summary>Reads an item of a known job, or null when it has no id.</summary>
    public static QueueReading? Read(JsonElement item, JobRule job)
    {
        if (item.Number("id") is not { } id || id <= 0) return null;
        long? build = item.Member("executable")?.Number("number") is { } number and > 0 ? number : null;
        return new QueueReading
        {
            Job = job,
            Id = id,
            Since = item.Number("inQueueSince"),
            Build = build,
            Why = Shown(item.Text("why")),
            State = item.Flag("cancelled") == true ? QueueState.Cancelled
                : build is not null || item.Text("_class")?.EndsWith("LeftItem", StringComparison.Ordinal) == true ? QueueState.Left
                : item.Flag("stuck") == true ? QueueState.Stuck
                : item.Flag("buildable") == true ? QueueState.Buildable
                : item.Flag("blocked") == true ? QueueState.Blocked
                : QueueState.Waiting,
        };
    }

    // The estimate changes with every look, and with it the fact would.
    private static string? Shown(string? why)
    {
        if (why is null) return null;
        int estimate = why.IndexOf(" (ETA:", StringComparison.Ordinal);
        string text = estimate >= 0 ? why[..estimate] : why;
        return text.Length is 0 or > MaxWhyLength ? null : string.Concat(text.Select(static c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
    }
}
