using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Observations;

/// <summary>One check run or commit status as part of a rollup.</summary>
internal sealed record RollupPart
{
    public required string Name { get; init; }

    /// <summary>What a re-run has in common with the run that it replaces.</summary>
    public required string Series { get; init; }

    public required RunVerdict Verdict { get; init; }

    public required RollupBucket Bucket { get; init; }

    /// <summary>Orders the runs of one series. One that has not started is newer than any that has.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    public long Id { get; init; }

    /// <summary>The suite that a check run is in; null where that was not told.</summary>
    public long? Suite { get; init; }

    /// <summary>Whether the branch's rules ask for it; null when that was not asked.</summary>
    public bool? IsRequired { get; init; }

    /// <summary>What it said, when this version does not know it.</summary>
    public string? Unknown { get; init; }

    public static RollupPart Of(CheckSeen check)
    {
        var verdict = RunVerdict.OfCheck(check.Status, check.Conclusion);
        return new RollupPart
        {
            Name = check.Name,
            // Two apps that use one name are two checks: the pass of one must not hide the failure of the other.
            Series = $"run\n{check.Name}\n{check.Workflow}\n{check.Trigger}\n{check.App}",
            Verdict = verdict,
            Bucket = BucketOf(verdict, check.Conclusion),
            StartedAt = check.StartedAt ?? (check.Status == "completed" ? check.CompletedAt ?? DateTimeOffset.MinValue : DateTimeOffset.MaxValue),
            Id = check.Id,
            Suite = check.Suite,
            IsRequired = check.IsRequired,
            Unknown = verdict.Reason == Reason.Unrecognized ? check.Status == "completed" ? check.Conclusion : check.Status : null,
        };
    }

    public static RollupPart Of(CommitStatusSeen status)
    {
        var verdict = RunVerdict.OfStatus(status.State);
        return new RollupPart
        {
            Name = status.Context,
            Series = $"status\n{status.Context}",
            Verdict = verdict,
            Bucket = BucketOf(verdict, null),
            StartedAt = status.CreatedAt,
            IsRequired = status.IsRequired,
            Unknown = verdict.Reason == Reason.Unrecognized ? status.State : null,
        };
    }

    private static RollupBucket BucketOf(RunVerdict verdict, string? conclusion) => verdict switch
    {
        { Status: GateStatus.Passed } => RollupBucket.Pass,
        { Status: GateStatus.Failed } => RollupBucket.Fail,
        { Reason: Reason.Cancelled } => RollupBucket.Cancelled,
        { Reason: Reason.Skipped } => RollupBucket.Skipped,
        { Reason: Reason.Inconclusive } when conclusion == "neutral" => RollupBucket.Skipped,
        _ => RollupBucket.Pending,
    };
}
