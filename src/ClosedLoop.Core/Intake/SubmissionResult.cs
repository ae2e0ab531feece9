using ClosedLoop.Storage;

namespace ClosedLoop.Intake;

/// <summary>The result of a submission.</summary>
public sealed record SubmissionResult
{
    /// <summary>What became of it.</summary>
    public required SubmissionOutcome Outcome { get; init; }

    /// <summary>The ids of the items whose state changed.</summary>
    public IReadOnlyList<string> ChangedItems { get; init; } = [];

    /// <summary>Why facts of it were refused, one sentence each.</summary>
    public IReadOnlyList<string> Refusals { get; init; } = [];

    /// <summary>How many of its facts are new to the record.</summary>
    public int NewFacts { get; init; }

    /// <summary>What happened, for outcomes other than committed.</summary>
    public string? Detail { get; init; }

    internal static SubmissionResult DuplicateOf(DeliveryId delivery) => new() { Outcome = SubmissionOutcome.Duplicate, Detail = $"delivery {delivery.Id} was taken before" };
}
