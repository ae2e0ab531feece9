using System.Collections.Immutable;
using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Adapters;

/// <summary>What a probe brought.</summary>
public sealed record ProbeResult
{
    /// <summary>How it went.</summary>
    public ProbeOutcome Outcome { get; init; }

    /// <summary>The facts it read; those read before a failure are kept.</summary>
    public ImmutableArray<Fact> Facts { get; init; } = [];

    /// <summary>Commits with their parents, for the lines' history.</summary>
    public ImmutableArray<CommitNode> History { get; init; } = [];

    /// <summary>When to look again at the earliest, as the source's rate limit or cache headers say; null leaves it to the poll interval.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>What happened, when it was not reached.</summary>
    public string? Detail { get; init; }

    /// <summary>Requests left in the source's current rate window, when it says so.</summary>
    public int? RemainingRequests { get; init; }

    /// <summary>What it took of the source's budget, failed requests included; an answer of "not modified" is free where the source says so. Null counts as one.</summary>
    public int? Calls { get; init; }

    /// <summary>
    /// How far a sweep got that had to stop before its end: every change up to this instant was read, so that the next one begins here. Null: it
    /// begins where this one did.
    /// </summary>
    public DateTimeOffset? SweptUntil { get; init; }

    /// <summary>Things that an operator should know.</summary>
    public ImmutableArray<string> Diagnostics { get; init; } = [];

    /// <summary>The source answered.</summary>
    public static ProbeResult Reached(IEnumerable<Fact> facts) => new() { Facts = [.. facts] };

    /// <summary>The source could not be reached.</summary>
    public static ProbeResult Unreachable(string detail, IEnumerable<Fact>? facts = null) =>
        new() { Outcome = ProbeOutcome.Unreachable, Detail = detail, Facts = facts is null ? [] : [.. facts] };
}
