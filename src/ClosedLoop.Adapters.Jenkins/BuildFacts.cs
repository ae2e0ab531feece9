using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Jenkins;

/// <summary>Turns a look at a build into facts: the one place where webhook and probe become the same thing.</summary>
/// <remarks>
/// A build is about the commit that it built, and about no other. What that commit contains is in the repository's history: a link to
/// every commit of the change log would count for a change that another commit of the same log took away again.
/// </remarks>
internal sealed class BuildFacts(JenkinsSettings settings)
{
    private static readonly TimeSpan MaxAhead = TimeSpan.FromDays(1);

    /// <summary>The fact of a build's state.</summary>
    /// <param name="reading">What was seen.</param>
    /// <param name="seen">When; stands in for a time that the source did not give or that cannot be.</param>
    /// <param name="diagnostics">Gets what an operator should know.</param>
    public Fact State(BuildReading reading, DateTimeOffset seen, ICollection<string> diagnostics)
    {
        string build = Label(reading);
        var (status, reason, detail) = Judge(reading);
        if (reason == Reason.Unrecognized)
            diagnostics.Add($"{build}: the result {SourceText.Quote(reading.Result ?? "")} is not known and counts as no evidence");
        return Bare(reading, seen, reading.Job.Gate, reading.Stages?.Rank ?? (int)reading.Stage) with
        {
            Status = status,
            Reason = reason,
            Name = reading.Job.Name,
            IsPartial = reading.Job.IsPartial,
            Detail = $"{build} {detail}",
        };
    }

    /// <summary>
    /// The commit of a build that still runs, as a fact of its own, or null: the notification that it has finished often names none,
    /// and would take the commit away from the build until the next look.
    /// </summary>
    public Fact? Built(BuildReading reading, DateTimeOffset seen) =>
        reading is { Stage: BuildStage.Running, Revision: not null, Job.PullRequest: null } && reading.Job.Repository.Length > 0 ? Bare(reading, seen, FactKinds.Link, rank: 0) : null;

    private Fact Bare(BuildReading reading, DateTimeOffset seen, string kind, int rank)
    {
        bool usable = reading.Timestamp is > 0 and <= 253402300799999 && DateTimeOffset.FromUnixTimeMilliseconds(reading.Timestamp.Value) - seen < MaxAhead;
        var attributes = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (reading.Job.Repository.Length > 0) attributes[FactAttributes.Repository] = reading.Job.Repository;
        if (reading.Job.Branch is { } branch) attributes[FactAttributes.Branch] = branch;
        if (!usable) attributes[FactAttributes.Clock] = "clamped";
        return new Fact
        {
            Subject = settings.BuildKey(reading.Job, reading.Number),
            Kind = kind,
            Writer = JenkinsAdapter.Writer,
            Ordinal = new Ordinal(reading.Number, reading.Stage >= BuildStage.Reported ? 1 : 0, rank),
            Revision = reading.Revision,
            OccurredAt = usable ? DateTimeOffset.FromUnixTimeMilliseconds(reading.Timestamp!.Value) + Active(reading) : seen,
            Evidence = Evidence.From(settings.BuildAddress(reading.Job, reading.Number) + "/", Label(reading)),
            Links = Links(reading),
            Attributes = attributes.ToImmutable(),
        };
    }

    private static ImmutableSortedSet<Key> Links(BuildReading reading) =>
        reading.Job.Repository.Length == 0 ? []
        : reading.Job.PullRequest is { } number ? [Key.PullRequest(reading.Job.Repository, number)]
        : reading.Revision is { } revision ? [Key.Commit(reading.Job.Repository, revision)]
        : [];

    // It waits since it last did something; it runs since it began.
    private static TimeSpan Active(BuildReading reading) =>
        reading is { Stage: BuildStage.Running, Stages: { IsPaused: true } stages } ? TimeSpan.FromSeconds(Math.Min(stages.ActiveSeconds, 366L * 86_400)) : TimeSpan.Zero;

    /// <summary>The fact of an item of the queue: no evidence, and why the next build of the job has not started.</summary>
    /// <remarks>It is older than every build of the job, so that it speaks only for commits of which no build is known.</remarks>
    public Fact Queued(QueueReading queued, IEnumerable<Key> commits, DateTimeOffset seen)
    {
        bool usable = queued.Since is > 0 and <= 253402300799999 && DateTimeOffset.FromUnixTimeMilliseconds(queued.Since.Value) - seen < MaxAhead;
        var attributes = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (queued.Job.Repository.Length > 0) attributes[FactAttributes.Repository] = queued.Job.Repository;
        if (!usable) attributes[FactAttributes.Clock] = "clamped";
        var key = settings.QueueKey(queued.Id);
        return new Fact
        {
            Subject = key,
            Kind = queued.Job.Gate,
            Writer = JenkinsAdapter.Writer,
            Ordinal = new Ordinal(0, queued.Id, (int)queued.State),
            OccurredAt = usable ? DateTimeOffset.FromUnixTimeMilliseconds(queued.Since!.Value) : seen,
            Status = GateStatus.Waiting,
            Reason = queued.State == QueueState.Cancelled ? Reason.Cancelled : Reason.None,
            Name = queued.Job.Name,
            IsPartial = queued.Job.IsPartial,
            Detail = $"{queued.Job.Name}: {queued.Detail}",
            Evidence = Evidence.From(key.Value + "/", $"queue item {queued.Id}"),
            Links = [.. commits],
            Attributes = attributes.ToImmutable(),
        };
    }

    private static string Label(BuildReading reading) => $"{reading.Job.Name} #{reading.Number}";

    private (GateStatus Status, Reason Reason, string Detail) Judge(BuildReading reading) => reading.Stage switch
    {
        BuildStage.Queued => (GateStatus.Waiting, Reason.None, "is queued"),
        BuildStage.Running when reading.Stages is { IsPaused: true } stages =>
            (GateStatus.Running, Reason.AwaitingApproval, stages.Stage is { } stage ? $"waits for a person's input in stage {SourceText.Quote(stage)}" : "waits for a person's input"),
        BuildStage.Running => (GateStatus.Running, Reason.None, "is running"),
        _ when reading.IsReplay && !settings.CountsReplays => (GateStatus.Waiting, Reason.Inconclusive, "was replayed, perhaps with another script, which decides nothing here"),
        _ => reading.Result switch
        {
            "SUCCESS" => (GateStatus.Passed, Reason.None, "succeeded"),
            "FAILURE" => (GateStatus.Failed, Reason.None, "failed"),
            "UNSTABLE" => settings.UnstableMeans switch
            {
                UnstableMeans.Passed => (GateStatus.Passed, Reason.None, "is unstable, which counts as passed here"),
                UnstableMeans.Inconclusive => (GateStatus.Waiting, Reason.Inconclusive, "is unstable, which decides nothing here"),
                _ => (GateStatus.Failed, Reason.None, "is unstable"),
            },
            "ABORTED" => (GateStatus.Waiting, Reason.Cancelled, "was aborted"),
            "NOT_BUILT" => (GateStatus.Waiting, Reason.Cancelled, "was not built"),
            _ => (GateStatus.Waiting, Reason.Unrecognized, "ended with a result that is not known"),
        },
    };
}
