using System.Text.Json;

namespace ClosedLoop.Adapters.SourceHosts;

/// <summary>An answer of a host's API.</summary>
/// <param name="Kind">How it went.</param>
/// <param name="Root">What it answered; undefined unless it was found.</param>
internal readonly record struct HostAnswer(SourceAnswerKind Kind, JsonElement Root)
{
    public bool IsFound => Kind == SourceAnswerKind.Found;

    /// <summary>Whether there are further pages.</summary>
    public bool HasNext { get; init; }

    /// <summary>The answer is not older than this, by the host's clock; null when it does not say.</summary>
    public DateTimeOffset? AsOf { get; init; }

    public string? Detail { get; init; }
}
